"""Which calls break is decided by number, once for each call, and only for its own trial."""

from __future__ import annotations

from typing import Any

from evals.cases import Fault
from evals.faults import FaultPlan
from evals.faults.plan import decide
from evals.scope import Scope, entered


def plan(*faults: dict[str, Any]) -> FaultPlan:
    """A plan of these faults."""
    return FaultPlan([Fault.model_validate(fault) for fault in faults])


def test_a_call_that_is_tried_again_meets_the_same_and_counts_once() -> None:
    """The desk's second try is no second call of the case's author."""
    broken = plan({"system": "catalog", "calls": [2], "kind": "server_error"})
    tries = [broken.decide("catalog", "get_product", call=name) for name in "aabbc"]
    assert [fault is not None for fault in tries] == [False, False, True, True, False]


def test_a_tool_is_counted_by_its_own_calls() -> None:
    """Other tools of the same system do not move its number."""
    broken = plan({"tool": "get_review", "calls": [2], "kind": "timeout"})
    asked = ["get_review", "get_product", "get_review", "get_review"]
    met = [broken.decide("catalog", tool) is not None for tool in asked]
    assert met == [False, False, True, False]


def test_a_fault_without_numbers_hits_every_call_and_fires_once() -> None:
    """The record has the turn in which it first happened."""
    broken = plan({"system": "model", "kind": "throttled"})
    broken.turn = 1
    assert broken.decide("model", None)
    broken.turn = 2
    assert broken.decide("model", None)
    assert [(fired.system, fired.turn) for fired in broken.fired] == [("model", 1)]
    assert broken.dormant == []


def test_a_fault_that_nothing_met_is_dormant() -> None:
    """A suite must not believe that it has tested what never happened."""
    broken = plan({"system": "aurora", "kind": "timeout"})
    assert broken.decide("catalog", "get_product") is None
    assert [fault.system for fault in broken.dormant] == ["aurora"]


def test_nothing_breaks_outside_of_a_trial() -> None:
    """The desk's own checks and other programs are left alone."""
    broken = plan({"system": "aurora", "kind": "timeout"})
    with entered(Scope("case", 1, broken)):
        assert decide("aurora") is not None
    assert decide("aurora") is None
