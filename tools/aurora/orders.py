"""The tools that list orders by customer, status and dates, and get one by its number."""

from __future__ import annotations

import re
from typing import Annotated, Any

from psycopg import sql
from pydantic import Field

from tools import spelling
from tools.aurora import shapes
from tools.aurora.database import Database, Row
from tools.aurora.order_filter import OrderFilter, read_order_filter
from tools.contract import Result, Tool, ToolFailure
from tools.typed import build_tool

Status = Annotated[str | None, Field(description="pending, completed or shipped")]
Since = Annotated[str | None, Field(description="First day, YYYY-MM-DD.")]
Until = Annotated[str | None, Field(description="Last day, included.")]

_ORDER_NUMBER = re.compile(
    r"(?:(?:order|ord|number|no|nr)[\s#:._-]*|#\s*)?0*(\d{1,18})", re.IGNORECASE
)

# The page out of the index in its order; count and sum out of the same index for one customer, else
# out of the totals kept by day: never by adding up all orders of a status or a year.
_LIST = sql.SQL("""
SELECT totals.orders AS total, totals.amount AS sum, {known} AS customer_known, page.*
FROM ({totals}) AS totals
LEFT JOIN LATERAL (
    SELECT o.id AS order_id, o.customer_id, o.total_amount, o.status, o.order_date
    FROM desk.orders AS o WHERE {condition}
    ORDER BY o.order_date DESC NULLS LAST, o.id DESC LIMIT %(page)s) AS page ON true
ORDER BY page.order_date DESC NULLS LAST, page.order_id DESC
""")
_TOTALS_OF_CUSTOMER = sql.SQL("""
    SELECT count(*) AS orders, coalesce(sum(o.total_amount), 0) AS amount
    FROM desk.orders AS o WHERE {condition}
""")
_TOTALS_OF_ALL = sql.SQL("""
    SELECT coalesce(sum(kept.orders), 0)::bigint AS orders, coalesce(sum(kept.amount), 0) AS amount
    FROM desk.order_totals(%(status)s, %(since)s, %(until)s) AS kept
""")
_KNOWN = sql.SQL("EXISTS (SELECT FROM desk.users AS u WHERE u.customer_id = %(customer_id)s)")

_GET = sql.SQL("""
SELECT o.id AS order_id, o.customer_id, o.total_amount, o.status, o.order_date,
    u.customer_id AS known_customer, u.first_name, u.last_name, u.email, u.username
FROM desk.orders AS o LEFT JOIN desk.users AS u ON u.customer_id = o.customer_id
WHERE o.id = %(order_id)s
""")


def order_tools(database: Database) -> list[Tool]:
    """``list_orders`` and ``get_order`` over an open database."""

    async def list_orders(
        customer_id: Annotated[str | None, Field(max_length=50)] = None,
        status: Status = None,
        since: Since = None,
        until: Until = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 20,
    ) -> Result:
        """List orders, newest first, by customer, status and dates; give at least one of these.

        total and sum cover all that match, also those cut off. Orders have no lines: which
        products were bought is not known.
        """
        wanted = read_order_filter(status=status, since=since, until=until)
        customer = spelling.customer_id(customer_id) if customer_id else None
        if customer is None and wanted.is_empty:
            raise ToolFailure("invalid_input", "Give a customer_id, a status, since or until.")
        rows = await database.fetch(*_list_statement(customer, wanted, page=limit + 1))
        return _listed(rows, customer, limit)

    async def get_order(order_id: Annotated[str, Field(max_length=50)]) -> Result:
        """Get one order by its number, with its customer. Orders have no lines."""
        number = read_order_id(order_id)
        rows = (
            await database.fetch(_GET, {"order_id": number}) if number <= shapes.LARGEST_ID else []
        )
        return _got(rows)

    return [build_tool(list_orders, system="aurora"), build_tool(get_order, system="aurora")]


def read_order_id(text: str) -> int:
    """The number in ``5``, ``#5``, ``order 5`` or ``ORD-0005``."""
    number = _ORDER_NUMBER.fullmatch(text.strip())
    if number is None:
        raise ToolFailure("invalid_input", "order_id is not an order number, such as 17.")
    return int(number[1])


def _list_statement(
    customer: str | None, wanted: OrderFilter, *, page: int
) -> tuple[sql.Composed, dict[str, Any]]:
    conditions = wanted.conditions()
    if customer is not None:
        conditions = [sql.SQL("o.customer_id = %(customer_id)s"), *conditions]
    condition = sql.SQL(" AND ").join(conditions)
    statement = _LIST.format(
        condition=condition,
        known=_KNOWN if customer is not None else sql.SQL("NULL"),
        totals=_TOTALS_OF_ALL
        if customer is None
        else _TOTALS_OF_CUSTOMER.format(condition=condition),
    )
    return statement, {**wanted.parameters(), "customer_id": customer, "page": page}


def _listed(rows: list[Row], customer: str | None, limit: int) -> Result:
    orders = [shapes.order(row) for row in rows if row["order_id"] is not None]
    subject = (
        {}
        if customer is None
        else {"customer_id": customer, "customer_known": rows[0]["customer_known"]}
    )
    return {
        **subject,
        "orders": orders[:limit],
        "total": rows[0]["total"],
        "sum": shapes.money(rows[0]["sum"]),
        "truncated": len(orders) > limit,
    }


def _got(rows: list[Row]) -> Result:
    if not rows:
        return {"found": False, "order": None, "customer": None}
    row = rows[0]
    customer = {name: row[name] for name in ("customer_id", "first_name", "last_name", "email")}
    return {
        "found": True,
        "order": shapes.order(row),
        "customer": customer | {"username": row["username"]} if row["known_customer"] else None,
    }
