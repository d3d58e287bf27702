"""Who calls is checked by what they say, and nobody can find it out by trying."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.fixtures_dynamodb import Clock, Database, Handler, call_lambda
from tools.gateway.profile import build_handler
from tools.records import profile_item

pytestmark = pytest.mark.stack

VERIFY = "profile___verify_customer"
RIGHT = {"date_of_birth": "1985-03-15", "phone_last4": "0101", "zip": "94105"}
WRONG = {"date_of_birth": "1985-03-16", "phone_last4": "0102", "zip": "94106"}


@pytest.fixture
def clock() -> Clock:
    """A time to come, for the database removes by its own clock what is over."""
    return Clock(datetime(2099, 1, 1, tzinfo=UTC))


@pytest.fixture
def handler(database: Database, clock: Clock) -> Handler:
    """The handler over sample records of this test's own."""
    return build_handler(database.client, database.tables, clock)


def verify(handler: Handler, customer: str = "CUST001", **answers: Any) -> tuple[str, int]:
    """The state of a verification and the tries that are left."""
    result = call_lambda(handler, VERIFY, customer_id=customer, **answers)
    assert sorted(result) == ["attempts_left", "status"]
    return result["status"], result["attempts_left"]


@pytest.mark.parametrize(
    "answers",
    [
        RIGHT,
        {"date_of_birth": "1985-03-15", "zip": "94105"},
        {"date_of_birth": "19850315", "phone_last4": " 01 01 "},
        {"phone_last4": "0101", "zip": "94105-1234"},
        {"phone_last4": "0101", "zip": " 94 105 "},
        {"phone_last4": "0101", "zip": "９４１０５"},  # as a keyboard of Japan has it
    ],
)
def test_two_right_answers_verify(handler: Handler, answers: dict[str, str]) -> None:
    """In the spellings in which callers say them."""
    assert verify(handler, "cust-1", **answers) == ("verified", 3)


@pytest.mark.parametrize(("wrong", "right"), list(permutations(RIGHT, 2)))
def test_one_wrong_answer_is_enough_to_fail(handler: Handler, wrong: str, right: str) -> None:
    """Whichever it is, alone or with two right ones, the reply is the same."""
    assert verify(handler, **{wrong: WRONG[wrong], right: RIGHT[right]}) == ("not_verified", 2)
    assert verify(handler, **RIGHT | {wrong: WRONG[wrong]}) == ("not_verified", 1)


@pytest.mark.parametrize("customer", ["CUST001", "CUST999"])
def test_the_fourth_try_is_locked_and_an_unknown_customer_looks_the_same(
    handler: Handler, customer: str
) -> None:
    """Neither status nor count tells whether there is such a customer."""
    assert [verify(handler, customer, **WRONG) for _ in range(5)] == [
        ("not_verified", 2),
        ("not_verified", 1),
        ("not_verified", 0),
        ("locked", 0),
        ("locked", 0),
    ]


def test_a_locked_customer_is_not_verified_by_right_answers(handler: Handler) -> None:
    """Nor does the reply tell that they were right."""
    for _ in range(3):
        verify(handler, **WRONG)
    assert verify(handler, **RIGHT) == ("locked", 0)


def test_a_lock_ends_fifteen_minutes_after_the_last_try(handler: Handler, clock: Clock) -> None:
    """Tries while it is locked do not make it longer."""
    for _ in range(3):
        verify(handler, **WRONG)
    clock.now += timedelta(minutes=14, seconds=59)
    assert verify(handler, **RIGHT) == ("locked", 0)
    clock.now += timedelta(seconds=1)
    assert verify(handler, **RIGHT) == ("verified", 3)


def test_no_fifteen_minutes_see_more_than_three_wrong_answers(
    handler: Handler, clock: Clock
) -> None:
    """Also when tries are spread so that a fixed window would begin anew between them."""
    wrong_at: list[float] = []
    for _ in range(200):
        if verify(handler, **WRONG)[0] == "not_verified":
            wrong_at.append(clock.now.timestamp())
        clock.now += timedelta(minutes=4)
    assert len(wrong_at) > 20
    for first, fourth in zip(wrong_at, wrong_at[3:], strict=False):
        assert fourth - first >= 15 * 60


