"""How orders are laid out: as lines, as a table, and what narrowed them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from deploy.local.bedrock.understudy.answering.markdown import (
    bullets,
    day,
    joined,
    money,
    safe,
    table,
)
from deploy.local.bedrock.understudy.answering.numbers import amount
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


def judged(filters: Filters, found: Sequence[Row], *, cut: bool = False) -> str:
    """Whether the orders have the status that was asked about: all, none, or which of them."""
    asked = filters.asked
    if not asked or not found or cut:
        return ""
    have = [row for row in found if str(row.get("status")) == asked]
    if len(found) == 1:
        return f"Yes: it is {asked}." if have else f"No: it is {safe(found[0].get('status'))}."
    if len(have) == len(found):
        return f"Yes: {'both' if len(found) == 2 else f'all {len(found)}'} are {asked}."
    if not have:
        return f"No: none of the {len(found)} is {asked}."
    lead = "Yes" if filters.asked_any else "Not all"
    numbers = joined([safe(row.get("order_id")) for row in have])
    verb = "is" if len(have) == 1 else "are"
    return f"{lead}: {len(have)} of {len(found)} {verb} {asked} (order {numbers})."


def summed(found: Sequence[Row]) -> str:
    """What several orders come to, worked out here."""
    if len(found) < 2:
        return ""
    total = sum((amount(row.get("total_amount")) for row in found), Decimal(0))
    return f"Together: **{money(total)}**, worked out here from these {len(found)} orders."


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
