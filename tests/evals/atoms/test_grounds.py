"""A figure stands in the sources of its conversation, or it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.atoms import Grounds, atoms
from tests.evals.scorers.held import TODAY


def held(text: str, *, said: str = "", result: Mapping[str, Any] | None = None) -> list[bool]:
    """Whether each atom of the text stands in what was said and returned."""
    grounds = Grounds(TODAY)
    grounds.hear(said)
    if result is not None:
        grounds.see(result, {})
    return [grounds.hold(atom, text[: atom.start]) for atom in atoms(text)]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$89.99", {"total_amount": "89.99"}),
        ("89.990", {"total_amount": 89.99}),
        ("three orders", {"orders": [{}, {}, {}]}),
        ("3 orders", {"total": 3}),
        ("no order: 0", {"orders": []}),
        ("one order", {"found": True, "order": {}}),
        ("expired 12 days ago", {"days_left": -12}),
        ("1 with 3 stars", {"ratings": {"1": 0, "3": 1}}),
        ("Feb 11, 2024", {"order_date": "2024-02-11T09:45:00"}),
        ("February 2024", {"order_date": "2024-02-11"}),
        ("since 2024", {"order_date": "2024-02-11"}),
        ("on February 11 it", {"order_date": "2024-02-11"}),
        ("at 09:45", {"order_date": "2024-02-11T09:45:00"}),
        ("February 2024", {"key": "2024-02"}),
        ("phone (555) 010-1234", {"phone": "+1-555-010-1234"}),
        ("phone 555-0101", {"phone": "+1-555-0101"}),
        ("5550101234", {"phone": "+1-555-010-1234"}),
        ("a phone ending in 0101", {"phone": "+1-555-0101"}),
        ("a phone ending in 1234", {"phone": "+1-555-010-1234"}),
        ("the 2nd order", {"orders": [{}, {}]}),
        ("REV001-REV003", {"ids": ["REV001", "REV003"]}),
        ("cust-003", {"customer_id": "CUST003"}),
        ("10-2000", {"low": 10, "high": 2000}),
        ("100-2000", {"low": 100, "high": 2000}),
        ("a 15-inch display", {"description": "Fast 15-inch laptop"}),
        ("2 systems", {}),
        ("2026-11-22", {}),
        ("November 2026", {}),
        ("https://a.example/b", {"comment": "see https://a.example/b."}),
    ],
)
def test_what_a_result_holds_may_be_said(text: str, result: Mapping[str, Any]) -> None:
    """In another spelling, as a length of a list, and as a part of a day."""
    assert held(text, result=result) == [True] * len(atoms(text)) != []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$98.99", {"total_amount": "89.99"}),
        ("$90", {"total_amount": "89.99"}),
        ("four orders", {"orders": [{}, {}, {}]}),
        ("one order", {"found": False}),
        ("one order", {"orders": []}),
        ("2025-02-11", {"order_date": "2024-02-11"}),
        ("March 2024", {"order_date": "2024-02-11"}),
        ("since 2023", {"order_date": "2024-02-11"}),
        ("2024 orders", {"order_date": "2024-02-11"}),
        ("on February 12 it", {"order_date": "2024-02-11"}),
        ("at 09:46", {"order_date": "2024-02-11T09:45:00"}),
        ("phone 555-0102", {"phone": "+1-555-0101"}),
        ("phone +5-555-0101", {"phone": "+1-555-0101"}),
        ("0024-02-11", {"order_date": "2024-02-11"}),
        ("59999999999999999999", {"number": "99999999999999999999"}),
        ("a phone ending in 0102", {"phone": "+1-555-0101"}),
        ("code 1234", {"phone": "+1-555-010-1234"}),
        ("the 3rd order", {"orders": [{}, {}]}),
        ("CUST030", {"customer_id": "CUST003"}),
        ("REV001-REV004", {"ids": ["REV001", "REV003"]}),
        ("a.brown@example.com", {"email": "a.brown@example.net"}),
        ("7 systems", {}),
        ("http://b.example", {"comment": "see http://a.example"}),
        ("2024-02-30", {"order_date": "2024-02-11"}),
    ],
)
def test_what_no_result_holds_may_not_be_said(text: str, result: Mapping[str, Any]) -> None:
    """A figure that is nearly right is wrong."""
    assert not all(held(text, result=result))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("open CUST999", "no customer CUST999"),
        ("customer 99 please", "no customer CUST099"),
        ("cust 1, 2 and 99", "no customer CUST099"),
        ("rev 12?", "no review REV012"),
        ("order 4711", "no order 4711"),
        ("nobody@example.com?", "no nobody@example.com"),
        ("all of February 2024", "from 2024-02-01 to 2024-02-29"),
        ("who came in 2024", "from 2024-01-01 to 2024-12-31"),
        ("over $1,000", "above 1000 dollars"),
    ],
)
def test_the_reps_own_words_may_be_repeated(said: str, text: str) -> None:
    """Also an id that the rep gave by its number."""
    assert held(text, said=said) == [True] * len(atoms(text)) != []


@pytest.mark.parametrize(
    ("said", "text"), [("order 99", "CUST099"), ("customer 9", "CUST099"), ("hello", "5 orders")]
)
def test_other_words_ground_nothing(said: str, text: str) -> None:
    """A number of another thing is not the id's."""
    assert held(text, said=said) == [False]


def test_the_days_that_were_asked_for_may_be_said() -> None:
    """What "last week" is only the call's arguments say; their numbers do not count."""
    grounds = Grounds(TODAY)
    grounds.see({"orders": []}, {"since": "2026-11-09", "until": "2026-11-15", "limit": 37})
    told = [grounds.hold(atom) for atom in atoms("from 2026-11-09 to 2026-11-15, 37, 2026-11-16")]
    assert told == [True, True, False, False]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=8), st.integers(0, 10**6))
def test_a_number_is_held_when_a_result_has_it(numbers: list[int], asked: int) -> None:
    """A number, or how many there are; whether there is one."""
    known = {*numbers, len(numbers), int(bool(numbers))}
    assert held(f"it is {asked}", result={"found": numbers}) == [asked in known or asked == 2026]


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2025, 12, 31)), st.dates(date(2000, 1, 1), date(2025, 12, 31))
)
def test_a_day_is_held_when_a_result_has_it(known: date, asked: date) -> None:
    """Another day of the same month is not."""
    assert held(f"on {asked:%B} {asked.day}, {asked.year}", result={"at": known.isoformat()}) == [
        asked == known
    ]


@settings(max_examples=60, deadline=None)
@given(st.decimals(0, 10**6, places=2), st.integers(1, 99))
def test_money_that_is_off_by_cents_is_not_held(amount: Decimal, cents: int) -> None:
    """However it is written."""
    wrong = amount + Decimal(cents) / 100
    assert held(f"${wrong:,.2f}", result={"sum": str(amount)}) == [False]
