"""Warranties by serial number and by name, through the handler that Lambda calls."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.local.dynamodb import local_client
from tests.fixtures_dynamodb import Clock, Database, Handler, call_lambda
from tools.contract import ToolFailure
from tools.gateway.warranty import MOST, build_handler
from tools.records import warranty_item

pytestmark = pytest.mark.stack

CHECK = "warranty___check_warranty_status"
FIND = "warranty___find_warranties"
TODAY = "x-deskhand-today"


@pytest.fixture
def handler(sample: Database, clock: Clock) -> Handler:
    """The handler over the sample records, on 22 November 2026."""
    return build_handler(sample.client, sample.tables, clock, allow_frozen_clock=True)


def warranty(serial: str, holder: str, product: str = "Laptop Pro") -> dict[str, Any]:
    """A warranty to store."""
    return warranty_item(
        {
            "serial_number": serial,
            "customer_name": holder,
            "product_name": product,
            "purchase_date": "2026-01-01",
            "warranty_end_date": "2028-01-01",
        }
    )


def serials(result: dict[str, Any]) -> list[str]:
    """The serial numbers found, in order."""
    return [found["serial_number"] for found in result["warranties"]]


@pytest.mark.parametrize(
    "spelling", ["LAPTOP001A1B2C", "laptop001a1b2c", " Laptop-001-A1B2C ", "laptop 001 a1b2c"]
)
def test_a_serial_number_is_found_in_any_spelling(handler: Handler, spelling: str) -> None:
    """With its state on the day of the question."""
    assert call_lambda(handler, CHECK, serial_number=spelling) == {
        "found": True,
        "as_of": "2026-11-22",
        "warranty": {
            "serial_number": "LAPTOP001A1B2C",
            "product_name": "Laptop Pro",
            "customer_name": "John Doe",
            "warranty_type": "Extended",
            "purchase_date": "2023-08-15",
            "warranty_end_date": "2028-08-15",
            "coverage_details": "Parts and labour, accidental damage, software support",
            "status": "active",
            "days_left": 632,
        },
    }


def test_an_unknown_serial_number_is_not_found_and_no_error(handler: Handler) -> None:
    """Not found is data."""
    result = call_lambda(handler, CHECK, serial_number="NOPE1")
    assert result == {"found": False, "as_of": "2026-11-22", "warranty": None}


def test_a_serial_number_without_a_letter_or_digit_is_invalid(handler: Handler) -> None:
    """It would be an empty key."""
    assert call_lambda(handler, CHECK, serial_number="-- #")["error"]["kind"] == "invalid_input"


@pytest.mark.parametrize(
    ("moment", "status", "days_left"),
    [
        (datetime(2023, 12, 4, 23, 59, tzinfo=UTC), "not_started", 1097),
        (datetime(2023, 12, 5, 0, 0, tzinfo=UTC), "active", 1096),
        (datetime(2026, 12, 4, 12, 0, tzinfo=UTC), "active", 1),
        (datetime(2026, 12, 5, 0, 0, tzinfo=UTC), "active", 0),
        (datetime(2026, 12, 5, 23, 59, tzinfo=UTC), "active", 0),
        (datetime(2026, 12, 6, 0, 0, tzinfo=UTC), "expired", -1),
    ],
)
def test_a_warranty_is_valid_from_its_first_to_its_last_day(
    handler: Handler, clock: Clock, moment: datetime, status: str, days_left: int
) -> None:
    """Whole days count, at any hour of them."""
    clock.now = moment
    found = call_lambda(handler, CHECK, serial_number="TABLET003M5N6P")["warranty"]
    assert (found["status"], found["days_left"]) == (status, days_left)


def test_a_frozen_clock_wins_over_today(handler: Handler) -> None:
    """The header's name is found in any case."""
    headers = {"X-Deskhand-Today": "2030-01-01"}
    result = call_lambda(handler, CHECK, headers, serial_number="LAPTOP001A1B2C")
    assert (result["as_of"], result["warranty"]["status"]) == ("2030-01-01", "expired")


def test_a_frozen_clock_is_ignored_unless_the_stack_allows_it(
    sample: Database, clock: Clock
) -> None:
    """In production nobody chooses the day."""
    handler = build_handler(sample.client, sample.tables, clock)
    result = call_lambda(handler, CHECK, {TODAY: "2030-01-01"}, serial_number="LAPTOP001A1B2C")
    assert result["as_of"] == "2026-11-22"


def test_a_frozen_clock_that_is_no_date_is_told(handler: Handler) -> None:
    """Silence would show today as if it were the day asked for."""
    result = call_lambda(handler, CHECK, {TODAY: "tomorrow"}, serial_number="LAPTOP001A1B2C")
    assert result["error"]["message"] == "x-deskhand-today: must be an ISO date"


def test_a_warranty_with_a_broken_date_has_no_status(
    empty_database: Database, clock: Clock
) -> None:
    """Nothing is made up."""
    empty_database.put(
        "warranties", warranty("A1", "John Doe") | {"warranty_end_date": {"S": "soon"}}
    )
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    found = call_lambda(handler, CHECK, serial_number="A1")["warranty"]
    assert (found["status"], found["days_left"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "matched_by"),
    [
        ("Charles Davis", "name"),
        ("CHARLES  DAVIS", "name"),
        ("Davis, Charles", "name"),
        ("davis", "name"),
        ("Davis Charles", "name"),
        ("Charlie Davis", "similar_name"),
        ("Chuck Davies", "similar_name"),
        ("Charls Dvais", "similar_name"),
        ("C. Davis", "similar_name"),
    ],
)
def test_a_holder_is_found_by_name_and_close_names(
    handler: Handler, name: str, matched_by: str
) -> None:
    """The tie is by name, and the result says so and how."""
    result = call_lambda(handler, FIND, customer_name=name)
    assert serials(result) == ["CAMERA005T9U1V"]
    assert result["warranties"][0]["matched_by"] == matched_by
    assert (result["tie"], result["total"], result["truncated"]) == ("by name", 1, False)


