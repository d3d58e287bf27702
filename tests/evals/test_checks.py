"""Each kind of expectation can fail, and says what it missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from evals.cases import Case, Turn
from evals.checks import findings
from evals.oracle import Oracle
from tests.evals.scripted_desk import answered, called

NOW = date(2026, 11, 22)
ORDERS = called("list_orders", customer_id="CUST003", limit=20)


def turn(**expected: Any) -> Turn:
    """A turn with these expectations."""
    return Turn.model_validate({"rep": "orders of CUST003?", "outcome": "answered", **expected})


@pytest.fixture
def oracle() -> Iterator[Oracle]:
    """The sample records."""
    expecting = turn(say={"must": ["x"]})
    with Oracle(Case(id="case", family="orders", now=NOW, turns=[expecting])) as opened:
        yield opened


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({"say": {"must": ["299.99"]}}, []),
        ({"say": {"must": ["42.98"]}}, ["the answer does not say '42.98'"]),
        ({"say": {"must_not": ["299.99"]}}, ["the answer says '299.99'"]),
        ({"say": {"must_not": ["42.98"]}}, []),
        ({"say": {"must": [{"regex": "ship(ped)?"}]}}, []),
        ({"say": {"must": [{"regex": "pending"}]}}, ["the answer does not say /pending/"]),
        ({"say": {"must_not": [{"regex": "SHIPPED"}]}}, ["the answer says /SHIPPED/"]),
        ({"say": {"must": [{"any": ["CUST003", "Bob"]}]}}, []),
        ({"say": {"must": [{"any": ["a", "b"]}]}}, ["the answer does not say 'a' or 'b'"]),
        ({"say": {"must_not": [{"any": ["a", "shipped"]}]}}, ["the answer says 'shipped'"]),
        ({"tools": {"must": [{"tool": "list_orders"}]}}, []),
        ({"tools": {"must": [{"tool": "list_orders", "args": {"customer_id": "cust 003"}}]}}, []),
        (
            {"tools": {"must": [{"tool": "list_orders", "args": {"customer_id": "CUST001"}}]}},
            ["no successful call of list_orders(customer_id=CUST001)"],
        ),
        (
            {"tools": {"must": [{"tool": "list_orders", "args": {"status": "shipped"}}]}},
            ["no successful call of list_orders(status=shipped)"],
        ),
        ({"tools": {"must": [{"any": [{"tool": "get_order"}, {"tool": "list_orders"}]}]}}, []),
        (
            {"tools": {"must": [{"any": [{"tool": "get_order"}, {"tool": "get_review"}]}]}},
            ["no successful call of get_order() or get_review()"],
        ),
        ({"tools": {"forbid": ["profile___*"]}}, []),
        ({"tools": {"forbid": ["list_*"]}}, ["a forbidden call of list_orders"]),
        (
            {"outcome": "not_found", "say": {"must": ["shipped"]}},
            ["the outcome is answered, expected not_found"],
        ),
        ({"outcome": ["not_found", "answered"], "say": {"must": ["shipped"]}}, []),
    ],
)
def test_an_expectation_holds_or_says_what_is_wrong(
    oracle: Oracle, expected: dict[str, Any], found: list[str]
) -> None:
    """Every kind of expectation passes a right answer and names what a wrong one lacks."""
    answer = answered("Order 3 of CUST003: **$299.99**, shipped.", ORDERS)
    assert findings(turn(**expected), answer, oracle) == found


def test_a_failed_call_is_no_call(oracle: Oracle) -> None:
    """A tool that gave an error was not asked successfully."""
    expected = turn(tools={"must": [{"tool": "list_orders"}]})
    answer = answered("I could not look.", called("list_orders", ok=False))
    assert findings(expected, answer, oracle) == ["no successful call of list_orders()"]


def test_every_row_of_a_computed_fact_must_be_said(oracle: Oracle) -> None:
    """A list that lacks one row is a wrong list."""
    fact = {"sql": "select total_amount from orders where status = 'pending'", "as": "money"}
    expected = turn(say={"must": [fact]})
    assert findings(expected, answered("42.98 and 37.98"), oracle) == []
    assert findings(expected, answered("just 42.98"), oracle) == ["the answer does not say '37.98'"]


def test_an_answer_without_a_system_is_not_whole(oracle: Oracle) -> None:
    """A system that could not be asked is a finding unless the case expects it."""
    missing = answered("shipped", unavailable=["profile"], outcome="partial")
    wrong = findings(turn(say={"must": ["shipped"]}), missing, oracle)
    assert wrong == ["the outcome is partial, expected answered", "could not be asked: profile"]
    assert findings(turn(outcome="partial", say={"must": ["shipped"]}), missing, oracle) == []


@pytest.mark.parametrize("text", ["", "I don't know.", "I can't help with that."])
def test_saying_nothing_never_passes(oracle: Oracle, text: str) -> None:
    """The answers of a desk that does nothing fail a turn that expects facts."""
    expected = turn(say={"must": ["299.99"]}, tools={"must": [{"tool": "list_orders"}]})
    assert findings(expected, answered(text), oracle) != []