def test_a_right_answer_costs_no_try_and_forgives_none(handler: Handler) -> None:
    """Who knows two facts cannot use them to guess the third for ever."""
    assert verify(handler, **RIGHT) == ("verified", 3)
    assert verify(handler, **WRONG) == ("not_verified", 2)
    assert verify(handler, **RIGHT) == ("verified", 2)
    assert verify(handler, **WRONG) == ("not_verified", 1)
    assert verify(handler, **RIGHT) == ("verified", 1)
    assert verify(handler, **WRONG) == ("not_verified", 0)
    assert verify(handler, **RIGHT) == ("locked", 0)


def test_tries_are_counted_for_each_customer(handler: Handler) -> None:
    """One customer's lock is not another's."""
    for _ in range(3):
        verify(handler, "CUST002", **WRONG)
    assert verify(handler, "CUST001", **RIGHT) == ("verified", 3)


def test_spellings_of_an_id_share_their_tries(handler: Handler) -> None:
    """Else every spelling would give three more."""
    for spelling in ("CUST001", "cust-1", " Cust 001"):
        verify(handler, spelling, **WRONG)
    assert verify(handler, "#cust001", **RIGHT) == ("locked", 0)


def test_reps_who_try_at_once_share_three_tries(handler: Handler) -> None:
    """Thirty-two wrong answers at one moment: three are looked at."""
    with ThreadPoolExecutor(32) as reps:
        replies = list(reps.map(lambda _: verify(handler, **WRONG), range(32)))
    assert sorted(reply for reply in replies if reply[0] == "not_verified") == [
        ("not_verified", 0),
        ("not_verified", 1),
        ("not_verified", 2),
    ]
    assert replies.count(("locked", 0)) == 29


@pytest.mark.parametrize("missing", ["date_of_birth", "phone", "address"])
def test_a_fact_that_is_not_stored_agrees_with_nothing(
    database: Database, handler: Handler, missing: str
) -> None:
    """Least of all with an empty answer."""
    record = {
        "customer_id": "CUST001", "tier": "Gold", "date_of_birth": "1985-03-15",
        "phone": "5550101", "address": {"zip": "94105"},
    }  # fmt: skip
    database.put("profiles", profile_item({k: v for k, v in record.items() if k != missing}))
    assert verify(handler, **RIGHT) == ("not_verified", 2)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"zip": "94105", "phone_last4": "0101"}, "customer_id: required"),
        ({"customer_id": "#", **RIGHT}, "customer_id: not a customer id"),
        (
            {"customer_id": "CUST001", "zip": "94105"},
            "Give at least two of date_of_birth, phone_last4, zip.",
        ),
        (
            {"customer_id": "CUST001", "zip": "94105", "date_of_birth": "15.3.1985"},
            "date_of_birth: must be YYYY-MM-DD",
        ),
        (
            {"customer_id": "CUST001", "zip": "94105", "phone_last4": "555-0101"},
            "phone_last4: must be four digits",
        ),
    ],
)
def test_answers_that_are_none_are_invalid_and_cost_no_try(
    handler: Handler, given: dict[str, str], message: str
) -> None:
    """A slip of the rep's is no guess of the caller's."""
    assert call_lambda(handler, VERIFY, **given)["error"]["message"] == message
    assert verify(handler, **RIGHT) == ("verified", 3)


def test_a_frozen_clock_does_not_freeze_the_lock(database: Database, clock: Clock) -> None:
    """Who may choose the day may not choose when tries are forgotten."""
    handler = build_handler(database.client, database.tables, clock, allow_frozen_clock=True)
    for day in ("2026-01-01", "2027-01-01", "2028-01-01"):
        headers = {"x-deskhand-today": day}
        call_lambda(handler, VERIFY, headers, customer_id="CUST001", **WRONG)
    assert verify(handler, **RIGHT) == ("locked", 0)


def test_the_count_is_kept_no_longer_than_it_matters(
    database: Database, handler: Handler, clock: Clock
) -> None:
    """DynamoDB removes it when the window is over; no answer is stored."""
    verify(handler, **WRONG)
    key = {"customer_id": {"S": "CUST001"}}
    stored = database.client.get_item(TableName=database.tables["verifications"], Key=key)["Item"]
    ends = str(int(clock.now.timestamp()) + 900)
    assert stored == {
        "customer_id": {"S": "CUST001"},
        "tries": {"N": "1"},
        "window_ends": {"N": ends},
        "expires_at": {"N": ends},
    }
