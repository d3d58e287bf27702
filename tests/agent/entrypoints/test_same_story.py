"""One story by every way in: terminal, browser console, runtime contract, and a deployed desk."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from agent import Settings, open_desk
from agent.entrypoints.issuer import Flow
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import (
    Served,
    browser,
    events_of,
    form_of,
    made_static,
    serving_console,
)
from tests.agent.entrypoints.served import frames_of

pytestmark = pytest.mark.stack

ROOT = Path(__file__).parents[3]
SECONDS = 60
CLIENT = "deskhand-console"
STORY = (
    "Who is customer CUST003, and which orders does he have?",
    "Is his laptop still under warranty?",
    "What about CUST002, what tier is she?",
)
Told = list[tuple[str, str, tuple[tuple[str, str], ...]]]


@pytest.fixture
async def served(local_stack: LocalStack, tmp_path: Path) -> AsyncIterator[Served]:
    """A console over a real desk on the local stack."""
    settings = Settings.from_environment(local_stack.environment)
    async with (
        open_desk(settings) as desk,
        serving_console(desk, settings.issuer_url or "", made_static(tmp_path / "static")) as at,
    ):
        yield at


def told(answers: list[dict[str, Any]]) -> Told:
    """What a rep learns of each answer: text, outcome, and which tools were asked."""
    return [
        (
            answer["answer"],
            answer["outcome"],
            tuple(sorted((call["system"], call["tool"]) for call in answer["tool_calls"])),
        )
        for answer in answers
    ]


async def deskhand(*arguments: str, environment: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Exit code and document of a command that prints one."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "agent.entrypoints.cli", *arguments, "--json"],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    ran = await asyncio.to_thread(run)
    document: dict[str, Any] = json.loads(ran.stdout)
    return ran.returncode, document


@asynccontextmanager
async def runtime(stack: LocalStack) -> AsyncIterator[str]:
    """``./deskhand serve`` that wants tokens, as a process; its invocation address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "agent.entrypoints.cli", "serve", "--port", "0"),
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            **stack.environment,
            "DESKHAND_REP_CLIENT_ID": CLIENT,
        },
        cwd="/",
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        async with asyncio.timeout(SECONDS):
            line = (await process.stderr.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        yield f"{found[0]}/invocations"
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), SECONDS)


async def token_of(stack: LocalStack, rep: str) -> str:
    """The access token of a rep who has signed in at the stack's issuer."""
    issuer, flow = stack.environment["DESKHAND_ISSUER_URL"], Flow.new()
    back = "http://localhost:8400/signed-in"
    asked = {
        **{"response_type": "code", "client_id": CLIENT, "redirect_uri": back, "scope": "openid"},
        **{"state": flow.state, "nonce": flow.nonce},
        **{"code_challenge": flow.challenge, "code_challenge_method": "S256"},
    }
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        page = await http.get(f"{issuer}/oauth2/authorize", params=asked)
        sent = await http.post(f"{issuer}/oauth2/authorize", data=form_of(page, rep))
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        form = {
            **{"grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": back},
            **{"code": code, "code_verifier": flow.verifier},
        }
        tokens = (await http.post(f"{issuer}/oauth2/token", data=form)).json()
    return str(tokens["access_token"])


async def invoke(
    url: str, token: str, conversation: str, text: str, *, stream: bool = False
) -> httpx.Response:
    """A request as any program makes it."""
    headers = {
        "Authorization": f"Bearer {token}",
        "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": conversation,
        **({"Accept": "text/event-stream"} if stream else {}),
    }
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as http:
        return await http.post(url, json={"prompt": text}, headers=headers)


async def test_every_way_in_tells_the_same_story(local_stack: LocalStack, served: Served) -> None:
    """The same words, outcomes and tools; the program between rep and desk adds nothing."""
    environment = local_stack.environment
    one, two, three, four = (str(uuid.uuid4()) for _ in range(4))
    terminal = [
        (await deskhand("ask", text, "--conversation", one, environment=environment))[1]
        for text in STORY
    ]
    async with browser(served.url, "sam") as sam:
        console = [events_of((await sam.ask(two, text)).text)[-1]["result"] for text in STORY]
    token = await token_of(local_stack, "sam")
    async with runtime(local_stack) as url:
        contract = [
            frames_of((await invoke(url, token, three, text, stream=True)).text)[-1]["result"]
            for text in STORY
        ]
        there = {"DESKHAND_ENDPOINT_URL": url, "DESKHAND_REP_TOKEN": token}
        ask = ("ask", "--stack", "aws", "--conversation", four)
        deployed = [(await deskhand(*ask, text, environment=there))[1] for text in STORY]
    stories = [told(answers) for answers in (terminal, console, contract, deployed)]
    assert stories == [stories[0]] * 4
    assert [outcome for _, outcome, _ in stories[0]] == ["answered"] * 3
    assert "Bob Johnson" in stories[0][0][0]


async def test_a_conversation_is_its_rep_s_by_every_way_in(
    local_stack: LocalStack, served: Served
) -> None:
    """Another rep gets 404 as JSON, as a stream and at the terminal; the rep finds it himself."""
    conversation = str(uuid.uuid4())
    sam, kim = [await token_of(local_stack, rep) for rep in ("sam", "kim")]
    async with runtime(local_stack) as url:
        begun = await invoke(url, sam, conversation, STORY[0])
        refused = [
            await invoke(url, kim, conversation, "And his orders?", stream=stream)
            for stream in (False, True)
        ]
        unknown = await invoke(url, "abc.def.ghi", conversation, "And his orders?")
        there = {"DESKHAND_ENDPOINT_URL": url, "DESKHAND_REP_TOKEN": kim}
        ask = ("ask", "--stack", "aws", "And his orders?", "--conversation", conversation)
        at_terminal = await deskhand(*ask, environment=there)
        gone = await deskhand(*ask, environment={**there, "DESKHAND_REP_TOKEN": "a.b.c"})
    async with browser(served.url, "sam") as browsing:
        turns = (await browsing.conversation(conversation))["turns"]
    assert begun.status_code == 200
    assert [answer.status_code for answer in refused] == [404, 404]
    assert {answer.json()["error"]["code"] for answer in refused} == {"conversation_not_found"}
    assert unknown.status_code == 401
    assert (at_terminal[0], at_terminal[1]["error"]["code"]) == (1, "conversation_not_found")
    assert (gone[0], gone[1]["error"]["code"]) == (2, "token_refused")
    assert [turn["question"] for turn in turns] == [STORY[0]]


@pytest.mark.parametrize(
    ("given", "arguments", "words"),
    [
        ({}, (), "DESKHAND_REP_TOKEN: is not set"),
        ({"DESKHAND_REP_TOKEN": "a.b.c"}, ("--conversation", "short"), "33 characters or more"),
    ],
    ids=["no-token", "short-id"],
)
async def test_a_deployed_desk_is_not_asked_without_what_it_needs(
    given: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 2 and what to do, before anything is sent."""
    environment = {"DESKHAND_ENDPOINT_URL": "https://desk.example/invocations", **given}
    code, said = await deskhand(
        "ask", "--stack", "aws", "Who?", *arguments, environment=environment
    )
    assert code == 2
    assert words in said["error"]["message"]
