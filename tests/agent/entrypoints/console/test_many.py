"""Many reps and long conversations, on the real local stack."""

from __future__ import annotations

import asyncio
import time
import uuid
from pathlib import Path

import httpx
import pytest

from agent import Settings, open_desk
from agent.entrypoints.console.application import ConsoleLimits
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import (
    RepBrowser,
    browser,
    events_of,
    made_static,
    serving_console,
    text_of,
)

pytestmark = [pytest.mark.stack, pytest.mark.soak, pytest.mark.timeout(600)]

LIMITS = ConsoleLimits(runs_per_minute=10_000, calls_per_second=10_000)
REPS = 200


async def test_two_hundred_answers_at_once_are_all_whole(
    local_stack: LocalStack, tmp_path: Path
) -> None:
    """Each question gets its own answer, and the page of each can be loaded again."""
    settings = Settings.from_environment(local_stack.environment)
    settings = settings.model_copy(update={"max_streams": 256})
    names = {"CUST001": "John", "CUST002": "Jane", "CUST003": "Bob", "CUST004": "Alice"}
    asked = [list(names)[number % 4] for number in range(REPS)]
    async with (
        open_desk(settings) as desk,
        serving_console(
            desk, settings.issuer_url or "", made_static(tmp_path / "static"), limits=LIMITS
        ) as served,
        browser(served.url, "sam") as sam,
        httpx.AsyncClient(
            trust_env=False,
            timeout=300,
            cookies=sam.http.cookies,
            limits=httpx.Limits(max_connections=REPS),
        ) as http,
    ):
        many = RepBrowser(http, served.url, sam.me)
        begun = time.monotonic()
        answers = await asyncio.gather(
            *(many.ask(str(uuid.uuid4()), f"Who is {customer_id}?") for customer_id in asked)
        )
        seconds = time.monotonic() - begun
    print(f"{REPS} answers in {seconds:.1f} s")  # noqa: T201  # the figure of this test
    for customer_id, answer in zip(asked, answers, strict=True):
        events = events_of(answer.text)
        assert events[-1]["type"] == "RUN_FINISHED", events[-1]
        assert names[customer_id] in text_of(events)
        assert text_of(events).strip() == events[-1]["result"]["answer"]


async def test_a_conversation_of_two_hundred_turns_is_read_at_once(
    local_stack: LocalStack, tmp_path: Path
) -> None:
    """All turns with all their calls, in less than a second."""
    settings, conversation = Settings.from_environment(local_stack.environment), str(uuid.uuid4())
    async with (
        open_desk(settings) as desk,
        serving_console(
            desk, settings.issuer_url or "", made_static(tmp_path / "static"), limits=LIMITS
        ) as served,
        browser(served.url, "sam") as sam,
    ):
        for _ in range(200):
            await sam.ask(conversation, "Give me everything on CUST002")
        begun = time.monotonic()
        loaded = await sam.get(f"/api/conversations/{conversation}")
        seconds = time.monotonic() - begun
    size = len(loaded.content)
    print(f"200 turns, {size:,} bytes, in {seconds:.2f} s")  # noqa: T201  # the figure of this test
    assert len(loaded.json()["turns"]) == 200
    assert seconds < 1
