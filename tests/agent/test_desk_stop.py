"""Stopping a turn: what was said is kept and marked, and the conversation goes on."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from agent import Answered, TextDelta, ToolFinished, ToolStarted, TurnEvent
from agent.desk import Desk
from deploy.local.bedrock.script import ScriptedReply, Step, say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import (
    ANSWER,
    BOB,
    FIND,
    MemoryConversations,
    answer_of,
    events_of,
    fake_tool,
    new_desk,
    question,
    shown,
)

TALK = ScriptedReply([{"text": "Slow words of a long answer. " * 20}])
STALL = Step(fault="stall", reply=TALK, after=4, seconds=30)


async def stopped_at(desk: Desk, kind: type[TurnEvent] | None) -> list[TurnEvent]:
    """The events of a turn that is stopped at the first event of that kind, or before it begins."""
    stop, events = asyncio.Event(), list[TurnEvent]()
    if kind is None:
        stop.set()
    async with asyncio.timeout(10), aclosing(desk.ask(question(), stop=stop)) as told:
        async for event in told:
            events.append(event)
            if kind is not None and isinstance(event, kind):
                stop.set()
    return events


def is_stopped(events: list[TurnEvent]) -> bool:
    """Whether the turn says that it was stopped."""
    last = events[-1]
    return isinstance(last, Answered) and last.stopped


async def test_what_was_said_until_the_stop_is_kept_and_marked() -> None:
    """The store, the stream and the Answer say the same."""
    store = MemoryConversations()
    async with scripted_bedrock([STALL]) as bedrock:
        events = await stopped_at(new_desk(bedrock.url, conversations=store), TextDelta)
    answer = answer_of(events)
    [turn] = store.turns["c1"]
    assert is_stopped(events)
    assert answer.answer == shown(events).strip() == turn.answer
    assert answer.answer.startswith("Slow")
    assert turn.stopped
    assert answer.outcome == "partial"


async def test_the_next_question_knows_what_was_said_and_that_it_was_stopped() -> None:
    """The model's history is whole: one question, one answer, no open tool call."""
    async with scripted_bedrock([STALL, say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url)
        await stopped_at(desk, TextDelta)
        events = await events_of(desk, question("And now?"))
        history = bedrock.bodies[-1]["messages"]
    assert not is_stopped(events)
    assert [message["role"] for message in history] == ["user", "assistant", "user"]
    assert history[1]["content"][0]["text"].endswith("(The rep stopped this answer here.)")


async def test_a_call_that_runs_when_the_turn_is_stopped_is_kept_as_stopped() -> None:
    """Its line does not say "asking" for ever."""
    waiting = asyncio.Event()

    async def never(arguments: Any) -> dict[str, Any]:
        await waiting.wait()
        return BOB

    async with scripted_bedrock([use(FIND)]) as bedrock:
        tool = fake_tool("find_customers", never)
        events = await stopped_at(new_desk(bedrock.url, tool, tool_seconds=60), ToolStarted)
    [finished] = [event for event in events if isinstance(event, ToolFinished)]
    [call] = answer_of(events).tool_calls
    assert (finished.ok, finished.error) == (False, "stopped")
    assert (call.tool, call.ok) == ("find_customers", False)
    assert answer_of(events).unavailable == []


async def test_a_turn_can_be_stopped_before_it_has_said_anything() -> None:
    """Its question is kept with an empty answer, and the model is not confused by it."""
    store = MemoryConversations()
    # Whether the first request reaches the model, and when, is a matter of luck.
    async with scripted_bedrock([say(ANSWER), say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url, conversations=store)
        events = await stopped_at(desk, None)
        after = await events_of(desk, question("And now?"))
        [messages] = [body["messages"] for body in bedrock.bodies if len(body["messages"]) > 1]
    assert (answer_of(events).answer, is_stopped(events)) == ("", True)
    assert [turn.answer for turn in store.turns["c1"]][0] == ""
    assert "(The rep stopped this answer here.)" in str(messages[1])
    assert answer_of(after).outcome == "answered"


async def test_a_stop_that_comes_when_the_answer_is_whole_changes_nothing() -> None:
    """A click too late."""
    stop = asyncio.Event()
    async with (
        scripted_bedrock([say(ANSWER)]) as bedrock,
        asyncio.timeout(10),
        aclosing(new_desk(bedrock.url).ask(question(), stop=stop)) as told,
    ):
        events = [event async for event in told]
        stop.set()
    assert not is_stopped(events)
