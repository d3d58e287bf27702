"""The tool that counts and adds up orders by status, customer or month."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from psycopg import sql
from pydantic import Field

from tools.aurora import shapes
from tools.aurora.database import Database, Query, Row
from tools.aurora.order_filter import OrderFilter, read_order_filter
from tools.aurora.orders import Since, Status, Until
from tools.contract import Result, Tool
from tools.typed import build_tool

GroupBy = Literal["status", "customer", "month"]

# Every row of the answer carries the sums over all that match; a left join keeps them when no
# group does. All of it comes out of the totals kept by day and by customer, but for customers in a
# range of days, where the orders of those days are added up.
_SUMMARY = sql.SQL("""
WITH kept AS MATERIALIZED (
    SELECT * FROM desk.order_totals(%(status)s, %(since)s, %(until)s)
), overall AS (
    SELECT coalesce(sum(kept.orders), 0)::bigint AS all_orders,
        coalesce(sum(kept.amount), 0) AS all_amount
    FROM kept
)
SELECT overall.*, page.* FROM overall LEFT JOIN ({groups}) AS page ON true ORDER BY page.place
""")
_BY_STATUS = sql.SQL("""
    SELECT row_number() OVER (ORDER BY sum(orders) DESC, status) AS place,
        coalesce(status, 'unknown') AS key, NULL AS name,
        sum(orders)::bigint AS orders, sum(amount) AS amount, count(*) OVER () AS groups
    FROM kept GROUP BY status ORDER BY place LIMIT %(page)s
""")
_BY_MONTH = sql.SQL("""
    SELECT row_number() OVER (ORDER BY month DESC NULLS LAST) AS place,
        coalesce(to_char(month, 'YYYY-MM'), 'unknown') AS key, NULL AS name,
        sum(orders)::bigint AS orders, sum(amount) AS amount, count(*) OVER () AS groups
    FROM kept GROUP BY month ORDER BY place LIMIT %(page)s
""")
_BY_CUSTOMER = sql.SQL("""
    SELECT row_number() OVER (ORDER BY top.amount DESC, top.customer_id) AS place,
        top.customer_id AS key, top.orders, top.amount, top.groups, (
            SELECT concat_ws(' ', u.first_name, u.last_name) FROM desk.users AS u
            WHERE u.customer_id = top.customer_id) AS name
    FROM ({top}) AS top
""")
_TOP_EVER = sql.SQL("SELECT t.*, NULL AS groups FROM desk.top_customers(%(status)s, %(page)s) AS t")
_TOP_OF_DAYS = sql.SQL("""
    SELECT o.customer_id, count(*) AS orders, coalesce(sum(o.total_amount), 0) AS amount,
        count(*) OVER () AS groups
    FROM desk.orders AS o WHERE o.customer_id IS NOT NULL AND {condition}
    GROUP BY o.customer_id ORDER BY amount DESC, o.customer_id LIMIT %(page)s
""")


def summary_tools(database: Database) -> list[Tool]:
    """``summarize_orders`` over an open database."""

    async def summarize_orders(
        group_by: GroupBy,
        status: Status = None,
        since: Since = None,
        until: Until = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 12,
    ) -> Result:
        """Count and add up orders by status, by customer (highest sum first) or by month.

        overall covers all groups, also those cut off. For sums of one customer use list_orders.
        """
        wanted = read_order_filter(status=status, since=since, until=until)
        statement = _SUMMARY.format(groups=_groups(group_by, wanted))
        rows = await database.fetch(statement, {**wanted.parameters(), "page": limit + 1})
        return _summary(rows, group_by, limit)

    return [build_tool(summarize_orders, system="aurora")]


def _groups(group_by: GroupBy, wanted: OrderFilter) -> Query:
    if group_by == "status":
        return _BY_STATUS
    if group_by == "month":
        return _BY_MONTH
    if wanted.since is None and wanted.until is None:
        return _BY_CUSTOMER.format(top=_TOP_EVER)
    condition = sql.SQL(" AND ").join(wanted.conditions())
    return _BY_CUSTOMER.format(top=_TOP_OF_DAYS.format(condition=condition))


def _summary(rows: list[Row], group_by: GroupBy, limit: int) -> Result:
    found = [row for row in rows if row["key"] is not None]
    truncated = len(found) > limit
    counted = found[0]["groups"] if found else 0
    return {
        "group_by": group_by,
        "groups": [_group(row, group_by) for row in found[:limit]],
        "total": None if counted is None and truncated else counted or len(found),
        "truncated": truncated,
        "overall": {
            "orders": rows[0]["all_orders"],
            "total_amount": shapes.money(rows[0]["all_amount"]),
        },
    }


def _group(row: Row, group_by: GroupBy) -> dict[str, Any]:
    group = {
        "key": row["key"],
        "orders": row["orders"],
        "total_amount": shapes.money(row["amount"]),
    }
    return group | {"name": row["name"]} if group_by == "customer" else group
