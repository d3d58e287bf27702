"""Answers about all orders together: by status, by month, by customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import money, plural, safe, table
from deploy.local.bedrock.understudy.answering.numbers import whole, within
from deploy.local.bedrock.understudy.answering.orders import orders
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters

Row = Mapping[str, Any]
_TOP = 10
_MOST = 50
_NOT_ASKED = Section("Orders could not be asked.")


def top_spenders(work: Work, ask: Ask) -> list[Section] | None:
    """Customers by what they ordered; of named customers only theirs."""
    if ask.subjects:
        return orders(work, replace(ask, want="order_total"))
    result = _summary(
        work, ask, "customer", ask.filters.limit or (_MOST if ask.filters.bounds else _TOP)
    )
    if result is None:
        return None
    if failed(result):
        return [_NOT_ASKED]
    title = f"**Customers by order total**{_narrowed(ask.filters)} (Aurora)"
    found = [r for r in rows(result, "groups") if within(r.get("total_amount"), ask.filters)]
    if not found:
        return [Section(f"{title}: none.")]
    cells = (
        (
            safe(row.get("key")),
            safe(row.get("name") or ""),
            safe(row.get("orders")),
            money(row.get("total_amount")),
        )
        for row in found
    )
    shown = table(["Customer", "Name", "Orders", "Total"], cells)
    listed = tuple(
        about_customer(str(row.get("key")), safe(row.get("name") or "")) for row in found
    )
    cut = "" if len(found) == ask.filters.limit else _cut(result, len(found))
    text = f"{title}\n\n{shown}{cut}"
    return [Section(text, spoke_of=listed[:1], listed=listed)]


def revenue(work: Work, ask: Ask) -> list[Section] | None:
    """What all orders come to, by month or by status."""
    if ask.subjects:
        return orders(work, replace(ask, want="order_total"))
    sections = _grouped(work, ask, ask.filters.by or "month")
    if sections is None or sections[0] is _NOT_ASKED:
        return sections
    note = "This is the sum of orders; payments are not recorded."
    return [replace(sections[0], text=f"{sections[0].text}\n\n{note}")]


def breakdown(work: Work, ask: Ask) -> list[Section] | None:
    """Orders by status or by month."""
    return _grouped(work, ask, ask.filters.by or "status")


def _grouped(work: Work, ask: Ask, by: str) -> list[Section] | None:
    result = _summary(work, ask, by)
    if result is None:
        return None
    if failed(result):
        return [_NOT_ASKED]
    overall = record(result, "overall") or {}
    count = plural(whole(overall.get("orders")), "order")
    total = money(overall.get("total_amount") or 0)
    head = f"**Orders**{_narrowed(ask.filters)} (Aurora): **{count}**, **{total}** in total."
    found = rows(result, "groups")
    if not found:
        return [Section(head)]
    cells = (
        (safe(row.get("key")), safe(row.get("orders")), money(row.get("total_amount")))
        for row in found
    )
    shown = table([by.capitalize(), "Orders", "Total"], cells)
    return [Section(f"{head}\n\n{shown}{_cut(result, len(found))}")]


def _summary(work: Work, ask: Ask, by: str, limit: int | None = None) -> Row | None:
    filters = ask.filters
    return work.look.get(
        "summarize_orders",
        group_by=by,
        status=filters.status,
        since=filters.since,
        until=filters.until,
        limit=limit,
    )


def _cut(result: Row, shown: int) -> str:
    if not result.get("truncated"):
        return ""
    return f"\n\nThe list is cut: {shown} of {safe(result.get('total'))} are shown."


def _narrowed(filters: Filters) -> str:
    parts = [f"status {filters.status}"] if filters.status else []
    parts += [f"from {filters.since}"] if filters.since else []
    parts += [f"to {filters.until}"] if filters.until else []
    parts += [safe(filters.bounds)] if filters.bounds else []
    return ", " + " ".join(parts) if parts else ""
