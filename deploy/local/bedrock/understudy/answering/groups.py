"""Answers about many at once: the most valuable customers, tiers, revenue, counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.customers import facts
from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import money, person, plural, safe, table
from deploy.local.bedrock.understudy.answering.numbers import amount, whole, within
from deploy.local.bedrock.understudy.answering.orders import orders
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

Row = Mapping[str, Any]
_TOP = 10
_MOST = 50


def most_valuable(work: Work, ask: Ask) -> list[Section] | None:
    """Customers by lifetime value; of named customers only theirs."""
    if ask.subjects:
        return facts(work, replace(ask, want="facts", facts=("lifetime",)))
    return customers(work, ask)


def customers(work: Work, ask: Ask) -> list[Section] | None:
    """Customers by tier or lifetime value, richest first."""
    filters = ask.filters
    if filters.since or filters.until:
        return _registered(work, ask)
    limit = filters.limit or (_MOST if filters.bounds and ask.note else _TOP)
    least = filters.least if filters.least is not None else None if filters.tier else 0
    result = work.look.get(
        "profile___list_customer_profiles", tier=filters.tier, min_lifetime_value=least, limit=limit
    )
    if result is None:
        return None
    if failed(result):
        return [Section("Customers could not be asked.")]
    found = rows(result, "profiles")
    if filters.bounds:
        found = [row for row in found if within(row.get("lifetime_value"), filters)]
    return [_profiles(ask, result, found)]


def _profiles(ask: Ask, result: Row, found: Sequence[Row]) -> Section:
    filters = ask.filters
    what = f"Customers of tier {filters.tier}" if filters.tier else "Customers by lifetime value"
    bounds = f", {safe(filters.bounds)}" if filters.bounds else ""
    if not found:
        return Section(f"**{what}{bounds}** (profile system): none.")
    total = result.get("total")
    count = (
        f"**{plural(total, 'customer')}** in all. "
        if isinstance(total, int) and filters.most is None
        else ""
    )
    shown = table(
        ["Customer", "Name", "Tier", "Lifetime value", "Purchases", "Cases"],
        (
            (
                safe(r.get("customer_id")),
                person(r),
                safe(r.get("tier")),
                money(r.get("lifetime_value")),
                safe(r.get("total_purchases")),
                safe(r.get("support_cases_count")),
            )
            for r in found
        ),
    )
    cut = (
        f"\n\nThe list is cut: the first {len(found)} are shown." if result.get("truncated") else ""
    )
    listed = tuple(about_customer(str(r.get("customer_id")), person(r)) for r in found)
    return Section(
        f"**{what}{bounds}** (profile system): {count}\n\n{shown}{cut}",
        spoke_of=listed if len(listed) == 1 else (),
        listed=listed,
    )


def _registered(work: Work, ask: Ask) -> list[Section] | None:
    filters = ask.filters
    where = _between("created_at", filters)
    result = work.look.get(
        "query_database",
        sql=f"select customer_id, first_name, last_name, created_at from users{where} order by created_at desc limit {_MOST}",
    )
    if result is None:
        return None
    if failed(result):
        return [Section("Accounts could not be asked.")]
    found = _rows(result, ("customer_id", "first_name", "last_name", "created_at"))
    period = " ".join(
        p
        for p in (
            f"from {filters.since}" if filters.since else "",
            f"to {filters.until}" if filters.until else "",
        )
        if p
    )
    return [_accounts(f"Accounts created {period}", found, result)]


def _accounts(title: str, found: Sequence[Row], result: Row) -> Section:
    if not found:
        return Section(f"**{title}** (Aurora): none.")
    shown = table(
        ["Customer", "Name", "Since"],
        ((safe(r.get("customer_id")), person(r), safe(r.get("created_at"))[:10]) for r in found),
    )
    cut = (
        "\n\nThe list is cut: there are more."
        if result.get("truncated") or len(found) == _MOST
        else ""
    )
    listed = tuple(about_customer(str(r.get("customer_id")), person(r)) for r in found)
    return Section(
        f"**{title}** (Aurora): {plural(len(found), 'customer')}.\n\n{shown}{cut}",
        spoke_of=listed if len(listed) == 1 else (),
        listed=listed,
    )


def _between(column: str, filters: Filters) -> str:
    tests = [f"{column} >= '{filters.since}'"] if filters.since else []
    tests += [f"{column} < '{following_day(filters.until)}'"] if filters.until else []
    return f" where {' and '.join(tests)}" if tests else ""


def following_day(day: str) -> str:
    """The day after an ISO date."""
    from datetime import date, timedelta

    known = date.fromisoformat(day)
    return day if known == date.max else (known + timedelta(days=1)).isoformat()


def _rows(result: Row, columns: Sequence[str]) -> list[Row]:
    raw = result.get("rows")
    return (
        [dict(zip(columns, row, strict=False)) for row in raw if isinstance(row, list)]
        if isinstance(raw, list)
        else []
    )


def customer_count(work: Work, ask: Ask) -> list[Section] | None:
    """How many customers there are, of a tier, above a value, or since a day."""
    if ask.filters.narrows():
        return customers(work, ask)
    result = work.look.get("query_database", sql="select count(*) from users")
    if result is None:
        return None
    raw = result.get("rows")
    if failed(result) or not isinstance(raw, list) or not raw or not isinstance(raw[0], list):
        return [Section("The number of customers could not be asked.")]
    return [Section(f"Aurora has **{safe(raw[0][0])} customer accounts**.")]


def no_orders(work: Work, ask: Ask) -> list[Section] | None:
    """Customers without an order."""
    sql = (
        "select u.customer_id, u.first_name, u.last_name, u.created_at from users u left join orders o "
        f"on o.customer_id = u.customer_id where o.id is null order by u.customer_id limit {_MOST}"
    )
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    if failed(result):
        return [Section("Customers without orders could not be asked.")]
    found = _rows(result, ("customer_id", "first_name", "last_name", "created_at"))
    return [_accounts("Customers without an order", found, result)]


def top_spenders(work: Work, ask: Ask) -> list[Section] | None:
    """Customers by what they ordered; of named customers only theirs."""
    if ask.subjects:
        return orders(work, replace(ask, want="order_total"))
    result = _summary(work, ask, "customer", ask.filters.limit or _TOP)
    if result is None:
        return None
    if failed(result):
        return [Section("Orders could not be asked.")]
    found = rows(result, "groups")
    if not found:
        return [Section("**Customers by orders** (Aurora): none.")]
    shown = table(
        ["Customer", "Name", "Orders", "Total"],
        (
            (
                safe(r.get("key")),
                safe(r.get("name") or ""),
                safe(r.get("orders")),
                money(r.get("total_amount")),
            )
            for r in found
        ),
    )
    listed = tuple(about_customer(str(r.get("key")), safe(r.get("name") or "")) for r in found)
    cut = (
        f"\n\nThe list is cut: the first {len(found)} of {result.get('total')} are shown."
        if result.get("truncated")
        else ""
    )
    spoke = listed[:1]
    return [
        Section(
            f"**Customers by order total**{_narrowed(ask.filters)} (Aurora)\n\n{shown}{cut}",
            spoke_of=spoke,
            listed=listed,
        )
    ]


def _narrowed(filters: Filters) -> str:
    parts = [f"status {filters.status}"] if filters.status else []
    parts += [f"from {filters.since}"] if filters.since else []
    parts += [f"to {filters.until}"] if filters.until else []
    return ", " + " ".join(parts) if parts else ""


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


def revenue(work: Work, ask: Ask) -> list[Section] | None:
    """What all orders come to, by month when that was asked."""
    if ask.subjects:
        return orders(work, replace(ask, want="order_total"))
    return breakdown(work, replace(ask, note=ask.note or "month"))


def breakdown(work: Work, ask: Ask) -> list[Section] | None:
    """Orders by status or by month."""
    by = ask.note if ask.note in ("status", "month") else "status"
    result = _summary(work, ask, by)
    if result is None:
        return None
    if failed(result):
        return [Section("Orders could not be asked.")]
    overall = result.get("overall")
    sums = overall if isinstance(overall, Mapping) else {}
    head = f"**Orders{_narrowed(ask.filters)}** (Aurora): **{plural(whole(sums.get('orders')), 'order')}**, **{money(sums.get('total_amount') or 0)}** in total."
    found = rows(result, "groups")
    if not found:
        return [Section(head)]
    shown = table(
        [by.capitalize(), "Orders", "Total"],
        ((safe(r.get("key")), safe(r.get("orders")), money(r.get("total_amount"))) for r in found),
    )
    cut = (
        f"\n\nThe list is cut: {len(found)} of {result.get('total')} are shown."
        if result.get("truncated")
        else ""
    )
    note = (
        "\n\nThis is the sum of all orders; payments are not recorded."
        if ask.want == "revenue"
        else ""
    )
    return [Section(f"{head}\n\n{shown}{cut}{note}")]


def richest(found: Sequence[Row]) -> list[Row]:
    """Rows by lifetime value."""
    return sorted(found, key=lambda r: amount(r.get("lifetime_value")), reverse=True)


def as_subjects(found: Sequence[Row]) -> tuple[Subject, ...]:
    """Customers of rows."""
    return tuple(about_customer(str(r.get("customer_id")), person(r)) for r in found)
