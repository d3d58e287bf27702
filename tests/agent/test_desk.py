"""The desk over the real Converse wire: right events in order, whole turns, honest ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any

import pytest

from agent import TextDelta, ToolFinished, ToolStarted
from deploy.local.bedrock.script import Step, say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import (
    ANSWER,
    BOB,
    FIND,
    PROFILE,
    MemoryConversations,
    answer_of,
    errors_of,
    events_of,
    failure_of,
    fake_tool,
    new_desk,
    question,
    shown,
)
from tools.contract import Result, error
from tools.typed import build_tool


async def test_a_turn_runs_tools_streams_text_and_ends_with_one_answer() -> None:
    """Tool events come in order with system, time and rows; the answer carries calls and usage."""
    async with scripted_bedrock([use(FIND), say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", BOB)))
    kinds = [event.type for event in events]
    assert kinds[:2] == ["tool_started", "tool_finished"]
    assert kinds[-1] == "answered"
    assert kinds.count("answered") == 1
    started, finished = events[0], events[1]
    assert isinstance(started, ToolStarted)
    assert isinstance(finished, ToolFinished)
    assert (started.system, started.tool, started.input) == ("aurora", *FIND)
    assert (finished.id, finished.ok, finished.rows) == (started.id, True, 1)
    answer = answer_of(events)
    assert answer.answer == shown(events) == "Bob is **CUST003** (aurora)."
    assert answer.outcome == "answered"
    assert [call.tool for call in answer.tool_calls] == ["find_customers"]
    assert answer.usage.model_calls == 2
    assert answer.usage.input_tokens == 20
    assert answer.prompt_hash == "hash"


async def test_the_text_comes_in_pieces_and_never_with_the_outcome_line() -> None:
    """The rep reads along, and reads no markup of ours."""
    async with scripted_bedrock([say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
    pieces = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(pieces) > 2
    assert "outcome" not in "".join(pieces)


async def test_the_model_sees_the_clocks_day_and_the_reps_words_in_blocks_of_their_own() -> None:
    """What changes by the day is not in the system prompt, which a cache can then keep."""
    async with scripted_bedrock([say(ANSWER)]) as bedrock:
        await events_of(new_desk(bedrock.url), question("Who is Bob?"))
        body = bedrock.bodies[0]
    assert body["messages"][0]["content"] == [
        {"text": '<turn today="2026-01-15"/>'},
        {"text": "Who is Bob?"},
    ]
    assert "2026" not in str(body["system"])


async def test_the_next_turn_sees_the_whole_turn_before() -> None:
    """Question, tool use, tool result and answer are all in the history."""
    async with scripted_bedrock([use(FIND), say(ANSWER), say("Yes.")]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", BOB))
        await events_of(desk)
        await events_of(desk, question("And now?"))
        roles = [message["role"] for message in bedrock.bodies[-1]["messages"]]
    assert roles == ["user", "assistant", "user", "assistant", "user"]


async def test_two_conversations_do_not_see_each_other() -> None:
    """History belongs to its conversation alone."""
    async with scripted_bedrock([say("First."), say("Second.")]) as bedrock:
        desk = new_desk(bedrock.url)
        await events_of(desk, question("secret of one", "one"))
        await events_of(desk, question("hello", "two"))
        assert "secret of one" not in str(bedrock.bodies[-1])


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        ("clarify", "clarify"),
        ("not_found", "not_found"),
        ("refused", "refused"),
        ("partial", "answered"),
    ],
)
async def test_the_models_outcome_is_taken_unless_it_is_ours_to_judge(
    named: str, outcome: str
) -> None:
    """Partial and unavailable are seen by the desk; a model's word for them is not believed."""
    async with scripted_bedrock([say(f"Well.\n<outcome>{named}</outcome>")]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
    assert answer_of(events).outcome == outcome


async def test_a_system_that_is_down_is_named_even_when_the_model_forgets_to() -> None:
    """The rep always reads which system could not be asked."""
    down = error("unavailable", "The profile system did not answer.", retryable=True)
    tools = [fake_tool("find_customers", BOB), fake_tool(PROFILE[0], down, "profile")]
    async with scripted_bedrock([use(FIND, PROFILE), say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, *tools))
    answer = answer_of(events)
    assert answer.outcome == "partial"
    assert answer.unavailable == ["profile"]
    assert "profile" in answer.answer
    assert answer.answer == shown(events)
    assert errors_of(events) == ["unavailable"]


async def test_when_no_system_answered_the_outcome_is_unavailable() -> None:
    """Nothing was found is not what happened."""
    down = error("timeout", "No answer.", retryable=True)
    async with scripted_bedrock([use(FIND), say("I cannot ask aurora now.")]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", down)))
    assert answer_of(events).outcome == "unavailable"
    assert answer_of(events).unavailable == ["aurora"]


async def test_a_second_try_that_succeeds_takes_the_failure_back() -> None:
    """A system that answered in the end is not reported as down."""
    results: list[Result] = [error("unavailable", "Gone.", retryable=True), BOB]

    async def flaky(arguments: Mapping[str, Any]) -> Result:
        return results.pop(0)

    async with scripted_bedrock([use(FIND), use(FIND), say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", flaky)))
    assert answer_of(events).unavailable == []
    assert answer_of(events).outcome == "answered"


@pytest.mark.parametrize("failing", [1, 2])
async def test_a_failure_is_not_taken_back_by_a_call_that_was_asked_beside_it(failing: int) -> None:
    """Two orders at once: that one was found says nothing of the other."""

    async def one_fails(arguments: Mapping[str, Any]) -> Result:
        if arguments["n"] == failing:
            return error("unavailable", "Gone.", retryable=True)
        return BOB

    both = use(*(("find_customers", {"n": n}) for n in (1, 2)))
    async with scripted_bedrock([both, say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", one_fails)))
    assert answer_of(events).unavailable == ["aurora"]
    assert answer_of(events).outcome == "partial"


async def test_a_tool_that_crashes_shows_nobody_its_exception() -> None:
    """The model reads a fixed sentence, and so does everybody else."""

    async def crash(arguments: Mapping[str, Any]) -> Result:
        raise RuntimeError("password=hunter2")

    async with scripted_bedrock([use(FIND), say("It failed.")]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", crash)))
        seen = str(bedrock.bodies)
    assert "hunter2" not in seen + str(events)
    assert errors_of(events) == ["internal"]


async def test_a_tool_that_does_not_exist_is_an_error_to_the_model_and_not_to_the_rep() -> None:
    """An invented tool name costs one round and no turn."""
    async with scripted_bedrock([use(("drop_table", {})), say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, fake_tool("find_customers", BOB)))
    assert answer_of(events).outcome == "answered"
    assert errors_of(events) == ["invalid_input"]


async def test_unparsable_tool_input_runs_no_tool() -> None:
    """A call whose JSON broke reaches the tool as an empty object, which it refuses."""
    broken = Step(fault="malformed_tool_input", reply=use(FIND).reply)
    async with scripted_bedrock([broken, say(ANSWER)]) as bedrock:

        async def find_customers(query: str) -> Result:
            """Finds."""
            return BOB

        desk = new_desk(bedrock.url, build_tool(find_customers, system="aurora"))
        events = await events_of(desk)
    assert errors_of(events) == ["invalid_input"]


@pytest.mark.parametrize("text", ["", "   \n", "x" * 8001, "a\x00b", "\x1b[2J"])
async def test_a_question_that_cannot_be_taken_fails_before_any_model_call(text: str) -> None:
    """A plain sentence, nothing asked, nothing stored, and the next question works."""
    async with scripted_bedrock([say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url)
        failure = failure_of(await events_of(desk, question(text)))
        assert failure.code == "bad_question"
        assert bedrock.requests == 0
        assert answer_of(await events_of(desk)).outcome == "answered"


@pytest.mark.parametrize(
    "text", ["¿Quién es José? 日本語 👩‍🚀", "Robert'); DROP TABLE users;--", "a\nb\tc"]
)
async def test_other_scripts_emoji_and_sql_as_a_name_are_questions_like_any_other(
    text: str,
) -> None:
    """The model gets the words as they were typed."""
    async with scripted_bedrock([say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url), question(text))
        assert answer_of(events).outcome == "answered"
        assert bedrock.bodies[0]["messages"][0]["content"][1] == {"text": text}


async def test_a_second_question_in_a_busy_conversation_is_refused_and_the_first_goes_on() -> None:
    """One turn at a time, each whole."""
    started, go = asyncio.Event(), asyncio.Event()

    async def wait(arguments: Mapping[str, Any]) -> Result:
        started.set()
        await go.wait()
        return BOB

    async with scripted_bedrock([use(FIND), say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", wait))
        first = asyncio.create_task(events_of(desk))
        await asyncio.wait_for(started.wait(), 5)
        failure = failure_of(await events_of(desk, question("Another?")))
        go.set()
        assert failure.code == "conversation_busy"
        assert answer_of(await first).outcome == "answered"


async def test_closing_the_stream_stops_the_turn_and_stores_nothing() -> None:
    """A client that goes away leaves no half turn and no lock."""
    store = MemoryConversations()
    stall = Step(fault="stall", reply=say(ANSWER).reply, after=2, seconds=3)
    async with scripted_bedrock([stall, say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url, conversations=store)
        async with asyncio.timeout(2), aclosing(desk.ask(question())) as stream:
            async for event in stream:
                assert event.type == "text_delta"
                break
        assert store.turns == {}
        assert store.locked == set()
        assert answer_of(await events_of(desk)).outcome == "answered"


async def test_an_answer_that_could_not_be_saved_says_so_and_names_the_store() -> None:
    """The answer stands; only its record is missing."""
    store = MemoryConversations()
    store.saving = False
    async with scripted_bedrock([say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, conversations=store))
    answer = answer_of(events)
    assert answer.outcome == "answered"
    assert answer.unavailable == ["conversations"]
    assert "saved" in answer.answer
    assert shown(events) == answer.answer


async def test_thirty_two_turns_at_once_are_all_in_flight_together() -> None:
    """No turn waits for another one's thread."""
    steps = [Step(reply=say(ANSWER).reply, fault="slow", seconds=0.3) for _ in range(32)]
    async with scripted_bedrock(steps) as bedrock:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64))
        desk = new_desk(bedrock.url)
        turns = [events_of(desk, question(conversation=f"c{n}")) for n in range(32)]
        for events in await asyncio.gather(*turns):
            assert answer_of(events).outcome == "answered"
        assert bedrock.script.most_in_flight == 32
