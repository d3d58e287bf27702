"""How a turn ended, and what it used, is judged against what the case allows."""

from __future__ import annotations

from typing import Any

import pytest

from agent import Failed, Usage
from evals.scorers.budget import WithinBudget
from evals.scorers.outcome import Outcome
from tests.evals.scorers.held import call, held, messages, turn

MODEL_FAULT = {"system": "model", "kind": "timeout"}
BUSY = Failed(code="model_busy", message="Busy.", retryable=True)


def test_an_expected_outcome_passes_and_another_fails() -> None:
    """Several may be right."""
    assert Outcome().score(held(turn("x", "y"))).status == "passed"
    either = turn("x", "y", ended="clarify", outcome=["answered", "clarify"])
    assert Outcome().score(held(either)).status == "passed"
    wrong = Outcome().score(held(turn("x", "y", outcome=["not_found", "clarify"])))
    assert messages(wrong) == ["the outcome is answered, expected not_found or clarify"]


def test_an_empty_answer_fails() -> None:
    """Blanks are no answer."""
    assert messages(Outcome().score(held(turn("x", " \n")))) == ["the answer is empty"]


def test_a_system_that_could_not_be_asked_is_expected_or_wrong() -> None:
    """By its name, where the case gives one."""
    told = turn("x", "y", ended="partial", silent=["profile"], outcome=["partial", "answered"])
    assert Outcome().score(held(told)).status == "passed"
    wrong = turn("x", "y", silent=["profile"])
    assert messages(Outcome().score(held(wrong))) == ["could not be asked: profile"]


def test_another_system_than_the_declared_one_is_wrong() -> None:
    """A case says which system breaks."""
    expecting: dict[str, Any] = {"outcome": ["partial"], "unavailable": ["profile"]}
    wrong = turn("x", "y", ended="partial", silent=["aurora"], **expecting)
    assert messages(Outcome().score(held(wrong))) == ["could not be asked: aurora"]
    right = turn("x", "y", ended="partial", silent=["profile"], **expecting)
    assert Outcome().score(held(right)).status == "passed"


def test_a_failed_turn_fails_unless_the_model_is_made_to_break() -> None:
    """A broken tool is no excuse for giving no answer at all."""
    lost = turn("x", failed=BUSY, outcome=["unavailable"])
    assert messages(Outcome().score(held(lost))) == ["the turn failed: model_busy: Busy."]
    assert Outcome().score(held(lost, faults=[MODEL_FAULT])).status == "passed"
    strict = turn("x", failed=BUSY, outcome=["answered"])
    assert Outcome().score(held(strict, faults=[MODEL_FAULT])).status == "failed"


def test_a_turn_that_just_ends_fails() -> None:
    """Neither an answer nor a failure."""
    ended = turn("x", "y")
    record = held(type(ended)(turn=ended.turn))
    assert messages(Outcome().score(record)) == [
        "the turn ended without an answer and without a failure"
    ]


def test_every_turn_of_the_case_is_held() -> None:
    """A conversation that breaks off half way is no pass."""
    one = turn("x", "y")
    record = held(one, turns=[one.turn, one.turn])
    assert messages(Outcome().score(record)) == ["only 1 of its turns were held"]


USED = Usage(model_calls=3, input_tokens=900, output_tokens=200)


@pytest.mark.parametrize(
    ("budget", "found"),
    [
        ({"model_calls": 3, "tool_calls": 2, "tokens": 1100, "seconds": 2}, []),
        ({"model_calls": 2}, ["3 model calls, at most 2 are allowed"]),
        ({"tool_calls": 1}, ["2 tool calls, at most 1 are allowed"]),
        ({"tokens": 1099}, ["1100 tokens, at most 1099 are allowed"]),
        ({"seconds": 0.4}, ["0.5 seconds, at most 0.4 are allowed"]),
    ],
)
def test_a_turn_keeps_its_budget_or_says_what_it_used(
    budget: dict[str, Any], found: list[str]
) -> None:
    """The turn's own budget and the case's work alike."""
    spent = turn("x", "y", call(), call(), usage=USED)
    own = turn("x", "y", call(), call(), usage=USED, budget=budget)
    assert messages(WithinBudget().score(held(own))) == found
    assert messages(WithinBudget().score(held(spent, budget=budget))) == found


def test_the_turns_own_budget_comes_before_the_cases() -> None:
    """Figure by figure."""
    own = turn("x", "y", call(), call(), usage=USED, budget={"tool_calls": 5})
    record = held(own, budget={"tool_calls": 1, "model_calls": 1})
    assert messages(WithinBudget().score(record)) == ["3 model calls, at most 1 are allowed"]


def test_without_a_budget_nothing_is_judged() -> None:
    """However long it took; a failed turn has used its calls and its time."""
    assert WithinBudget().score(held(turn("x", "y"))).status == "not_applicable"
    failed = turn("x", "", call(), failed=BUSY, seconds=9, budget={"tokens": 1, "seconds": 2})
    assert messages(WithinBudget().score(held(failed))) == ["9 seconds, at most 2 are allowed"]
