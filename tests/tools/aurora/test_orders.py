"""Orders by customer, status and date, and one by its number; sums over all that match."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures_postgres import AskAurora, AuroraCopy

pytestmark = pytest.mark.stack


def numbers(result: dict[str, Any]) -> list[int]:
    """The order numbers of a result."""
    return [order["order_id"] for order in result["orders"]]


async def test_a_customers_orders_come_newest_first(ask_shared: AskAurora) -> None:
    """The contract's shape, with the customer's canonical id."""
    assert await ask_shared("list_orders", customer_id="cust-1") == {
        "customer_id": "CUST001",
        "customer_known": True,
        "orders": [
            {
                "order_id": 4,
                "customer_id": "CUST001",
                "total_amount": "89.99",
                "status": "completed",
                "order_date": "2024-02-14",
            },
            {
                "order_id": 1,
                "customer_id": "CUST001",
                "total_amount": "1329.98",
                "status": "completed",
                "order_date": "2024-01-10",
            },
        ],
        "total": 2,
        "sum": "1419.97",
        "truncated": False,
    }


@pytest.mark.parametrize(
    ("arguments", "expected", "total_sum"),
    [
        ({"status": "PENDING"}, [5, 2], "80.96"),
        ({"since": "2024-02-11", "until": "2024-02-14"}, [4, 3], "389.98"),
        ({"since": "2024-02-20"}, [5], "37.98"),
        ({"until": "2024-01-10"}, [1], "1329.98"),
        ({"customer_id": "CUST001", "since": "2024-02-01"}, [4], "89.99"),
        ({"customer_id": "CUST002", "status": "shipped"}, [], "0.00"),
        ({"status": "completed", "since": "2024-02-01T10:00:00"}, [4], "89.99"),
    ],
)
async def test_conditions_hold_together(
    arguments: dict[str, str], expected: list[int], total_sum: str, ask_shared: AskAurora
) -> None:
    """Days are included at both ends; count and sum follow the same conditions."""
    result = await ask_shared("list_orders", **arguments)
    assert (numbers(result), result["total"], result["sum"]) == (expected, len(expected), total_sum)
    assert ("customer_known" in result) == ("customer_id" in arguments)


@pytest.mark.parametrize(("customer_id", "known"), [("CUST005", True), ("CUST999", False)])
async def test_no_orders_is_not_no_customer(
    customer_id: str, known: bool, ask_shared: AskAurora
) -> None:
    """The rep must hear which of the two it is."""
    result = await ask_shared("list_orders", customer_id=customer_id)
    assert (result["orders"], result["total"], result["customer_known"]) == ([], 0, known)


async def test_count_and_sum_cover_what_is_cut_off(ask_shared: AskAurora) -> None:
    """A page is not the whole."""
    result = await ask_shared("list_orders", since="2024-01-01", limit=2)
    assert (numbers(result), result["total"], result["sum"]) == ([5, 4], 5, "1800.92")
    assert result["truncated"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "Give a customer_id"),
        ({"status": "lost"}, "pending, completed, shipped"),
        ({"since": "yesterday"}, "since must be a date"),
        ({"until": "2024-02-30"}, "until must be a date"),
        ({"since": "2024-02-01 to 2024-02-12"}, "since must be a date"),
        ({"since": "2024-02-011"}, "since must be a date"),
        ({"since": "2024-03-01", "until": "2024-02-01"}, "since is after until"),
        ({"customer_id": "CUST001", "limit": 51}, "limit"),
        ({"customer": "CUST001"}, "customer"),
    ],
)
async def test_wrong_arguments_are_named(
    arguments: dict[str, Any], said: str, ask_shared: AskAurora
) -> None:
    """The model reads what to write instead."""
    result = await ask_shared("list_orders", **arguments)
    assert result["error"]["kind"] == "invalid_input"
    assert said in result["error"]["message"]


@pytest.mark.parametrize("order_id", [3, "3", "#3", "order 3", "ORD-0003", " 3 ", "Order #3"])
async def test_an_order_is_found_in_any_spelling(order_id: Any, ask_shared: AskAurora) -> None:
    """With its customer, so that nobody has to ask twice."""
    assert await ask_shared("get_order", order_id=order_id) == {
        "found": True,
        "order": {
            "order_id": 3,
            "customer_id": "CUST003",
            "total_amount": "299.99",
            "status": "shipped",
            "order_date": "2024-02-11",
        },
        "customer": {
            "customer_id": "CUST003",
            "first_name": "Bob",
            "last_name": "Johnson",
            "email": "bob.johnson@example.com",
            "username": "bob_johnson",
        },
    }


@pytest.mark.parametrize("order_id", ["99", "0", "2147483648", "999999999999999999"])
async def test_an_unknown_order_is_not_found(order_id: str, ask_shared: AskAurora) -> None:
    """However large the number."""
    expected = {"found": False, "order": None, "customer": None}
    assert await ask_shared("get_order", order_id=order_id) == expected


@pytest.mark.parametrize("order_id", ["", "abc", "1.5", "-3", "1; DROP TABLE orders"])
async def test_what_is_no_number_is_named(order_id: str, ask_shared: AskAurora) -> None:
    """A malformed id is the caller's mistake, not a missing order."""
    result = await ask_shared("get_order", order_id=order_id)
    assert result["error"]["kind"] == "invalid_input"


async def test_an_order_without_customer_and_date_is_shown_as_it_is(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """The columns allow it, so the tools live with it; unknown dates come last."""
    aurora.execute("INSERT INTO store.orders (id, order_date, status) VALUES (77, NULL, 'shipped')")
    got = await ask_aurora("get_order", order_id="77")
    assert got["order"]["total_amount"] is None
    assert got["customer"] is None
    assert numbers(await ask_aurora("list_orders", status="shipped")) == [3, 77]


async def test_an_overview_is_one_customer_with_the_newest_orders(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """Twenty orders, and count and sum over all."""
    aurora.execute(
        "INSERT INTO store.orders (customer_id, total_amount, order_date)"
        " SELECT 'CUST002', 10, timestamp '2025-01-01' + n * interval '1 day'"
        " FROM generate_series(1, 30) AS n"
    )
    overview = await ask_aurora.database.customer_overview("cust 2")
    assert overview is not None
    assert overview["customer"]["username"] == "jane_smith"
    assert len(overview["orders"]["orders"]) == 20
    assert overview["orders"]["orders"][0]["order_date"] == "2025-01-31"
    assert (overview["orders"]["total"], overview["orders"]["sum"]) == (31, "342.98")
    assert overview["orders"]["truncated"]
    assert await ask_aurora.database.customer_overview("CUST999") is None
