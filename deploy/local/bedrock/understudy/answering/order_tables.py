"""How orders are laid out: as lines, as a table, and what narrowed them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.local.bedrock.understudy.answering.markdown import bullets, day, money, safe, table
from deploy.local.bedrock.understudy.asking.asks import Filters

Row = Mapping[str, Any]
BEGINNING = "1970-01-01"
TABLE_FROM = 3


def order_rows(found: Sequence[Row], *, one_customer: bool = True) -> str:
    """Orders as a table, or as a list when there are only one or two."""
    if len(found) < TABLE_FROM:
        return bullets(_line(row, one_customer=one_customer) for row in found)
    heads = ["Order", "Date", "Status", "Total"]
    return table(
        heads if one_customer else [*heads, "Customer"],
        (_cells(row, one_customer=one_customer) for row in found),
    )


def _line(row: Row, *, one_customer: bool) -> str:
    by = "" if one_customer else f", by {safe(row.get('customer_id'))}"
    return (
        f"order **{safe(row.get('order_id'))}**: {day(row.get('order_date'))}, "
        f"{safe(row.get('status'))}, **{money(row.get('total_amount'))}**{by}"
    )


def _cells(row: Row, *, one_customer: bool) -> list[str]:
    cells = [
        safe(row.get("order_id")),
        day(row.get("order_date")),
        safe(row.get("status")),
        money(row.get("total_amount")),
    ]
    return cells if one_customer else [*cells, safe(row.get("customer_id"))]


def narrowed(filters: Filters, given: Mapping[str, str]) -> str:
    """Status, period and bounds, as the title of a list says them."""
    parts = [f"status {filters.status}"] if filters.status else []
    since, until = given.get("since", ""), given.get("until", "")
    if since and since == until:
        parts.append(f"on {since}")
    elif since and until:
        parts.append(f"from {since} to {until}")
    elif since and since != BEGINNING:
        parts.append(f"since {since}")
    elif until:
        parts.append(f"until {until}")
    if filters.bounds:
        parts.append(safe(filters.bounds))
    return ", " + ", ".join(parts) if parts else ""
