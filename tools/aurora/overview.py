"""Everything Aurora knows about one customer, in one statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from psycopg import sql

from tools import spelling
from tools.aurora import shapes

_NEWEST = 20
_OVERVIEW = sql.SQL("""
SELECT u.customer_id, u.username, u.email, u.first_name, u.last_name, u.created_at,
    totals.orders AS total, totals.amount AS sum, totals.largest, newest.orders
FROM desk.users AS u
CROSS JOIN LATERAL (
    SELECT count(*) AS orders, coalesce(sum(o.total_amount), 0) AS amount,
        max(o.total_amount) AS largest
    FROM desk.orders AS o WHERE o.customer_id = u.customer_id) AS totals
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object(
        'order_id', n.id, 'customer_id', n.customer_id, 'total_amount', n.total_amount::text,
        'status', n.status, 'order_date', n.order_date)) AS orders
    FROM (SELECT o.id, o.customer_id, o.total_amount, o.status, o.order_date FROM desk.orders AS o
          WHERE o.customer_id = u.customer_id
          ORDER BY o.order_date DESC NULLS LAST, o.id DESC LIMIT %(newest)s) AS n) AS newest
WHERE u.customer_id = %(customer_id)s
""")

Fetch = Callable[[sql.SQL, Mapping[str, Any]], Awaitable[list[dict[str, Any]]]]


async def read_overview(fetch: Fetch, customer_id: str) -> dict[str, Any] | None:
    """The customer with the newest orders, their count and sum; None when there is none."""
    parameters = {"customer_id": spelling.customer_id(customer_id), "newest": _NEWEST}
    rows = await fetch(_OVERVIEW, parameters)
    if not rows:
        return None
    found = rows[0]
    return {
        "customer": shapes.customer(found),
        "orders": {
            "orders": [shapes.order(order) for order in found["orders"] or []],
            "total": found["total"],
            "sum": shapes.money(found["sum"]),
            "truncated": found["total"] > _NEWEST,
        },
        "largest_order": found["largest"],
    }
