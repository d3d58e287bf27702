"""Customer profiles by id, e-mail and phone, and customers by value, as Lambda answers."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures_dynamodb import Clock, Database, Handler, call_lambda
from tools import spelling
from tools.gateway.profile import build_handler
from tools.records import profile_item

pytestmark = pytest.mark.stack

GET = "profile___get_customer_profile"
LIST = "profile___list_customer_profiles"


@pytest.fixture
def handler(sample: Database, clock: Clock) -> Handler:
    """The handler over the sample records."""
    return build_handler(sample.client, sample.tables, clock)


def profile(number: int, **changed: Any) -> dict[str, Any]:
    """A profile to store."""
    return profile_item(
        {
            "customer_id": f"CUST{number:03}",
            "first_name": "F",
            "last_name": f"L{number}",
            "email": f"c{number}@example.com",
            "phone": f"+1-555-{number:04}",
            "tier": ("Standard", "Premium", "Gold", "VIP")[number % 4],
            "lifetime_value": f"{number}.50",
        }
        | changed
    )


@pytest.mark.parametrize(
    "given_as",
    [
        {"customer_id": "CUST003"},
        {"customer_id": "cust-3"},
        {"customer_id": 3},
        {"email": "Bob.Johnson@EXAMPLE.com"},
        {"email": "<mailto:bob.johnson@example.com>"},
        {"phone": "+1-555-0103"},
        {"phone": "555 0103"},
        {"phone": "5550103"},
        {"phone": "001 (555) 01-03"},
    ],
)
def test_a_profile_is_found_in_any_spelling(handler: Handler, given_as: dict[str, Any]) -> None:
    """With everything a rep may see, and nothing derived."""
    result = call_lambda(handler, GET, **given_as)
    assert result == {
        "found": True,
        "profile": {
            "customer_id": "CUST003",
            "first_name": "Bob",
            "last_name": "Johnson",
            "email": "bob.johnson@example.com",
            "phone": "+1-555-0103",
            "address": {
                "street": "789 Digital Blvd",
                "city": "Seattle",
                "state": "WA",
                "zip": "98101",
                "country": "USA",
            },
            "registration_date": "2021-09-05",
            "tier": "VIP",
            "communication_preferences": {"email": True, "sms": True, "phone": True},
            "support_cases_count": 5,
            "total_purchases": 12,
            "lifetime_value": "8750.25",
            "notes": "Business account holder, with us for years",
        },
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["", "+1", "1", "001", "+ 1 "]),
    st.lists(st.sampled_from(["", " ", "-", ".", "/", "(", ")", "\u00a0"]), min_size=7, max_size=7),
)
def test_a_phone_is_found_however_it_is_written(
    handler: Handler, country: str, between: list[str]
) -> None:
    """Any separators between any digits, with and without the country code."""
    written = country + "".join(map("".join, zip(between, "5550104", strict=True)))
    assert call_lambda(handler, GET, phone=written)["profile"]["customer_id"] == "CUST004"


@given(st.from_regex(r"\+1-[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}", fullmatch=True))
def test_spellings_of_a_long_phone_number_are_one_key(stored: str) -> None:
    """With and without country code and separators; digits of other scripts are digits."""
    digits = stored.removeprefix("+1").replace("-", "")
    wide = digits.translate({ord("0") + n: ord("\uff10") + n for n in range(10)})
    spellings = [digits, f"1{digits}", f"001{digits}", f"({digits[:3]}) {digits[3:]}", wide]
    assert {spelling.phone(written) for written in spellings} == {spelling.phone(stored)}


@pytest.mark.parametrize(
    "unknown", [{"customer_id": "CUST999"}, {"email": "no@example.com"}, {"phone": "555-9999"}]
)
def test_an_unknown_customer_is_not_found_and_no_error(
    handler: Handler, unknown: dict[str, str]
) -> None:
    """Not found is data."""
    assert call_lambda(handler, GET, **unknown) == {"found": False, "profile": None}


@pytest.mark.parametrize(
    ("given_as", "message"),
    [
        ({}, "Give exactly one of customer_id, email, phone."),
        ({"email": "a@b.c", "phone": "5550101"}, "Give exactly one of customer_id, email, phone."),
        ({"customer_id": "##"}, "customer_id: not a customer id"),
        ({"email": "bob"}, "email: not an e-mail address"),
        ({"email": "@"}, "email: not an e-mail address"),
        ({"phone": "bob"}, "phone: not a phone number"),
        ({"phone": "0103"}, "phone: not a phone number"),
        ({"email": ["a@b.c"]}, "email: must be a text"),
    ],
)
def test_a_look_up_by_nothing_or_too_much_is_invalid(
    handler: Handler, given_as: dict[str, Any], message: str
) -> None:
    """The sentence says what to give."""
    assert call_lambda(handler, GET, **given_as)["error"]["message"] == message


def test_an_address_that_several_share_gives_candidates(
    empty_database: Database, clock: Clock
) -> None:
    """The rep asks who it is; nobody's data is shown."""
    shared = {"email": "Family@example.com", "phone": "555-0199"}
    empty_database.put("profiles", profile(1, **shared), profile(2, **shared), profile(3))
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    for given_as in ({"email": "family@example.com"}, {"phone": "5550199"}):
        result = call_lambda(handler, GET, **given_as)
        assert (result["found"], result["profile"]) == (True, None)
        candidates = sorted(result["candidates"], key=lambda found: found["customer_id"])
        assert candidates == [
            {"customer_id": "CUST001", "first_name": "F", "last_name": "L1"},
            {"customer_id": "CUST002", "first_name": "F", "last_name": "L2"},
        ]
        assert result["truncated"] is False


