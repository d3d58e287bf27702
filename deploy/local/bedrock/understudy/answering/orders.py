"""Answers about orders: of a customer, by number, by status and period, counts and sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    money,
    named,
    person,
    plural,
    safe,
    table,
)
from deploy.local.bedrock.understudy.answering.numbers import amount, whole, within
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.working import Work, for_each_customer
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

Row = Mapping[str, Any]
STATUS_NOTE = "Orders here are pending, completed or shipped; no other state is recorded."
LONGEST_NUMBER = 9
BEGINNING = "1970-01-01"
_PICK_WORDS = {
    "latest": "Latest",
    "recent": "Latest",
    "first": "First",
    "largest": "Largest",
    "smallest": "Smallest",
}
_MOST = 50


def orders(work: Work, ask: Ask) -> list[Section] | None:
    """Orders of customers, by number, or of everybody."""
    numbered = [s for s in ask.subjects if s.kind == "order"]
    if numbered:
        return order(work, ask)
    if ask.subjects:
        return for_each_customer(work, ask, _orders_of)
    return everybodys_orders(work, ask)


def order(work: Work, ask: Ask) -> list[Section] | None:
    """Orders by their numbers."""
    sections = [_order(work, subject) for subject in ask.subjects if subject.kind == "order"]
    return None if None in sections else [s for s in sections if s]


def _order(work: Work, subject: Subject) -> Section | None:
    if len(subject.value) > LONGEST_NUMBER:
        return Section(f"{safe(subject.value)} is no order number: it is too long.", "not_found")
    result = work.look.get("get_order", order_id=subject.value)
    if result is None:
        return None
    if failed(result):
        return Section(f"Order {safe(subject.value)} could not be looked up.")
    row = record(result, "order")
    if not row:
        return Section(f"Aurora has no order **{safe(subject.value)}**.", "not_found")
    customer = record(result, "customer") or {}
    identity, name = str(row.get("customer_id", "")), person(customer)
    text = (
        f"**Order {safe(row.get('order_id'))}** (Aurora): **{safe(row.get('status'))}**, placed on "
        f"{day(row.get('order_date'))} by {named(identity, name)}, total **{money(row.get('total_amount'))}**."
    )
    here = Subject("order", "id", str(row.get("order_id")))
    return Section(text, spoke_of=(about_customer(identity, name), here), names={identity: name})


def _period(filters: Filters) -> dict[str, str]:
    return {"status": filters.status, "since": filters.since, "until": filters.until}


def _orders_of(work: Work, ask: Ask, who: Resolved) -> Section | None:
    filters = ask.filters
    since, account = filters.since, None
    if filters.known_since_registration:
        account = work.look.get("find_customers", query=who.identity)
        if account is None:
            return None
        since = next((str(r.get("created_at"))[:10] for r in rows(account, "customers")), "")
    wide = (
        _MOST
        if filters.pick in ("first", "largest", "smallest") or filters.bounds
        else filters.limit or None
    )
    given = {**_period(filters), "since": since}
    result = work.look.get("list_orders", customer_id=who.identity, limit=wide, **given)
    profile: Mapping[str, Any] | None = {}
    if ask.want == "spent" and not filters.narrows():
        profile = work.look.get("profile___get_customer_profile", customer_id=who.identity)
    if result is None or profile is None:
        return None
    name = who.name
    head = f"Orders of {named(who.identity, name)}"
    spoke = (about_customer(who.identity, name),)
    if failed(result):
        return Section(f"{head} could not be asked.", spoke_of=spoke)
    if result.get("customer_known") is False:
        return Section(f"There is no customer **{safe(who.identity)}** in Aurora.", "not_found")
    return _listing(head, ask, result, spoke, _lifetime_line(record(profile, "profile")), given)


def _lifetime_line(profile: Row | None) -> str:
    if not profile:
        return ""
    return (
        f"The profile system counts {plural(whole(profile.get('total_purchases')), 'purchase')} with a lifetime value of "
        f"**{money(profile.get('lifetime_value'))}**: it is kept by another system over a longer time."
    )


def everybodys_orders(work: Work, ask: Ask) -> list[Section] | None:
    """Orders that no customer narrows down."""
    filters = ask.filters
    if filters.pick in ("largest", "smallest", "first") or filters.bounds:
        return _by_statement(work, ask)
    given = _period(filters)
    if not any(given.values()):
        given["since"] = BEGINNING
    result = work.look.get(
        "list_orders",
        limit=filters.limit or (1 if filters.pick == "latest" and ask.want == "orders" else None),
        **given,
    )
    if result is None:
        return None
    if failed(result):
        return [Section("Orders could not be asked.")]
    return [_listing("Orders", ask, result, (), "", given)]


def _listing(
    head: str,
    ask: Ask,
    result: Row,
    spoke: tuple[Subject, ...],
    more: str,
    given: Mapping[str, str],
) -> Section:
    filters = ask.filters
    found = [r for r in rows(result, "orders") if within(r.get("total_amount"), filters)]
    title = f"**{head}**{_narrowed(filters, given)} (Aurora)"
    note = STATUS_NOTE if filters.foreign_status else ""
    if not found:
        lead = "No: none found." if ask.yes_no else "None found."
        return Section(
            "\n\n".join(part for part in (f"{title}: {lead}", note, more) if part), spoke_of=spoke
        )
    picked = _picked(found, filters, result)
    lead = _lead(ask, result, found, picked)
    shown = picked or found
    listed = tuple(Subject("order", "id", str(r.get("order_id"))) for r in shown)
    text = "\n\n".join(
        part
        for part in (
            f"{title}: {lead}",
            _shown(shown, ask, bool(spoke)),
            _cut(result, found, filters),
            note,
            more,
        )
        if part
    )
    spoke_of = (*spoke, *(listed[:1] if len(listed) == 1 else ()))
    return Section(text, spoke_of=spoke_of, listed=listed)


def _narrowed(filters: Filters, given: Mapping[str, str]) -> str:
    parts = [f"status {filters.status}"] if filters.status else []
    since, until = given.get("since", ""), given.get("until", "")
    if since == until and since:
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


def _picked(found: Sequence[Row], filters: Filters, result: Row) -> list[Row]:
    count = filters.limit or 1
    if filters.pick == "latest":
        return list(found[:count])
    if result.get("truncated") or not filters.pick or filters.pick == "recent":
        return []
    if filters.pick == "first":
        return list(found[::-1][:count])
    ordered = sorted(
        found, key=lambda r: amount(r.get("total_amount")), reverse=filters.pick == "largest"
    )
    return ordered[:count]


def _lead(ask: Ask, result: Row, found: Sequence[Row], picked: Sequence[Row]) -> str:
    if picked:
        return f"{_PICK_WORDS[ask.filters.pick].lower()} {'one' if len(picked) == 1 else len(picked)} of {plural(whole(result.get('total'), len(found)), 'order')}."
    yes = "Yes: " if ask.yes_no else ""
    if ask.filters.bounds:
        return f"{yes}{plural(len(found), 'order')}."
    total = whole(result.get("total"), len(found))
    return f"{yes}**{plural(total, 'order')}**, **{money(result.get('sum'))}** in total."


def _shown(shown: Sequence[Row], ask: Ask, one_customer: bool) -> str:
    if (
        ask.want in ("order_count", "order_total", "spent", "order_average")
        and not ask.filters.pick
        and len(shown) > 10
    ):
        return ""
    heads = (
        ["Order", "Date", "Status", "Total"]
        if one_customer
        else ["Order", "Date", "Customer", "Status", "Total"]
    )
    return table(heads, (_cells(row, one_customer) for row in shown))


def _cells(row: Row, one_customer: bool) -> list[str]:
    cells = [
        safe(row.get("order_id")),
        day(row.get("order_date")),
        safe(row.get("status")),
        money(row.get("total_amount")),
    ]
    if not one_customer:
        cells.insert(2, safe(row.get("customer_id")))
    return cells


def _cut(result: Row, found: Sequence[Row], filters: Filters) -> str:
    if not result.get("truncated") or filters.pick == "latest":
        return ""
    return f"The list is cut: the newest {len(found)} of {result.get('total')} are shown."


def _by_statement(work: Work, ask: Ask) -> list[Section] | None:
    """The largest, smallest or first orders of all, which no other tool can pick."""
    filters = ask.filters
    result = work.look.get("query_database", sql=_statement(filters))
    if result is None:
        return None
    if failed(result):
        return [Section("Orders could not be asked.")]
    columns = ("order_id", "customer_id", "total_amount", "status", "order_date")
    raw = result.get("rows")
    found = (
        [dict(zip(columns, row, strict=False)) for row in raw if isinstance(row, list)]
        if isinstance(raw, list)
        else []
    )
    what = f"{_PICK_WORDS.get(filters.pick, '')} orders".strip().capitalize()
    title = f"**{what}**{_narrowed(filters, _period(filters))} (Aurora)"
    if not found:
        return [Section(f"{title}: {'No: none' if ask.yes_no else 'none'} found.")]
    listed = tuple(Subject("order", "id", str(r["order_id"])) for r in found)
    cut = (
        "\n\nThe list is cut: there are more."
        if result.get("truncated") or len(found) == _MOST
        else ""
    )
    spoke = listed if len(listed) == 1 else ()
    return [
        Section(
            f"{title}:\n\n{_shown(found, ask, one_customer=False)}{cut}",
            spoke_of=spoke,
            listed=listed,
        )
    ]


def _statement(filters: Filters) -> str:
    tests = [f"status = '{filters.status}'"] if filters.status else []
    tests += [f"order_date >= '{filters.since}'"] if filters.since else []
    tests += [f"order_date < date '{filters.until}' + 1"] if filters.until else []
    tests += [f"total_amount >= {filters.least}"] if filters.least is not None else []
    tests += [f"total_amount <= {filters.most}"] if filters.most is not None else []
    where = f" where {' and '.join(tests)}" if tests else ""
    order = {
        "largest": "total_amount desc, id",
        "smallest": "total_amount, id",
        "first": "order_date, id",
    }.get(filters.pick, "order_date desc, id desc")
    limit = filters.limit or (1 if filters.pick else _MOST)
    return f"select id, customer_id, total_amount, status, order_date from orders{where} order by {order} limit {limit}"
