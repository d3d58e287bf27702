"""Runs on tasks of their own: followed by many, forgotten later, never lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent.entrypoints.agui import HEARTBEAT
from agent.entrypoints.console.problems import Problem
from agent.entrypoints.console.rates import Rate
from agent.entrypoints.console.runs import Run, Runs
from agent.turns import Answered, Question, Rep, TextDelta, TurnEvent
from tests.agent.entrypoints.console.browsing import events_of, text_of
from tests.agent.entrypoints.console.console_desk import console_desk
from tests.agent.entrypoints.fake_desk import BOB, answer_of, failing, never_ending


def question(conversation_id: str = "c1", rep: str = "sam") -> Question:
    """A question of a rep."""
    return Question(rep=Rep(rep_id=rep), conversation_id=conversation_id, text="Who is Bob?")


async def read(run: Run, after: int = 0) -> str:
    """All that a follower gets, within a limit."""
    async with asyncio.timeout(10):
        return "".join([text async for text in run.follow(after, heartbeat_seconds=5)])


async def broken(asked: Question) -> AsyncIterator[TurnEvent]:
    """A desk that breaks after a word."""
    yield TextDelta(text="Well")
    raise RuntimeError("secret words")


async def test_whoever_follows_gets_every_frame_once() -> None:
    """From the beginning, from the middle, together and after the end."""
    run = Runs(console_desk().as_desk()).start(question(), "r1")
    first, second = await asyncio.gather(read(run), read(run))
    events = events_of(first)
    assert first == second == await read(run)
    assert text_of(events) == BOB
    assert events_of(await read(run, after=5)) == events[5:]
    assert await read(run, after=len(events)) == ""
    assert await read(run, after=10_000) == ""


async def test_a_follower_who_waits_hears_that_the_run_is_still_there() -> None:
    """So that no proxy takes the silence for an end."""
    runs = Runs(console_desk(never_ending).as_desk(), stop_seconds=0.01)
    run = runs.start(question(), "r1")
    async with asyncio.timeout(10):
        async for text in run.follow(0, heartbeat_seconds=0.01):
            if text == HEARTBEAT:
                break
    await runs.stop_all()
    assert run.ended is True


async def test_the_same_run_is_started_once_and_another_has_to_wait() -> None:
    """A second click, a second tab, another conversation, another rep."""
    desk = console_desk(never_ending)
    runs = Runs(desk.as_desk(), stop_seconds=0.01)
    run = runs.start(question(), "r1")
    assert runs.start(question(), "r1") is run
    with pytest.raises(Problem, match="still answering") as busy:
        runs.start(question(), "r2")
    assert (busy.value.status, busy.value.code) == (409, "conversation_busy")
    assert runs.start(question("c2"), "r1") is not run
    assert runs.start(question(rep="kim"), "r1") is not run
    assert runs.find("kim", "c2", "r1") is None
    assert set(runs.open_of("sam")) == {"c1", "c2"}
    await runs.stop_all()
    assert len(desk.asked) == 3


async def test_who_has_read_the_last_frame_may_ask_at_once() -> None:
    """The conversation is free before the page can know that the answer is whole."""
    runs = Runs(console_desk().as_desk())
    for number in range(20):
        run = runs.start(question(), f"r{number}")
        async for text in run.follow(0, heartbeat_seconds=5):
            if "RUN_FINISHED" in text:
                break
        assert runs.answering("sam", "c1") is None


@pytest.mark.parametrize(
    ("script", "code"), [(broken, "internal"), (failing("model_busy"), "model_busy")]
)
async def test_a_turn_that_fails_ends_its_run_with_one_error(script: object, code: str) -> None:
    """In our words, and the next question is taken."""
    desk = console_desk(script)  # type: ignore[arg-type]  # both are scripts
    runs = Runs(desk.as_desk())
    told = await read(runs.start(question(), "r1"))
    events = events_of(told)
    assert (events[-1]["type"], events[-1]["code"]) == ("RUN_ERROR", code)
    assert [event["type"] for event in events].count("RUN_ERROR") == 1
    assert "secret" not in told
    await read(runs.start(question(), "r2"))
    assert len(desk.asked) == 2


async def test_there_is_a_limit_to_what_goes_on_at_once() -> None:
    """The one too many is told to come back."""
    runs = Runs(console_desk(never_ending).as_desk(), most_open=2, stop_seconds=0.01)
    for number in range(2):
        runs.start(question(f"c{number}"), "r")
    with pytest.raises(Problem) as refused:
        runs.start(question("c3"), "r")
    assert (refused.value.status, refused.value.code, refused.value.retry_after) == (503, "busy", 5)
    await runs.stop_all()


async def test_runs_that_have_ended_are_forgotten_after_a_while() -> None:
    """Their turns are stored; frames are only for those who lost the connection."""
    runs = Runs(console_desk().as_desk(), keep_seconds=0)
    run = runs.start(question(), "r1")
    await read(run)
    async with asyncio.timeout(5):
        while runs.find("sam", "c1", "r1"):
            await asyncio.to_thread(lambda: None)
    assert run.ended


async def test_the_oldest_runs_are_forgotten_first_when_they_take_too_much_room() -> None:
    """What goes on is never forgotten."""
    runs = Runs(console_desk().as_desk(), most_kept_bytes=10_000)
    for number in range(20):
        await read(runs.start(question(f"c{number}"), "r"))
    kept = [number for number in range(20) if runs.find("sam", f"c{number}", "r")]
    assert 0 < len(kept) < 10
    assert kept == list(range(20 - len(kept), 20))


async def test_two_hundred_open_runs_are_all_whole() -> None:
    """Each has its own answer and nobody else's."""

    async def own(asked: Question) -> AsyncIterator[TurnEvent]:
        for _ in range(20):
            yield TextDelta(text=f"{asked.conversation_id} ")
            await asyncio.to_thread(lambda: None)
        text = f"{asked.conversation_id} " * 20
        yield Answered(answer=answer_of(asked, text))

    runs = Runs(console_desk(own).as_desk())
    started = [runs.start(question(f"c{number}", f"rep{number}"), "r") for number in range(200)]
    answers = await asyncio.gather(*(read(run) for run in started))
    told = [text_of(events_of(answer)) for answer in answers]
    assert told == [f"c{number} " * 20 for number in range(200)]


def test_a_rate_empties_with_use_and_fills_with_time() -> None:
    """Each key by itself."""
    now = [0.0]
    rate = Rate(per_second=2, burst=3, monotonic=lambda: now[0])
    assert [rate.take("sam") for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.take("kim") == 0
    now[0] = 0.5
    assert [rate.take("sam") for _ in range(2)] == [0, 0.5]
    now[0] = 100
    assert [rate.take("sam") for _ in range(4)] == [0, 0, 0, 0.5]
