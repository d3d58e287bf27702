"""Orders of a month or day said without a year: of the last year that has any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from deploy.local.bedrock.understudy.answering import orders
from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import day
from deploy.local.bedrock.understudy.answering.order_tables import BEGINNING
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask
from deploy.local.bedrock.understudy.reading.periods import in_year

Row = Mapping[str, Any]
_MOST = 50


def with_other_years(work: Work, ask: Ask, found: list[Section] | None) -> list[Section] | None:
    """The answer or, when the latest such month has nothing, the one before it that has."""
    filters = ask.filters
    whole = filters.yearless and filters.since and filters.until and len(ask.subjects) < 2
    if found is None or not whole or any(section.listed for section in found):
        return found
    who = work.customer(ask.subjects[0]) if ask.subjects else None
    if who and not who.identity:
        return found
    given = {"customer_id": who.identity if who else "", "status": filters.status}
    result = work.look.get(
        "list_orders", since=BEGINNING, until=filters.since, limit=_MOST, **given
    )
    if result is None or failed(result):
        return None if result is None else found
    span = date.fromisoformat(filters.since), date.fromisoformat(filters.until)
    year = _latest_year(rows(result, "orders"), span)
    if not year:
        return found
    first, last = (one.isoformat() for one in in_year(span, year))
    one = replace(ask, filters=replace(filters, since=first, until=last, yearless=False))
    again = orders.orders(work, one)
    note = f"None from {filters.since} to {filters.until}; the latest such time with any is this:"
    return None if again is None else [*again[:-1], Section(note), *again[-1:]]


def _latest_year(found: list[Row], span: tuple[date, date]) -> int:
    """The last year in which one of the orders lies within the span's months and days."""
    for row in found:
        placed = day(row.get("order_date"))
        year = int(placed[:4]) if placed[:4].isdigit() else 0
        if not year:
            continue
        first, last = in_year(span, year)
        if first.isoformat() <= placed <= last.isoformat():
            return year
    return 0
