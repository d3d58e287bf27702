"""The desk at its limits: model calls, tool calls, time, length, and answers that are none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from deploy.local.bedrock.script import Step, say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import (
    ANSWER,
    BOB,
    FIND,
    MemoryConversations,
    answer_of,
    errors_of,
    events_of,
    failure_of,
    fake_tool,
    new_desk,
    shown,
)
from tools.contract import Result


async def test_the_limit_of_model_calls_ends_with_an_honest_answer() -> None:
    """An endless loop of tool calls ends with what was asked so far, and a valid history."""
    store = MemoryConversations()
    async with scripted_bedrock([use(FIND)] * 20) as bedrock:
        desk = new_desk(
            bedrock.url, fake_tool("find_customers", BOB), model_calls=3, conversations=store
        )
        events = await events_of(desk)
        assert bedrock.requests == 3
    answer = answer_of(events)
    assert answer.outcome == "partial"
    assert "limit" in answer.answer
    assert "aurora" in answer.answer
    roles = [message["role"] for message in store.turns["c1"][0].messages]
    assert roles == ["user", "assistant"]


async def test_the_limit_of_tool_calls_refuses_the_calls_beyond_it() -> None:
    """Twelve calls run; the thirteenth is refused, and the model is told."""
    ran = 0

    async def count(arguments: Mapping[str, Any]) -> Result:
        nonlocal ran
        ran += 1
        return BOB

    steps = [use(*(("find_customers", {"n": n}) for n in range(12))), use(FIND), say(ANSWER)]
    async with scripted_bedrock(steps) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", count)))
    assert ran == 12
    assert errors_of(events)[-1] == "refused"


async def test_the_limit_of_time_ends_a_turn_whose_tools_have_answered_with_what_there_is() -> None:
    """The rep is told that time ran out, and nothing is made up."""
    slow = Step(fault="slow", reply=say(ANSWER).reply, seconds=5)
    async with scripted_bedrock([use(FIND), slow]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", BOB), turn_seconds=0.5)
        events = await events_of(desk)
    assert answer_of(events).outcome == "partial"
    assert "time" in answer_of(events).answer


async def test_a_turn_whose_time_runs_out_before_anything_was_asked_fails() -> None:
    """There is nothing to answer with."""
    slow = Step(fault="slow", reply=say(ANSWER).reply, seconds=5)
    async with scripted_bedrock([slow]) as bedrock:
        events = await events_of(new_desk(bedrock.url, turn_seconds=0.3))
    assert failure_of(events).code == "turn_timeout"


async def test_a_tool_that_hangs_is_a_timeout_of_that_tool_alone() -> None:
    """The turn goes on and names the system."""

    async def hang(arguments: Mapping[str, Any]) -> Result:
        await asyncio.Event().wait()
        return {}

    async with scripted_bedrock([use(FIND), say("No answer from aurora.")]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", hang), tool_seconds=0.1)
        events = await events_of(desk)
    assert answer_of(events).unavailable == ["aurora"]


async def test_an_answer_cut_at_the_length_limit_says_so() -> None:
    """Half an answer is not passed off as a whole one."""
    cut = Step(fault="max_tokens", reply=say("Bob has many many orders to list.").reply, after=4)
    async with scripted_bedrock([cut]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
    assert answer_of(events).outcome == "partial"
    assert "cut" in answer_of(events).answer
    assert shown(events) == answer_of(events).answer


async def test_a_guardrails_text_is_a_refusal() -> None:
    """Bedrock's content filter decides, and the outcome says so."""
    async with scripted_bedrock([Step(fault="guardrail", reply=say("x").reply)]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
    assert answer_of(events).outcome == "refused"


async def test_an_empty_answer_is_a_failure_and_not_an_answer() -> None:
    """The rep is told to ask again."""
    async with scripted_bedrock([Step(fault="empty", reply=say("x").reply)]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
    assert failure_of(events).code == "model_unavailable"


async def test_a_tool_use_stop_without_a_tool_is_an_ordinary_end() -> None:
    """The agent would otherwise send an empty message and call again."""
    odd = Step(fault="tool_use_without_tool", reply=say(ANSWER).reply)
    async with scripted_bedrock([odd]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
        assert bedrock.requests == 1
    assert answer_of(events).answer == "Bob is **CUST003** (aurora)."
