"""Each kind of fault, held with the real desk on the real stack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from agent import Settings
from agent.bootstrap import open_desk
from agent.model import RetryPolicy
from deploy.local.stack import LocalStack
from evals.cases import Case
from evals.record import TurnRecord
from evals.runner import Unchanged
from evals.runner.desks import Desks
from evals.runner.holding import Held, hold

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]

ORDERS = "Which orders does CUST001 have?"
RATING = "What is the average rating of product 1?"
WARRANTY = "Is serial LAPTOP001A2B3C under warranty?"
TIER = "What tier is CUST002?"
EVERYTHING = "Give me the whole picture of CUST001: profile, orders, reviews and warranties."


def quick() -> RetryPolicy:
    """The desk's own policy, without its pauses."""
    return RetryPolicy(base_seconds=0.001, most_seconds=0.001)


def open_quick_desk(settings: Settings, **wraps: Any) -> Any:
    """A desk as it is, that tries again at once."""
    return open_desk(settings, new_retry_policy=quick, **wraps)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desks(running_stack: LocalStack) -> AsyncIterator[Desks]:
    """The desks of a run on the stack: as in a run, every case has the same ones."""
    settings = Settings.from_environment(running_stack.environment)
    opened = Desks(settings, open_desk=open_quick_desk, mutation=Unchanged(), cassette=None)
    async with opened as desks:
        yield desks


def case(*questions: str, **fault: Any) -> Case:
    """A conversation with these questions and this fault."""
    turns = [
        {"rep": question, "outcome": "answered", "say": {"must": ["x"]}} for question in questions
    ]
    known: dict[str, Any] = {"id": "broken", "family": "faults", "now": "2026-11-22"}
    return Case.model_validate(known | {"turns": turns, "faults": [fault] if fault else []})


async def held(desks: Desks, wanted: Case) -> Held:
    """The conversation, once."""
    return await hold(wanted, 1, await desks.on(wanted.now), seconds=60)


async def one_turn(desks: Desks, question: str, **fault: Any) -> TurnRecord:
    """The only turn of a conversation whose fault happened."""
    result = await held(desks, case(question, **fault))
    assert result.error == ""
    assert [fired.turn for fired in result.fired] == [0]
    return result.turns[0]


@pytest.mark.parametrize(
    ("system", "question", "kind", "error"),
    [
        ("aurora", ORDERS, "timeout", "timeout"),
        ("aurora", ORDERS, "server_error", "unavailable"),
        ("aurora", ORDERS, "throttled", "busy"),
        ("aurora", ORDERS, "malformed", "unavailable"),
        ("catalog", RATING, "timeout", "unavailable"),
        ("catalog", RATING, "server_error", "unavailable"),
        ("catalog", RATING, "throttled", "unavailable"),
        ("catalog", RATING, "expired_token", "unavailable"),
        ("catalog", RATING, "malformed", "unavailable"),
        ("warranty", WARRANTY, "timeout", "unavailable"),
        ("warranty", WARRANTY, "server_error", "unavailable"),
        ("profile", TIER, "expired_token", "unavailable"),
        ("profile", TIER, "malformed", "unavailable"),
    ],
)
async def test_a_system_that_breaks_is_what_the_tools_report_and_the_answer_names(
    desks: Desks, system: str, question: str, kind: str, error: str
) -> None:
    """The tool says its kind of error, and the rep hears which system was not asked."""
    turn = await one_turn(desks, question, system=system, kind=kind)
    errors = {call.error for call in turn.calls if call.system == system}
    assert errors == {error}
    assert turn.answer is not None
    assert turn.answer.unavailable == [system]


@pytest.mark.parametrize(
    ("system", "question"), [("aurora", ORDERS), ("catalog", RATING), ("profile", TIER)]
)
async def test_a_slow_system_still_answers(desks: Desks, system: str, question: str) -> None:
    """A good answer that is late is a good answer."""
    turn = await one_turn(desks, question, system=system, kind="slow")
    assert all(call.ok for call in turn.calls)
    assert max(call.ms for call in turn.calls) >= 95
    assert turn.answer is not None
    assert turn.answer.unavailable == []