@pytest.mark.parametrize(("sharing", "cut"), [(5, False), (6, True), (9, True)])
def test_candidates_beyond_five_are_said_to_be_cut(
    empty_database: Database, clock: Clock, sharing: int, cut: bool
) -> None:
    """A switchboard's number may be everybody's."""
    shared = [profile(number, phone="555-0199") for number in range(1, sharing + 1)]
    empty_database.put("profiles", *shared)
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    result = call_lambda(handler, GET, phone="5550199")
    assert (len(result["candidates"]), result["truncated"]) == (5, cut)


@pytest.mark.parametrize(
    ("given_as", "found"),
    [
        ({"tier": "vip"}, ["CUST003"]),
        ({"tier": " GOLD "}, ["CUST005", "CUST002"]),
        ({"min_lifetime_value": 0}, ["CUST003", "CUST005", "CUST001", "CUST002", "CUST004"]),
        ({"min_lifetime_value": 3250.99}, ["CUST003", "CUST005", "CUST001"]),
        ({"min_lifetime_value": "3251"}, ["CUST003", "CUST005"]),
        ({"tier": "Gold", "min_lifetime_value": 2000}, ["CUST005"]),
        ({"tier": "Standard", "min_lifetime_value": 2000}, []),
    ],
)
def test_customers_are_listed_by_value(
    handler: Handler, given_as: dict[str, Any], found: list[str]
) -> None:
    """One tier, or all tiers merged, highest first."""
    result = call_lambda(handler, LIST, **given_as)
    assert [listed["customer_id"] for listed in result["profiles"]] == found
    assert (result["total"], result["truncated"]) == (len(found), False)


def test_a_listed_customer_is_a_short_one(handler: Handler) -> None:
    """No contact, no address, no notes."""
    assert call_lambda(handler, LIST, tier="VIP")["profiles"] == [
        {
            "customer_id": "CUST003",
            "first_name": "Bob",
            "last_name": "Johnson",
            "tier": "VIP",
            "lifetime_value": "8750.25",
            "total_purchases": 12,
            "support_cases_count": 5,
            "registration_date": "2021-09-05",
        }
    ]


@pytest.mark.parametrize(
    ("given_as", "message"),
    [
        ({}, "Give at least one of tier, min_lifetime_value."),
        ({"limit": 5}, "Give at least one of tier, min_lifetime_value."),
        ({"tier": "Silver"}, "tier: must be one of Standard, Premium, Gold, VIP"),
        ({"tier": "VIP", "limit": 0}, "limit: must be from 1 to 50"),
        ({"tier": "VIP", "limit": 51}, "limit: must be from 1 to 50"),
        ({"min_lifetime_value": "much"}, "min_lifetime_value: must be a number"),
    ],
)
def test_a_list_of_everything_or_nothing_is_invalid(
    handler: Handler, given_as: dict[str, Any], message: str
) -> None:
    """The sentence says what to give."""
    assert call_lambda(handler, LIST, **given_as)["error"]["message"] == message


@pytest.mark.parametrize(
    ("given_as", "total"), [({"min_lifetime_value": 11}, 90), ({"tier": "VIP"}, 25)]
)
def test_many_customers_are_cut_and_counted(
    empty_database: Database, clock: Clock, given_as: dict[str, Any], total: int
) -> None:
    """All tiers are merged before the cut, and all that match are counted."""
    empty_database.put("profiles", *(profile(number) for number in range(1, 101)))
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    result = call_lambda(handler, LIST, **given_as, limit=7)
    values = [float(listed["lifetime_value"]) for listed in result["profiles"]]
    step = 1 if total == 90 else 4
    first = 100.5 if total == 90 else 99.5
    assert values == [first - step * n for n in range(7)]
    assert (result["total"], result["truncated"]) == (total, True)


def test_no_answer_and_no_log_holds_a_date_of_birth_or_what_was_asked(
    handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    """Births stay in the table, and arguments out of the log."""
    with caplog.at_level(logging.INFO, logger="tools"):
        answers = [
            call_lambda(handler, GET, email="bob.johnson@example.com"),
            call_lambda(handler, GET, customer_id="CUST001"),
            call_lambda(handler, LIST, {"X-Deskhand-Rep": "sam"}, min_lifetime_value=0),
        ]
    assert "date_of_birth" not in json.dumps(answers)
    assert "1978-11-08" not in json.dumps(answers)
    assert "tool=<get_customer_profile>, outcome=<ok>" in caplog.text
    assert "rep=<sam>, role=<None>" in caplog.text
    assert "bob" not in caplog.text.lower()
    assert "CUST" not in caplog.text
