"""Reload, stop and restart in mid-answer: nothing is lost and nothing is doubled."""

from __future__ import annotations

import asyncio
import time
import uuid
from pathlib import Path

import pytest

from agent.desk import Desk
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import (
    Served,
    browser,
    events_of,
    made_static,
    serving_console,
    text_of,
)

pytestmark = pytest.mark.stack


async def test_a_run_goes_on_without_its_reader_and_can_be_read_again(
    slow: Served, conversation: str
) -> None:
    """Reload in mid-answer: nothing is lost, nothing is doubled, whoever reads, however often."""
    run_id, runs = uuid.uuid4().hex, f"/api/conversations/{conversation}/runs"
    async with browser(slow.url, "sam") as sam, asyncio.timeout(30):
        seen = ""
        async with sam.asking(conversation, "Talk.", run_id) as stream:
            async for piece in stream.aiter_text():
                seen += piece
                if seen.count("TEXT_MESSAGE_CONTENT") > 3:
                    break
        loaded = await sam.conversation(conversation)
        listed = (await sam.get("/api/conversations")).json()["conversations"]
        busy = await sam.ask(conversation, "Another?")
        had = events_of(seen.rpartition("\n\n")[0] + "\n\n")
        rest = events_of((await sam.get(f"{runs}/{run_id}/events?after={len(had)}")).text)
        whole = events_of((await sam.ask(conversation, "Talk.", run_id=run_id)).text)
        turns = (await sam.conversation(conversation))["turns"]
    assert loaded["run"]["run_id"] == run_id
    assert (loaded["run"]["question"], loaded["title"], loaded["turns"]) == ("Talk.", "Talk.", [])
    line = next(line for line in listed if line["id"] == conversation)
    assert (line["answering"], line["title"]) == (True, "Talk.")
    assert (busy.status_code, busy.json()["error"]["code"]) == (409, "conversation_busy")
    assert had + rest == whole
    assert whole[-1]["type"] == "RUN_FINISHED"
    assert [turn["question"] for turn in turns] == ["Talk."]


async def test_stop_keeps_what_was_said_and_the_next_question_is_taken(
    stalled: Served, conversation: str
) -> None:
    """Within a fifth of a second, marked as stopped in stream and store."""
    run_id, runs = uuid.uuid4().hex, f"/api/conversations/{conversation}/runs"
    async with browser(stalled.url, "sam") as sam, asyncio.timeout(30):
        seen = ""
        async with sam.asking(conversation, "Talk.", run_id) as stream:
            async for piece in stream.aiter_text():
                if "TEXT_MESSAGE_CONTENT" in piece and "RUN_FINISHED" not in seen:
                    begun = time.monotonic()
                    stopped = await sam.change("POST", f"{runs}/{run_id}/stop")
                seen += piece
        seconds = time.monotonic() - begun
        after = events_of((await sam.ask(conversation, "And now?")).text)
        turns = (await sam.conversation(conversation))["turns"]
    last = events_of(seen)[-1]
    assert stopped.status_code == 204
    assert (last["type"], last["outcome"]["type"]) == ("RUN_FINISHED", "cancelled")
    assert last["result"]["answer"] == text_of(events_of(seen)).strip() != ""
    assert [(turn["stopped"], turn["answer"]["answer"]) for turn in turns] == [
        (True, last["result"]["answer"]),
        (False, "Here."),
    ]
    assert after[-1]["result"]["answer"] == "Here."
    assert seconds < 1, "far above what it takes, for a busy machine"


async def test_a_restart_in_mid_answer_keeps_what_was_said_and_who_is_signed_in(
    local_stack: LocalStack,
    scripted_desk: Desk,
    stalled: Served,
    conversation: str,
    tmp_path: Path,
) -> None:
    """The run is forgotten, the conversation is not."""
    run_id = uuid.uuid4().hex
    port = int(stalled.url.rpartition(":")[2])
    issuer = local_stack.environment["DESKHAND_ISSUER_URL"]
    async with browser(stalled.url, "sam") as sam, asyncio.timeout(30):
        seen = ""
        async with sam.asking(conversation, "Talk.", run_id) as stream:
            async for piece in stream.aiter_text():
                if "TEXT_MESSAGE_CONTENT" in piece and not seen:
                    stalled.server.should_exit = True
                    seen = piece
        await stalled.end()
        static = made_static(tmp_path / "static")
        async with serving_console(scripted_desk, issuer, static, port=port):
            path = f"/api/conversations/{conversation}/runs/{run_id}/events"
            forgotten = await sam.get(path)
            [turn] = (await sam.conversation(conversation))["turns"]
            last = events_of((await sam.ask(conversation, "And now?")).text)[-1]
    assert (forgotten.status_code, forgotten.json()["error"]["code"]) == (404, "not_found")
    assert turn["stopped"]
    assert turn["answer"]["answer"]
    assert last["result"]["answer"] == "Here."