@pytest.mark.parametrize(
    "name", ["Carol Davis", "Charles Dickens", "Nobody Known", "李小龙", "' OR 1=1"]
)
def test_other_people_have_none(handler: Handler, name: str) -> None:
    """Another person's warranty is not offered as this one's."""
    result = call_lambda(handler, FIND, customer_name=name)
    assert (result["warranties"], result["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("name", "serial", "matched_by"),
    [
        ("Laptop Pro", "LAPTOP001A1B2C", "name"),
        ("camera", "CAMERA005T9U1V", "name"),
        ("watch", "WATCH004Q7R8S", "name"),
        ("smart-watch", "WATCH004Q7R8S", "name"),
        ("smartwatch", "WATCH004Q7R8S", "similar_name"),
        ("Lap top pro", "LAPTOP001A1B2C", "similar_name"),
        ("tablt air", "TABLET003M5N6P", "similar_name"),
    ],
)
def test_a_product_is_found_by_name_and_close_names(
    handler: Handler, name: str, serial: str, matched_by: str
) -> None:
    """First or last word, misspelt or written as one."""
    result = call_lambda(handler, FIND, product_name=name)
    assert serials(result) == [serial]
    assert result["warranties"][0]["matched_by"] == matched_by


def test_a_product_without_a_letter_in_its_name_hides_no_other(
    empty_database: Database, clock: Clock
) -> None:
    """It has no key, and asking for another product must not stumble over it."""
    empty_database.put("warranties", warranty("A1", "Ann Lee", "🎥"), warranty("A2", "Ann Lee"))
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    found = call_lambda(handler, FIND, customer_name="Ann Lee", product_name="laptop")
    assert serials(found) == ["A2"]
    assert serials(call_lambda(handler, FIND, customer_name="Ann Lee")) == ["A1", "A2"]


def test_holder_and_product_narrow_each_other(handler: Handler) -> None:
    """Both must fit, and a close name on either side is said."""
    both = call_lambda(handler, FIND, customer_name="Charlie Davis", product_name="camera pro")
    neither = call_lambda(handler, FIND, customer_name="Charlie Davis", product_name="laptop")
    assert serials(both) == ["CAMERA005T9U1V"]
    assert both["warranties"][0]["matched_by"] == "similar_name"
    assert (neither["warranties"], neither["total"]) == ([], 0)


@pytest.mark.parametrize("given", [{"customer_name": "?!"}, {"product_name": "?!"}])
def test_a_name_without_a_letter_is_invalid(handler: Handler, given: dict[str, str]) -> None:
    """It would be an empty key."""
    assert call_lambda(handler, FIND, **given)["error"]["kind"] == "invalid_input"


def test_a_name_as_written_suppresses_close_ones(empty_database: Database, clock: Clock) -> None:
    """Who is found needs no guesses about others."""
    empty_database.put("warranties", warranty("A1", "Jon Doe"), warranty("A2", "John Doe"))
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    assert serials(call_lambda(handler, FIND, customer_name="John Doe")) == ["A2"]
    assert sorted(serials(call_lambda(handler, FIND, customer_name="J Doe"))) == ["A1", "A2"]


def test_holders_of_one_name_and_of_none_are_found(empty_database: Database, clock: Clock) -> None:
    """A holder with one name only has a key, too."""
    empty_database.put("warranties", warranty("A1", "Cher"), warranty("A2", "Sonny Cher"))
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    assert sorted(serials(call_lambda(handler, FIND, customer_name="cher"))) == ["A1", "A2"]


@pytest.mark.parametrize("given", [{"customer_name": "John Doe"}, {"product_name": "laptop"}])
def test_many_warranties_are_cut_and_counted(
    empty_database: Database, clock: Clock, given: dict[str, str]
) -> None:
    """All that match are counted."""
    empty_database.put("warranties", *(warranty(f"A{n}", "John Doe") for n in range(45)))
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    result = call_lambda(handler, FIND, **given)
    assert (len(result["warranties"]), result["total"], result["truncated"]) == (MOST, 45, True)


def test_many_products_of_one_sound_are_told_apart_quickly(
    empty_database: Database, clock: Clock
) -> None:
    """A misspelt name jumps over the warranties of each product instead of reading them."""
    empty_database.put(
        "warranties",
        *(warranty(f"A{n}", "John Doe", "Laptop Pro") for n in range(200)),
        warranty("B1", "John Doe", "Laptop Air"),
    )
    handler = build_handler(empty_database.client, empty_database.tables, clock)
    result = call_lambda(handler, FIND, product_name="laptob air")
    assert result["warranties"][0]["serial_number"] == "B1"
    assert len(empty_database.operations) <= 16


def test_a_database_that_is_down_is_a_fault_of_the_function(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Lambda counts it, the gateway says that it failed, and no name is logged."""
    handler = build_handler(local_client("http://127.0.0.1:9"), {"warranties": "w"}, clock)
    with caplog.at_level(logging.DEBUG), pytest.raises(ToolFailure) as raised:
        call_lambda(handler, FIND, customer_name="Canary Persson")
    assert raised.value.kind == "unavailable"
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("tools")]
    assert "outcome=<unavailable>" in " ".join(ours)
    assert "anary" not in " ".join(ours)
