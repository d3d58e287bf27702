"""Answers about many customers at once: the most valuable, of a tier, without orders, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.customers import facts
from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    money,
    person,
    plural,
    safe,
    table,
)
from deploy.local.bedrock.understudy.answering.numbers import amount, within
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.statements import between, named_rows, select
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

Row = Mapping[str, Any]
_TOOL = "profile___list_customer_profiles"
_TOP = 10
_MOST = 50
_COLUMNS = ("customer_id", "first_name", "last_name", "created_at")
_BY_DAY = frozenset({"latest", "recent", "first"})
_COUNTED = {"cases": "support_cases_count", "purchases": "total_purchases"}
_HEADS = ("Customer", "Name", "Tier", "Lifetime value", "Purchases", "Cases")


def most_valuable(work: Work, ask: Ask) -> list[Section] | None:
    """Customers by lifetime value; of named customers only theirs."""
    if ask.subjects:
        return facts(work, replace(ask, want="facts", facts=("lifetime",)))
    return customers(work, ask)


def customers(work: Work, ask: Ask) -> list[Section] | None:
    """Customers by tier, lifetime value or the day they came, richest first."""
    filters = ask.filters
    if filters.since or filters.until or filters.pick in _BY_DAY:
        return _registered(work, ask)
    counted = next((_COUNTED[fact] for fact in ask.facts if fact in _COUNTED), "")
    if counted and filters.bounds:
        return _counted(work, ask, counted)
    ranked = next((_COUNTED[fact] for fact in ask.facts if fact in _COUNTED), "")
    if not filters.tier and (ranked or not filters.descending):
        return _ranked(work, ask, ranked or "lifetime_value")
    least = 0 if filters.least is None and not filters.tier else filters.least
    result = work.look.get(
        _TOOL,
        tier=filters.tier,
        min_lifetime_value=least,
        limit=filters.limit or _TOP,
    )
    if result is None:
        return None
    if failed(result):
        return [Section("Customers could not be asked.")]
    return [_profiles(ask, result)]


def _ranked(work: Work, ask: Ask, field: str) -> list[Section] | None:
    """Customers by a count or from the lowest value up, among the most valuable ones."""
    result = work.look.get(_TOOL, min_lifetime_value=0, limit=_MOST)
    if result is None:
        return None
    if failed(result):
        return [Section("Customers could not be asked.")]
    down = ask.filters.descending
    among = f" among the {_MOST} with the highest lifetime value" * bool(result.get("truncated"))
    found = sorted(
        (row for row in rows(result, "profiles") if within(row.get("lifetime_value"), ask.filters)),
        key=lambda row: amount(row.get(field)),
        reverse=down,
    )[: ask.filters.limit or 3]
    listed = _listed(found)
    title = f"**Customers by {field.replace('_', ' ')}, {'highest' if down else 'lowest'} first**"
    text = f"{title} (profile system){among}\n\n{table(_HEADS, (_cells(row) for row in found))}"
    return [Section(text, spoke_of=listed[:1], listed=listed)]


def _counted(work: Work, ask: Ask, field: str) -> list[Section] | None:
    """Customers by a count that no tool filters by: among the most valuable ones."""
    result = work.look.get(_TOOL, tier=ask.filters.tier, min_lifetime_value=0, limit=_MOST)
    if result is None:
        return None
    if failed(result):
        return [Section("Customers could not be asked.")]
    found = [row for row in rows(result, "profiles") if within(row.get(field), ask.filters)]
    title = f"**Customers with {field.replace('_', ' ')} {safe(ask.filters.bounds)}**"
    among = f" among the {_MOST} with the highest lifetime value" * bool(result.get("truncated"))
    if not found:
        return [Section(f"{title} (profile system): none{among}.")]
    listed = _listed(found)
    shown = table(_HEADS, (_cells(row) for row in found))
    count = plural(len(found), "customer")
    text = f"{title} (profile system): {count}{among}\n\n{shown}"
    return [Section(text, spoke_of=listed if len(listed) == 1 else (), listed=listed)]


def _profiles(ask: Ask, result: Row) -> Section:
    filters = ask.filters
    found = rows(result, "profiles")
    if filters.bounds:
        found = [row for row in found if within(row.get("lifetime_value"), filters)]
    what = f"Customers of tier {filters.tier}" if filters.tier else "Customers by lifetime value"
    bounds = f", {safe(filters.bounds)}" if filters.bounds else ""
    title = f"**{what}{bounds}** (profile system)"
    if not found:
        return Section(f"{title}: none.")
    total = result.get("total")
    counted = isinstance(total, int) and filters.most is None
    count = f": **{plural(total, 'customer')}** in all" if counted and total is not None else ""
    short = bool(result.get("truncated")) and len(found) != filters.limit
    cut = f"\n\nThe list is cut: the first {len(found)} are shown." * short
    listed = _listed(found)
    text = f"{title}{count}\n\n{table(_HEADS, (_cells(row) for row in found))}{cut}"
    return Section(text, spoke_of=listed if len(listed) == 1 else (), listed=listed)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        safe(row.get("customer_id")),
        person(row),
        safe(row.get("tier")),
        money(row.get("lifetime_value")),
        safe(row.get("total_purchases")),
        safe(row.get("support_cases_count")),
    )


def _listed(found: Sequence[Row]) -> tuple[Subject, ...]:
    return tuple(about_customer(str(row.get("customer_id")), person(row)) for row in found)


def _registered(work: Work, ask: Ask) -> list[Section] | None:
    filters = ask.filters
    sql = select(
        ", ".join(_COLUMNS),
        "users",
        tests=list(between("created_at", filters)),
        order="created_at" if filters.pick == "first" else "created_at desc",
        limit=filters.limit or (_TOP if filters.pick in _BY_DAY else _MOST),
    )
    since = f" from {filters.since}" if filters.since else ""
    until = f" to {filters.until}" if filters.until else ""
    newest = {"first": "Oldest accounts", "": "Accounts created"}
    title = f"{newest.get(filters.pick, 'Newest accounts')}{since}{until}"
    return _accounts(work, title, sql)


def _accounts(work: Work, title: str, sql: str) -> list[Section] | None:
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    if failed(result):
        return [Section(f"{title} could not be asked.")]
    found = named_rows(result, _COLUMNS)
    if not found:
        return [Section(f"**{title}** (Aurora): none.")]
    cells = (
        (safe(row.get("customer_id")), person(row), day(row.get("created_at"))) for row in found
    )
    more = result.get("truncated") or len(found) == _MOST
    cut = "\n\nThe list is cut: there are more." if more else ""
    listed = _listed(found)
    text = (
        f"**{title}** (Aurora): {plural(len(found), 'customer')}\n\n"
        f"{table(['Customer', 'Name', 'Since'], cells)}{cut}"
    )
    return [Section(text, spoke_of=listed if len(listed) == 1 else (), listed=listed)]


def customer_count(work: Work, ask: Ask) -> list[Section] | None:
    """How many customers there are, of a tier, above a value, or since a day."""
    if ask.filters.narrows():
        return customers(work, ask)
    result = work.look.get("query_database", sql=select("count(*)", "users", limit=1))
    if result is None:
        return None
    found = named_rows(result, ("count",))
    if not found:
        return [Section("The number of customers could not be asked.")]
    return [Section(f"Aurora has **{safe(found[0].get('count'))} customer accounts**.")]


def no_orders(work: Work, ask: Ask) -> list[Section] | None:
    """Customers without an order, or without one of a period or status."""
    filters = ask.filters
    joined_by = ["o.customer_id = u.customer_id", *between("o.order_date", filters)]
    joined_by += [f"o.status = '{filters.status}'"] if filters.status else []
    sql = select(
        ", ".join(f"u.{column}" for column in _COLUMNS),
        f"users u left join orders o on {' and '.join(joined_by)}",
        tests=["o.id is null"],
        order="u.customer_id",
    )
    status = f" {filters.status}" * bool(filters.status)
    since = f" from {filters.since}" * bool(filters.since)
    until = f" to {filters.until}" * bool(filters.until)
    article = "a" if filters.status in ("pending", "shipped", "completed") else "an"
    return _accounts(work, f"Customers without {article}{status} order{since}{until}", sql)
