"""All systems at once over the sample data, in real stores."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deploy.seed import load_aurora, load_dynamodb, sample_records
from deploy.seed.dynamodb import write_batches
from tests.fixtures_seed import Stores, Systems, systems_of, systems_over
from tests.tools.sample_differences import SAMPLE_DIFFERENCES
from tools.aurora.database import open_database
from tools.contract import Result
from tools.records import warranty_item

pytestmark = pytest.mark.stack

CUSTOMERS = tuple(f"CUST00{number}" for number in range(1, 6))


async def ask(systems: Systems, customer_id: str) -> Result:
    """Everything about one customer."""
    return await systems.call("get_customer_360", {"customer_id": customer_id})


async def compare(systems: Systems, product_id: int) -> Result:
    """One product in both systems."""
    return await systems.call("compare_product_records", {"product_id": product_id})


async def test_the_sample_data_holds_exactly_the_known_differences(
    sample_systems: Systems,
) -> None:
    """Over every customer and every product; nothing is missed and nothing else is found."""
    found: list[tuple[str, Any, str]] = []
    for customer in CUSTOMERS:
        for one in (await ask(sample_systems, customer))["discrepancies"]:
            found.append((one["kind"], customer, one["message"]))
    for product in range(1, 11):
        for one in (await compare(sample_systems, product))["discrepancies"]:
            found.append((one["kind"], product, one["message"]))
    assert len(found) == len(SAMPLE_DIFFERENCES)
    for kind, about, words in SAMPLE_DIFFERENCES:
        messages = [message for one, owner, message in found if (one, owner) == (kind, about)]
        assert [message for message in messages if all(word in message for word in words)]


async def test_what_one_system_does_not_know_is_information(sample_systems: Systems) -> None:
    """Products that only Aurora has, and products under warranty that nobody sells."""
    customers = [await ask(sample_systems, customer) for customer in CUSTOMERS]
    products = [await compare(sample_systems, product) for product in range(1, 11)]
    assert [line for result in (*customers, *products) for line in result["information"]] == [
        "Smartphone X12 (PHONE002X1Y2Z) is under warranty but not sold by us.",
        "Tablet Air (TABLET003M5N6P) is under warranty but not sold by us.",
        "Smart Watch (WATCH004Q7R8S) is under warranty but not sold by us.",
        "Camera Pro (CAMERA005T9U1V) is under warranty but not sold by us.",
        "Product 6 (Notebook) is not in the catalogue.",
        "Product 7 (Monitor Stand) is not in the catalogue.",
        "Product 8 (Keyboard) is not in the catalogue.",
        "Product 9 (Water Bottle) is not in the catalogue.",
        "Product 10 (Webcam) is not in the catalogue.",
    ]


@pytest.mark.parametrize("written", ["CUST001", "cust-1", " #cust 001 ", "1"])
async def test_one_call_tells_everything_about_a_customer(
    sample_systems: Systems, written: str
) -> None:
    """Whatever the spelling of the id; a warranty is said to be tied by name."""
    result = await ask(sample_systems, written)
    assert (result["customer_id"], result["found"]) == ("CUST001", True)
    assert result["customer"]["username"] == "john_doe"
    assert [order["order_id"] for order in result["orders"]["orders"]] == [4, 1]
    assert (result["orders"]["total"], result["orders"]["sum"]) == (2, "1419.97")
    assert result["profile"]["tier"] == "Premium"
    assert [row["review_id"] for row in result["reviews"]["reviews"]] == ["REV004", "REV001"]
    assert result["warranties"]["tie"] == "by name"
    (warranty,) = result["warranties"]["warranties"]
    assert (warranty["serial_number"], warranty["status"]) == ("LAPTOP001A1B2C", "active")
    assert (result["discrepancies"], result["unavailable"]) == ([], [])
    assert "date_of_birth" not in json.dumps(result)


async def test_lifetime_numbers_stand_beside_the_orders(sample_systems: Systems) -> None:
    """They are no discrepancy; where both systems agree, that is said too."""
    lifetimes = {
        customer: (await ask(sample_systems, customer))["lifetime"] for customer in CUSTOMERS
    }
    assert [lifetimes[customer]["differs"] for customer in CUSTOMERS] == [
        True,
        True,
        True,
        False,
        True,
    ]
    assert lifetimes["CUST002"] == {
        "orders": 1,
        "orders_total": "42.98",
        "profile_total_purchases": 3,
        "profile_lifetime_value": "1899.50",
        "differs": True,
        "note": "The profile counts over a longer time than the orders in Aurora.",
    }


@pytest.mark.parametrize(
    "customer_id", ["CUST999", "nobody", "'; DROP TABLE users --", "😀", "\x00"]
)
async def test_an_unknown_customer_is_not_found(sample_systems: Systems, customer_id: str) -> None:
    """That is data, not an error, whatever was given as an id."""
    result = await ask(sample_systems, customer_id)
    assert result.get("found") is False
    assert (result["customer"], result["profile"], result["warranties"]) == (None, None, None)
    assert (result["discrepancies"], result["information"]) == ([], [])


@pytest.mark.parametrize("given", [{}, {"customer_id": ""}, {"customer_id": "x" * 65}, {"id": "1"}])
async def test_a_call_without_a_usable_id_is_refused(
    sample_systems: Systems, given: dict[str, Any]
) -> None:
    """Before any system is asked."""
    result = await sample_systems.call("get_customer_360", given)
    assert result["error"]["kind"] == "invalid_input"
    assert sample_systems.asked == ["get_customer_360"]


@pytest.mark.parametrize(
    ("system", "missing"),
    [("catalog", "reviews"), ("profile", "profile"), ("warranty", "warranties")],
)
async def test_a_system_that_is_down_is_named_and_the_rest_is_there(
    sample_systems: Systems, system: str, missing: str
) -> None:
    """CUST002 has something in every system."""
    sample_systems.down.add(system)
    result = await ask(sample_systems, "CUST002")
    assert (result["found"], result["unavailable"]) == (True, [system])
    parts = ("customer", "orders", "profile", "reviews", "warranties")
    assert {part for part in parts if result[part] is None} == {missing}


async def test_without_aurora_the_others_still_answer(sample_stores: Stores) -> None:
    """Warranties are looked up by the name in the profile; nothing is compared with Aurora."""
    async with open_database(
        "host=127.0.0.1 port=1 user=deskhand_reader connect_timeout=2"
    ) as gone:
        result = await ask(systems_of(sample_stores, gone), "CUST002")
    assert (result["found"], result["unavailable"]) == (True, ["aurora"])
    assert (result["customer"], result["orders"], result["lifetime"]) == (None, None, None)
    assert result["profile"]["last_name"] == "Smith"
    assert result["reviews"]["total"] == 2
    assert [row["serial_number"] for row in result["warranties"]["warranties"]] == ["PHONE002X1Y2Z"]
    assert (result["discrepancies"], result["information"]) == ([], [])


async def test_warranties_on_the_name_and_on_nearly_the_name_are_both_found(
    empty_stores: Stores,
) -> None:
    """A warranty that fits exactly does not hide one with a slip of the pen."""
    load_aurora(empty_stores.owner_dsn, sample_records())
    load_dynamodb(empty_stores.client, empty_stores.tables, sample_records())
    row = dict(sample_records().warranties[0])
    table = empty_stores.tables["warranties"]
    added = [
        warranty_item(row | {"serial_number": "LAMP2", "customer_name": "Jon Doe"}),
        warranty_item(row | {"serial_number": "LAMP3", "customer_name": "Jane Doe"}),
    ]
    write_batches(empty_stores.client, [(table, item) for item in added], threads=1)
    async with systems_over(empty_stores) as systems:
        result = await ask(systems, "CUST001")
    shown = [
        (one["serial_number"], one["matched_by"]) for one in result["warranties"]["warranties"]
    ]
    assert shown == [("LAPTOP001A1B2C", "name"), ("LAMP2", "similar_name")]
    assert [one["kind"] for one in result["discrepancies"]] == ["warranty_name_differs"]
    assert "LAMP2" in result["discrepancies"][0]["message"]


@pytest.mark.parametrize(
    ("product_id", "in_aurora", "in_catalog"),
    [(4, True, True), (9, True, False), (99, False, False)],
)
async def test_a_product_is_shown_as_each_system_has_it(
    sample_systems: Systems, product_id: int, in_aurora: bool, in_catalog: bool
) -> None:
    """Side by side, money as text with cents."""
    result = await compare(sample_systems, product_id)
    assert (result["aurora"] is not None, result["catalog"] is not None) == (in_aurora, in_catalog)
    assert result["found"] is (in_aurora or in_catalog)
    if product_id == 4:
        assert (result["aurora"]["price"], result["catalog"]["price"]) == ("299.99", "299.99")
        assert (result["aurora"]["stock_quantity"], result["catalog"]["stock_quantity"]) == (25, 30)


async def test_two_statements_are_all_that_aurora_is_asked(sample_stores: Stores) -> None:
    """One for the customer, one for what the other systems said; a product needs one."""
    async with open_database(sample_stores.reader_dsn) as database:
        statements: list[str] = []

        class Counting:
            """The database, counted."""

            async def customer_overview(self, customer_id: str) -> Result | None:
                statements.append("overview")
                return await database.customer_overview(customer_id)

            async def related_records(self, **wanted: Any) -> Any:
                statements.append("related")
                return await database.related_records(**wanted)

        systems = systems_of(sample_stores, Counting())
        await ask(systems, "CUST002")
        await compare(systems, 4)
    assert statements == ["overview", "related", "related"]
