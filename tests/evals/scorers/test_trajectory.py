"""Calls are judged with their arguments, by must, may, forbid, only and order."""

from __future__ import annotations

from typing import Any

import pytest

from evals.cases import ExpectedCall, ForbiddenCall
from evals.scorers.arguments import is_expected, is_forbidden, same
from evals.scorers.trajectory import Trajectory
from tests.evals.scorers.held import call, held, messages, turn

LIST = call("list_orders", customer_id="CUST003", limit=20)
GET = call("get_order", order_id=3)
BROKEN = call("list_orders", ok=False, error="timeout", customer_id="CUST003")


@pytest.mark.parametrize(
    ("tools", "found"),
    [
        ({"must": [{"tool": "list_orders"}]}, []),
        ({"must": [{"tool": "list_orders", "args": {"customer_id": "cust 003"}}]}, []),
        ({"must": [{"tool": "list_orders", "args": {"limit": 20}}]}, []),
        (
            {"must": [{"tool": "list_orders", "args": {"customer_id": "CUST001"}}]},
            ["no successful call of list_orders(customer_id=CUST001)"],
        ),
        (
            {"must": [{"tool": "list_orders", "args": {"status": "shipped"}}]},
            ["no successful call of list_orders(status=shipped)"],
        ),
        (
            {
                "must": [
                    {"tool": "list_orders", "args": {"customer_id": "CUST003"}, "match": "exact"}
                ]
            },
            ["no successful call of list_orders(customer_id=CUST003)"],
        ),
        ({"must": [{"tool": "get_order", "args": {"order_id": 3}, "match": "exact"}]}, []),
        ({"must": [{"any": [{"tool": "get_review"}, {"tool": "list_orders"}]}]}, []),
        (
            {"must": [{"any": [{"tool": "get_review"}, {"tool": "get_product"}]}]},
            ["no successful call of get_review() or get_product()"],
        ),
        ({"must": [{"tool": "list_orders"}, {"tool": "get_order"}], "order": "in_order"}, []),
        (
            {"must": [{"tool": "get_order"}, {"tool": "list_orders"}], "order": "in_order"},
            ["list_orders() was not called after get_order()"],
        ),
        ({"must": [{"tool": "get_order"}, {"tool": "list_orders"}]}, []),
        ({"forbid": ["profile___*"]}, []),
        (
            {"forbid": ["list_*"]},
            ["a forbidden call: list_orders(customer_id=CUST003, limit=20)"],
        ),
        (
            {"forbid": [{"tool": "*", "args": {"customer_id": "!CUST001"}}]},
            ["a forbidden call: list_orders(customer_id=CUST003, limit=20)"],
        ),
        ({"forbid": [{"tool": "*", "args": {"customer_id": "!CUST003"}}]}, []),
        ({"only": True, "must": [{"tool": "list_orders"}], "may": ["get_*"]}, []),
        (
            {"only": True, "must": [{"tool": "list_orders"}]},
            ["a call that is not among the expected ones: get_order(order_id=3)"],
        ),
    ],
)
def test_an_expectation_holds_or_says_what_is_wrong(
    tools: dict[str, Any], found: list[str]
) -> None:
    """Every kind of expectation passes right calls and names what is wrong with others."""
    verdict = Trajectory().score(held(turn("x", "y", LIST, GET, tools=tools)))
    assert messages(verdict) == found
    assert verdict.status == ("failed" if found else "passed")


def test_a_failed_call_is_no_successful_one() -> None:
    """The finding says that it was tried, and how it failed."""
    record = held(turn("x", "y", BROKEN, tools={"must": [{"tool": "list_orders"}]}))
    assert messages(Trajectory().score(record)) == [
        "no successful call of list_orders(); it was called and failed: timeout"
    ]


def test_a_failed_call_was_made_all_the_same() -> None:
    """It is forbidden like any other, and not among the expected ones like any other."""
    for tools in ({"forbid": ["list_orders"]}, {"only": True, "may": ["get_order"]}):
        record = held(turn("x", "y", BROKEN, tools=tools))
        assert len(messages(Trajectory().score(record))) == 1


def test_one_call_does_for_one_place_in_the_order() -> None:
    """The same tool twice in a row wants two calls."""
    twice = {"must": [{"tool": "get_order"}, {"tool": "get_order"}], "order": "in_order"}
    assert Trajectory().score(held(turn("x", "y", GET, tools=twice))).status == "failed"
    assert Trajectory().score(held(turn("x", "y", GET, GET, tools=twice))).status == "passed"


def test_a_case_that_expects_nothing_of_calls_is_not_judged() -> None:
    """Its calls may be whatever they are."""
    assert Trajectory().score(held(turn("x", "y", LIST))).status == "not_applicable"


def test_each_turn_is_judged_by_its_own_calls() -> None:
    """A call of another turn does not help."""
    expecting = {"must": [{"tool": "get_order"}]}
    verdict = Trajectory().score(held(turn("x", "y", GET), turn("x", "y", LIST, tools=expecting)))
    assert [finding.turn for finding in verdict.findings] == [1]


@pytest.mark.parametrize(
    ("given", "wanted", "is_same"),
    [
        ("CUST-003", "cust003", True),
        (3, "3", True),
        (29.9, "29.90", True),
        ("29.9", "29.90", True),
        (True, "true", True),
        (False, "true", False),
        ("Jane Smith", "jane smith", True),
        ("2024-02-01", "2024-02-1", False),
        (30, "3", False),
        (["a"], '["a"]', True),
    ],
)
def test_arguments_are_compared_by_what_they_mean(given: Any, wanted: str, is_same: bool) -> None:
    """Case, separators and zeros do not matter, anything else does."""
    assert same(given, wanted) == is_same


@pytest.mark.parametrize(
    ("rule", "is_hit"),
    [
        ({"customer_id": "CUST003"}, True),
        ({"customer_id": "CUST*"}, True),
        ({"customer_id": "!CUST*"}, False),
        ({"customer_id": "CUST001"}, False),
        ({"status": "*"}, False),
        ({"status": "!shipped"}, False),
        ({}, True),
    ],
)
def test_a_rule_with_wildcards_and_negation(rule: dict[str, str], is_hit: bool) -> None:
    """A call without the argument is no call that the rule means."""
    assert is_forbidden(ForbiddenCall(tool="list_*", args=rule), LIST) == is_hit


def test_an_argument_that_is_null_was_not_given() -> None:
    """So an exact match may leave it out."""
    given = call("list_orders", customer_id="CUST003", status=None)
    exact = ExpectedCall(tool="list_orders", args={"customer_id": "CUST003"}, match="exact")
    assert is_expected(exact, given)
