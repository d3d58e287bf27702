"""Averages, which no system keeps: worked out from what the tools give, and said to be so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import money, plural, quote, safe
from deploy.local.bedrock.understudy.answering.numbers import amount, whole, within
from deploy.local.bedrock.understudy.answering.product_groups import category_rows
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.working import Work, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask

Row = Mapping[str, Any]
_CENT = Decimal("0.01")
_MOST = 50
_OF_CUSTOMERS = {
    "average_lifetime": ("lifetime_value", "lifetime value"),
    "average_purchases": ("total_purchases", "number of purchases"),
    "average_cases": ("support_cases_count", "number of support cases"),
}
_OF_PRODUCTS = {
    "average_price": ("price", "price"),
    "average_stock": ("stock_quantity", "stock"),
}


def average_of(total: Decimal, count: int) -> Decimal:
    """A sum over a count, to the cent."""
    return (total / count).quantize(_CENT, ROUND_HALF_UP)


def of_orders(found: Sequence[Row], result: Row, *, bounded: bool) -> str:
    """The average of the orders of a list; of all that match when the list was cut."""
    count = len(found) if bounded else whole(result.get("total"), len(found))
    if not count or (bounded and result.get("truncated")):
        return "No average can be worked out from this."
    total = sum((amount(r.get("total_amount")) for r in found), Decimal(0))
    total = total if bounded else amount(result.get("sum"))
    average = money(average_of(total, count))
    return f"Average per order: **{average}**, worked out here from {_from(count, 'order')}."


def _from(count: int, what: str) -> str:
    return f"that {plural(count, what)}" if count == 1 else f"these {plural(count, what)}"


def of_customers(work: Work, ask: Ask) -> list[Section] | None:
    """The average of a figure of the profiles: of a tier, of named customers, of all."""
    field, what = _OF_CUSTOMERS[ask.want]
    found = _named(work, ask) if ask.subjects else _profiles(work, ask)
    if found is None or isinstance(found, Section):
        return None if found is None else [found]
    profiles, more = found
    tier = f" of {safe(ask.filters.tier)} customers" * bool(ask.filters.tier)
    head = f"**Average {what}{tier}** (profile system)"
    if not profiles:
        return [Section(f"{head}: there is nobody to work it out from.")]
    average = average_of(sum((amount(r.get(field)) for r in profiles), Decimal(0)), len(profiles))
    shown = money(average) if field == "lifetime_value" else f"{average}"
    count = plural(len(profiles), "customer")
    return [Section(f"{head}: **{shown}**, worked out here from {count}{more}.")]


def _profiles(work: Work, ask: Ask) -> tuple[list[Row], str] | Section | None:
    tier = ask.filters.tier
    least = None if tier else 0
    tool = "profile___list_customer_profiles"
    result = work.look.get(tool, tier=tier, min_lifetime_value=least, limit=_MOST)
    if result is None:
        return None
    if failed(result):
        return Section("Customers could not be asked.")
    cut = f", the {_MOST} with the highest lifetime value only" * bool(result.get("truncated"))
    return rows(result, "profiles"), cut


def _named(work: Work, ask: Ask) -> tuple[list[Row], str] | Section | None:
    ones = [work.customer(subject) for subject in ask.subjects]
    if any(one.state == "waiting" for one in ones):
        return None
    for subject, one in zip(ask.subjects, ones, strict=True):
        if one.state != "found":
            return unresolved(work, subject, one)
    profiles = [work.look.profile(one.identity) for one in ones]
    if None in profiles:
        return None
    return [row for p in profiles if (row := record(p, "profile"))], ""


def of_products(work: Work, ask: Ask) -> list[Section] | None:
    """The average price or stock: of a category or of all products."""
    field, what = _OF_PRODUCTS[ask.want]
    named = ask.subjects[0] if ask.subjects else None
    of = ""
    if named:
        found = category_rows(work, named.value)
        if found is None:
            return None
        if not found:
            said = quote(named.said or named.value, 60)
            return [Section(f"Aurora has no category called {said}.", "not_found")]
        of = f" in category {safe(found[0].get('category'))}"
    else:
        result = work.look.get("search_products", min_price=0, limit=_MOST)
        if result is None:
            return None
        found = rows(result, "products")
        if failed(result) or result.get("truncated"):
            return [Section("There are too many products to work an average out from.")]
    found = [row for row in found if within(row.get("price"), ask.filters)]
    if not found:
        return [Section("There are no products to work an average out from.")]
    average = average_of(sum((amount(row.get(field)) for row in found), Decimal(0)), len(found))
    shown = money(average) if field == "price" else f"{average} units"
    text = f"**Average {what}{of}** (Aurora): **{shown}**, worked out here from "
    return [Section(f"{text}{plural(len(found), 'product')}.")]


def of_spending(work: Work, ask: Ask) -> list[Section] | None:
    """What customers who ordered spent on average."""
    filters = ask.filters
    given = {"status": filters.status, "since": filters.since, "until": filters.until}
    result = work.look.get("summarize_orders", group_by="customer", **given)
    if result is None:
        return None
    overall = record(result, "overall") or {}
    count = whole(result.get("total"))
    if failed(result) or not count:
        return [Section("There are no orders to work an average out from.")]
    total = amount(overall.get("total_amount"))
    text = (
        f"**Average order total per customer** (Aurora): **{money(average_of(total, count))}**, "
        f"worked out here from {money(total)} over {plural(count, 'customer')} who ordered."
    )
    return [Section(text)]
