"""The desk at its limits: model calls, tool calls, time, length, and answers that are none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

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
from tools.contract import Result, error


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


async def test_calls_of_one_id_count_each() -> None:
    """A model that gives every call the same id gets no more of them."""
    ran = 0

    async def count(arguments: Mapping[str, Any]) -> Result:
        nonlocal ran
        ran += 1
        return BOB

    async with scripted_bedrock([*[use(FIND)] * 4, say(ANSWER)]) as bedrock:
        tool = fake_tool("find_customers", count)
        events = await events_of(new_desk(bedrock.url, tool, tool_calls=3))
    assert ran == 3
    assert [call.ok for call in answer_of(events).tool_calls] == [True, True, True, False]


@pytest.mark.parametrize(("numbers", "outcome"), [([2], "unavailable"), ([1, 2], "partial")])
async def test_a_call_that_runs_when_time_is_up_ends_and_its_system_is_named(
    numbers: list[int], outcome: str
) -> None:
    """Its line does not say "asking" for ever, and the model is not blamed for it."""

    async def second_hangs(arguments: Mapping[str, Any]) -> Result:
        if arguments["n"] == 2:
            await asyncio.Event().wait()
        return BOB

    calls = [("find_customers", {"n": number}) for number in numbers]
    async with scripted_bedrock([use(*calls)]) as bedrock:
        tool = fake_tool("find_customers", second_hangs)
        events = await events_of(new_desk(bedrock.url, tool, turn_seconds=0.5, tool_seconds=60))
    answer = answer_of(events)
    assert (answer.outcome, answer.unavailable) == (outcome, ["aurora"])
    assert "Could not be asked: aurora" in answer.answer
    assert errors_of(events) == ["timeout"]
    assert shown(events) == answer.answer


async def test_a_call_of_several_systems_that_runs_when_time_is_up_names_none_of_them() -> None:
    """Which of them it waits for is not known, and "local" is no system that could be down."""

    async def hang(arguments: Mapping[str, Any]) -> Result:
        await asyncio.Event().wait()
        return {}

    async with scripted_bedrock([use(("get_customer_360", {"customer_id": "C"}))]) as bedrock:
        tool = fake_tool("get_customer_360", hang, "local")
        events = await events_of(new_desk(bedrock.url, tool, turn_seconds=0.5, tool_seconds=60))
    answer = answer_of(events)
    assert (answer.outcome, answer.unavailable) == ("partial", [])
    assert "local" not in answer.answer
    assert errors_of(events) == ["timeout"]


@pytest.mark.parametrize(
    ("said", "is_named"),
    [
        ("The profile says that Bob wants no calls.", False),
        ("Bob is CUST003. His profile is not here.", False),
        ("The profile was downgraded to Basic.", False),
        ("The profile system could not be asked.", True),
        ("**Not asked:** profile. It may exist there.", True),
        ("Profile is unavailable right now, so this is all.", True),
        ("I couldn't reach profile.", True),
    ],
)
async def test_a_system_is_named_as_down_where_that_is_said_of_it(
    said: str, is_named: bool
) -> None:
    """Its word alone tells a rep nothing."""
    down = error("unavailable", "No answer.", retryable=True)
    async with scripted_bedrock([use(("profile___x", {"a": 1})), say(said)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("profile___x", down, "profile")))
    note = "Could not be asked just now: profile."
    assert (note in answer_of(events).answer) is not is_named


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


async def test_a_call_that_is_cut_at_the_length_limit_is_no_conversation_too_long() -> None:
    """To start a new conversation would not help."""
    cut = Step(fault="max_tokens", reply=use(FIND).reply, after=1)
    async with scripted_bedrock([cut]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", BOB)))
    assert "conversation" not in failure_of(events).message
    assert "less at once" in failure_of(events).message


async def test_an_answer_that_is_cut_names_the_systems_that_are_down_too() -> None:
    """What was cut off may have been their names."""
    cut = Step(fault="max_tokens", reply=say("Bob has many many orders to list.").reply, after=4)
    down = error("unavailable", "No answer.", retryable=True)
    async with scripted_bedrock([use(FIND), cut]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", down)))
    assert "Could not be asked just now: aurora." in answer_of(events).answer
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