@pytest.mark.parametrize(
    "kind", ["timeout", "server_error", "throttled", "malformed", "expired_token"]
)
async def test_one_system_of_many_breaks_within_a_tool_that_asks_all(
    desks: Desks, kind: str
) -> None:
    """The rest of the picture is there, and what is missing is named."""
    turn = await one_turn(desks, EVERYTHING, system="profile", kind=kind)
    assert turn.answer is not None
    assert turn.answer.unavailable == ["profile"]
    (overview,) = [call for call in turn.calls if call.tool == "get_customer_360"]
    assert overview.data is not None
    assert (overview.data["profile"], overview.data["unavailable"]) == (None, ["profile"])


async def test_aurora_breaks_within_a_tool_that_asks_all(desks: Desks) -> None:
    """The database is not behind a wire of HTTP, and breaks all the same."""
    turn = await one_turn(desks, EVERYTHING, system="aurora", kind="timeout")
    assert turn.answer is not None
    assert "aurora" in turn.answer.unavailable


@pytest.mark.parametrize(
    ("tool", "question"),
    [
        ("list_orders", ORDERS),
        ("rating_summary", RATING),
        ("profile___get_customer_profile", TIER),
        ("get_customer_360", EVERYTHING),
    ],
)
async def test_a_single_tool_breaks(desks: Desks, tool: str, question: str) -> None:
    """By its own name, whatever it asks."""
    turn = await one_turn(desks, question, tool=tool, kind="server_error")
    assert {call.error for call in turn.calls if call.tool == tool} == {"unavailable"}


async def test_only_the_calls_that_are_named_break(desks: Desks) -> None:
    """Calls are counted over all turns; a second try of the desk belongs to its call."""
    wanted = case(TIER, "And CUST003?", system="profile", calls=[2], kind="server_error")
    result = await held(desks, wanted)
    assert result.error == ""
    assert [fired.turn for fired in result.fired] == [1]
    assert [[call.ok for call in turn.calls] for turn in result.turns] == [[True], [False]]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("throttled", "model_busy"),
        ("server_error", "model_unavailable"),
        ("timeout", "model_unavailable"),
        ("mid_stream", "model_unavailable"),
        ("malformed", "model_unavailable"),
    ],
)
async def test_a_model_that_stays_broken_fails_the_turn(desks: Desks, kind: str, code: str) -> None:
    """With a plain sentence; it is the case's own fault, so the turn is judged like any other."""
    turn = await one_turn(desks, ORDERS, system="model", kind=kind)
    assert turn.failed is not None
    assert turn.failed.code == code


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("kind", ["throttled", "server_error", "timeout", "mid_stream", "slow"])
async def test_a_model_that_recovers_answers_as_if_nothing_had_been(
    desks: Desks, kind: str, call: int
) -> None:
    """The desk tries again; what had been said before the break is not in the answer twice."""
    turn = await one_turn(desks, ORDERS, system="model", calls=[call], kind=kind)
    assert turn.answer is not None
    assert turn.answer.answer.count("1,329.98") == 1
    assert turn.streamed.strip() == turn.answer.answer.strip()


async def test_conversations_at_the_same_time_have_their_own_faults(desks: Desks) -> None:
    """What breaks in one case is whole in another that asks the same at the same moment."""
    broken = case(ORDERS, TIER, system="aurora", kind="timeout")
    whole = case(ORDERS, TIER)
    results = await asyncio.gather(*(held(desks, one) for one in [broken, whole] * 4))
    states = [all(call.ok for turn in result.turns for call in turn.calls) for result in results]
    assert states == [False, True] * 4
    assert [bool(result.fired) for result in results] == [True, False] * 4
