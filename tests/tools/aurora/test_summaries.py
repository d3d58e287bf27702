"""Orders counted and added up by status, customer and month; totals that follow every change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures_postgres import AskAurora, AuroraCopy

pytestmark = pytest.mark.stack

KEPT = "SELECT day, status, orders, amount FROM store.order_days WHERE orders <> 0 OR amount <> 0"
COUNTED = (
    "SELECT order_date::date, status, count(*), coalesce(sum(total_amount), 0)"
    " FROM store.orders GROUP BY 1, 2"
)
KEPT_BY_CUSTOMER = "SELECT * FROM store.customer_totals WHERE orders <> 0"
COUNTED_BY_CUSTOMER = """
SELECT customer_id, count(*), coalesce(sum(total_amount), 0),
    count(*) FILTER (WHERE status = 'pending'),
    coalesce(sum(total_amount) FILTER (WHERE status = 'pending'), 0),
    count(*) FILTER (WHERE status = 'completed'),
    coalesce(sum(total_amount) FILTER (WHERE status = 'completed'), 0),
    count(*) FILTER (WHERE status = 'shipped'),
    coalesce(sum(total_amount) FILTER (WHERE status = 'shipped'), 0)
FROM store.orders WHERE customer_id IS NOT NULL GROUP BY customer_id
"""


def groups(result: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Key, number and sum of each group."""
    return [(group["key"], group["orders"], group["total_amount"]) for group in result["groups"]]


@pytest.mark.parametrize(
    ("arguments", "expected", "overall"),
    [
        (
            {"group_by": "status"},
            [("completed", 2, "1419.97"), ("pending", 2, "80.96"), ("shipped", 1, "299.99")],
            (5, "1800.92"),
        ),
        (
            {"group_by": "month"},
            [("2024-02", 4, "470.94"), ("2024-01", 1, "1329.98")],
            (5, "1800.92"),
        ),
        (
            {"group_by": "month", "status": "Completed", "since": "2024-02-01"},
            [("2024-02", 1, "89.99")],
            (1, "89.99"),
        ),
        (
            {"group_by": "customer", "status": "pending"},
            [("CUST002", 1, "42.98"), ("CUST004", 1, "37.98")],
            (2, "80.96"),
        ),
        (
            {"group_by": "customer", "since": "2024-02-01", "until": "2024-02-15"},
            [("CUST003", 1, "299.99"), ("CUST001", 1, "89.99"), ("CUST002", 1, "42.98")],
            (3, "432.96"),
        ),
        ({"group_by": "status", "since": "2030-01-01"}, [], (0, "0.00")),
    ],
)
async def test_groups_and_overall_follow_the_conditions(
    arguments: dict[str, str],
    expected: list[tuple[str, int, str]],
    overall: tuple[int, str],
    ask_shared: AskAurora,
) -> None:
    """Largest or newest first; overall is the sum of all groups."""
    result = await ask_shared("summarize_orders", **arguments)
    assert groups(result) == expected
    assert tuple(result["overall"].values()) == overall
    assert (result["total"], result["truncated"]) == (len(expected), False)


async def test_customers_come_by_name_and_cut_is_said(ask_shared: AskAurora) -> None:
    """Without dates the number of customers is not counted once it is cut."""
    result = await ask_shared("summarize_orders", group_by="customer", limit=1)
    assert result == {
        "group_by": "customer",
        "groups": [{"key": "CUST001", "orders": 2, "total_amount": "1419.97", "name": "John Doe"}],
        "total": None,
        "truncated": True,
        "overall": {"orders": 5, "total_amount": "1800.92"},
    }


async def test_months_that_are_cut_off_still_count(ask_shared: AskAurora) -> None:
    """The newest are shown, the overall is whole."""
    result = await ask_shared("summarize_orders", group_by="month", limit=1)
    assert (groups(result), result["total"], result["truncated"]) == (
        [("2024-02", 4, "470.94")],
        2,
        True,
    )
    assert result["overall"]["orders"] == 5


@pytest.mark.parametrize(
    "arguments", [{}, {"group_by": "year"}, {"group_by": "month", "status": "lost"}]
)
async def test_wrong_arguments_are_named(arguments: dict[str, Any], ask_shared: AskAurora) -> None:
    """There is nothing to guess."""
    result = await ask_shared("summarize_orders", **arguments)
    assert result["error"]["kind"] == "invalid_input"


def same(aurora: AuroraCopy) -> bool:
    """Whether what is kept equals what is counted."""
    by_day = set(aurora.execute(KEPT)) == set(aurora.execute(COUNTED))
    kept = set(aurora.execute(KEPT_BY_CUSTOMER))
    return by_day and kept == set(aurora.execute(COUNTED_BY_CUSTOMER))


CHANGES = """
INSERT INTO store.orders (customer_id, total_amount, status, order_date)
    SELECT 'CUST00' || 1 + n % 5, n, (ARRAY['pending', 'shipped', 'completed'])[1 + n % 3],
        timestamp '2024-02-01' + n * interval '7 hours' FROM generate_series(1, 200) AS n;
INSERT INTO store.orders (customer_id, total_amount, status, order_date)
    VALUES (NULL, 5, 'shipped', now()), ('CUST001', NULL, NULL, NULL), ('CUST002', 3, NULL, NULL);
UPDATE store.orders SET status = 'completed', total_amount = total_amount + 1 WHERE id > 100;
UPDATE store.orders SET customer_id = 'CUST004', order_date = order_date + interval '40 days'
    WHERE id % 7 = 0;
UPDATE store.orders SET status = status;
INSERT INTO store.orders (id, customer_id, total_amount)
    VALUES (1, 'CUST005', 9), (999, 'CUST005', 8)
    ON CONFLICT (id) DO UPDATE SET total_amount = excluded.total_amount;
DELETE FROM store.orders WHERE id % 3 = 0;
DELETE FROM store.orders WHERE customer_id IS NULL
"""


def test_totals_follow_every_kind_of_change(aurora: AuroraCopy) -> None:
    """Insert, update, upsert, delete, rows without customer, status or date, and truncate."""
    assert same(aurora)
    for statement in CHANGES.split(";"):
        aurora.execute(statement)
        assert same(aurora), statement
    aurora.execute("TRUNCATE store.orders")
    assert aurora.execute(KEPT) == []


def test_a_bulk_load_ends_with_the_same_totals_and_names(aurora: AuroraCopy) -> None:
    """Triggers rest while it loads, and everything is counted once at the end."""
    aurora.execute(
        "SELECT store.begin_bulk_load();"
        " INSERT INTO store.users (customer_id, username, email, first_name, last_name)"
        "  SELECT 'B' || n, 'b' || n, 'b' || n || '@x.org', 'Bulk', 'Name' || n"
        "  FROM generate_series(1, 50) AS n;"
        " INSERT INTO store.orders (customer_id, total_amount, status)"
        "  SELECT 'B' || 1 + n % 50, n, 'shipped' FROM generate_series(1, 500) AS n;"
        " SELECT store.finish_bulk_load()"
    )
    assert same(aurora)
    assert aurora.execute("SELECT count(*) FROM store.names WHERE name LIKE 'name%'") == [(50,)]
    aurora.execute("DELETE FROM store.orders WHERE customer_id = 'B1'")
    assert same(aurora)
