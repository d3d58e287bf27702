"""Answers about orders: of a customer, by number, by status and period, counts and sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from deploy.local.bedrock.understudy.answering.averages import of_orders
from deploy.local.bedrock.understudy.answering.ends import end_of
from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    money,
    named,
    person,
    plural,
    quote,
    safe,
)
from deploy.local.bedrock.understudy.answering.numbers import amount, whole, within
from deploy.local.bedrock.understudy.answering.order_statements import PICKS, SORTED, by_statement
from deploy.local.bedrock.understudy.answering.order_tables import (
    BEGINNING,
    judged,
    narrowed,
    order_rows,
    summed,
)
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer, behind
from deploy.local.bedrock.understudy.answering.working import Work, for_each_customer
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

Row = Mapping[str, Any]
LONGEST_NUMBER = 9
_MOST = 50
_STATUS_NOTE = "Orders here are pending, completed or shipped; no other state is recorded."
_COUNTS = frozenset({"order_count", "order_total", "order_average", "spent"})


def orders(work: Work, ask: Ask) -> list[Section] | None:
    """Orders of customers, by number, or of everybody."""
    if any(subject.kind == "order" for subject in ask.subjects):
        return order(work, ask)
    if not ask.subjects:
        return _everybodys(work, ask)
    listed = replace(ask, yes_no=False) if ask.filters.compared else ask
    sections = for_each_customer(work, listed, _orders_of)
    if sections is None or len(ask.subjects) < 2 or ask.want not in _COUNTS:
        return sections
    verdict = _compared(work, ask)
    return None if verdict is None else [*sections, *verdict]


def _compared(work: Work, ask: Ask) -> list[Section] | None:
    """Which of several customers ordered most, in money or in number."""
    sums: list[tuple[Decimal, str]] = []
    for subject in ask.subjects:
        who = work.customer(subject)
        if who.state != "found":
            return [] if who.state != "waiting" else None
        given = _given(ask, ask.filters.since)
        result = work.look.get("list_orders", customer_id=who.identity, **given)
        if result is None or failed(result):
            return None if result is None else []
        value = amount(result.get("total" if ask.want == "order_count" else "sum"))
        sums.append((value, named(who.identity, who.name)))
    what = "number of orders" if ask.want == "order_count" else "order total"
    return [Section(end_of(ask, what, sums))]


def _given(ask: Ask, since: str) -> dict[str, Any]:
    """What the tool is asked about the orders of one customer."""
    filters = ask.filters
    whole_list = filters.pick in ("first", "largest", "smallest") or filters.bounds
    limit = _MOST if whole_list else filters.limit or None
    return {"status": filters.status, "since": since, "until": filters.until, "limit": limit}


def order(work: Work, ask: Ask) -> list[Section] | None:
    """Orders by their numbers."""
    subjects = [subject for subject in ask.subjects if subject.kind == "order"]
    sections = [_order(work, subject) for subject in subjects]
    if None in sections:
        return None
    told = [section for section in sections if section]
    together = ask.want == "order_total" and len(subjects) > 1
    if not ask.filters.asked and not together:
        return told
    found = [work.look.get("get_order", order_id=s.value) for s in subjects if _is_number(s)]
    known = [row for one in found if (row := record(one, "order"))]
    verdict = judged(ask.filters, known) if ask.filters.asked else summed(known)
    return [Section(verdict), *told] if verdict else told


def _is_number(subject: Subject) -> bool:
    return subject.value.isdigit() and len(subject.value) <= LONGEST_NUMBER


def _order(work: Work, subject: Subject) -> Section | None:
    if subject.by == "malformed":
        text = f"{quote(subject.said, 60)} is no order number: that has digits only."
        return Section(text, "not_found")
    if len(subject.value) > LONGEST_NUMBER:
        text = f"{safe(subject.value)} is no order number: it is too long."
        return Section(text, "not_found")
    result = work.look.get("get_order", order_id=subject.value)
    if result is None:
        return None
    if failed(result):
        return Section(f"Order {safe(subject.value)} could not be looked up.")
    row = record(result, "order")
    if not row:
        return Section(f"Aurora has no order **{safe(subject.value)}**.", "not_found")
    identity, name = str(row.get("customer_id", "")), person(record(result, "customer") or {})
    text = (
        f"**Order {safe(row.get('order_id'))}** (Aurora): **{safe(row.get('status'))}**, placed on "
        f"{day(row.get('order_date'))} by {named(identity, name)}, "
        f"total **{money(row.get('total_amount'))}**."
    )
    here = Subject("order", "id", str(row.get("order_id")))
    spoke_of = (about_customer(identity, name), here)
    return Section(text, spoke_of=spoke_of, names={identity: name})


def _orders_of(work: Work, ask: Ask, who: Resolved) -> Section | None:
    filters, since = ask.filters, ask.filters.since
    if filters.known_since_registration:
        account = work.look.account(who.identity)
        if account is None:
            return None
        since = next((day(row.get("created_at")) for row in rows(account, "customers")), "")
    given = _given(ask, since)
    result = work.look.get("list_orders", customer_id=who.identity, **given)
    profile: Row | None = {}
    if ask.want == "spent" and not filters.narrows():
        profile = work.look.profile(who.identity)
    if result is None or profile is None:
        return None
    if result.get("customer_known") is False:
        return Section(f"There is no customer **{safe(who.identity)}** in Aurora.", "not_found")
    head, spoke_of = (
        f"Orders of {named(who.identity, who.name)}",
        (about_customer(who.identity, who.name),),
    )
    if failed(result):
        more = _lifetime(record(profile, "profile"))
        return Section(
            " ".join([f"**{head}** could not be asked.", more]).strip(), spoke_of=spoke_of
        )
    more = _lifetime(record(profile, "profile"))
    return _listing(head, ask, result, spoke_of, more=more, given=given)


def _lifetime(profile: Row | None) -> str:
    if not profile:
        return ""
    bought = plural(whole(profile.get("total_purchases")), "purchase")
    value = money(profile.get("lifetime_value"))
    return (
        f"The profile system counts {bought} with a lifetime value of **{value}**: "
        "it is another system and covers a longer time."
    )


def _everybodys(work: Work, ask: Ask) -> list[Section] | None:
    """Orders that no customer narrows down."""
    filters = ask.filters
    if filters.pick in SORTED or filters.bounds:
        return by_statement(work, ask)
    given = {"status": filters.status, "since": filters.since, "until": filters.until}
    if not any(given.values()):
        given["since"] = BEGINNING
    newest_only = filters.pick == "latest" and ask.want == "orders"
    limit = filters.limit or (max(filters.rank, 1) if newest_only else None)
    result = work.look.get("list_orders", limit=limit, **given)
    if result is None:
        return None
    if failed(result):
        return [Section("Orders could not be asked.")]
    return [_listing("Orders", ask, result, (), more="", given=given)]


def _listing(
    head: str,
    ask: Ask,
    result: Row,
    spoke_of: tuple[Subject, ...],
    *,
    more: str,
    given: Mapping[str, str],
) -> Section:
    filters = ask.filters
    found = [row for row in rows(result, "orders") if within(row.get("total_amount"), filters)]
    title = f"**{head}**{narrowed(filters, given)} (Aurora)"
    note = _STATUS_NOTE if filters.foreign_status else ""
    if not found:
        parts = [f"{title}: {'No, none.' if ask.yes_no else 'none.'}", note, more]
        return Section("\n\n".join(part for part in parts if part), spoke_of=spoke_of)
    if ask.want == "order_average":
        note = of_orders(found, result, bounded=bool(filters.bounds))
    picked = _picked(found, filters, result)
    if filters.rank > len(found) and not picked and not result.get("truncated"):
        text = f"{title}: no other one; there {_are(len(found))} {plural(len(found), 'order')}."
        return Section(text, spoke_of=spoke_of)
    shown = picked or found
    cut = bool(result.get("truncated")) and not picked
    verdict = judged(filters, shown, cut=cut)
    parts = [
        f"{title}: {_lead(ask, result, found, picked)} {verdict}".rstrip(),
        _shown(shown, ask, one_customer=bool(spoke_of)),
        _cut(result, found, filters),
        note,
        more,
    ]
    listed = tuple(Subject("order", "id", str(row.get("order_id"))) for row in shown)
    only = listed if len(listed) == 1 else ()
    text = "\n\n".join(part for part in parts if part)
    return Section(text, spoke_of=(*spoke_of, *only), listed=listed, people=behind(shown))


def _are(count: int) -> str:
    return "is only" if count == 1 else "are only"


def _picked(found: Sequence[Row], filters: Filters, result: Row) -> list[Row]:
    """The rows at the end that was asked for; none when they may lie beyond a cut list."""
    count = filters.limit or 1
    start = max(filters.rank, 1) - 1
    if filters.pick == "latest":
        return list(found[start : start + count])
    if result.get("truncated") or filters.pick in ("", "recent"):
        return []
    if filters.pick == "first":
        return list(found[::-1][start : start + count])
    largest_first = filters.pick == "largest"
    ordered = sorted(found, key=lambda r: amount(r.get("total_amount")), reverse=largest_first)
    return ordered[start : start + count]


def _lead(ask: Ask, result: Row, found: Sequence[Row], picked: Sequence[Row]) -> str:
    total = whole(result.get("total"), len(found))
    if picked:
        how_many = "one" if len(picked) == 1 else str(len(picked))
        if ask.filters.rank > 1:
            how_many += f" but {ask.filters.rank - 1}"
        return f"the {PICKS[ask.filters.pick]} {how_many} of {plural(total, 'order')}."
    yes = "Yes, " if ask.yes_no else ""
    if ask.filters.bounds:
        return f"{yes}**{plural(len(found), 'order')}**."
    return f"{yes}**{plural(total, 'order')}**, **{money(result.get('sum'))}** in total."


def _shown(shown: Sequence[Row], ask: Ask, *, one_customer: bool) -> str:
    if ask.want in _COUNTS and not ask.filters.pick and len(shown) > _MOST // 5:
        return ""
    return order_rows(shown, one_customer=one_customer)


def _cut(result: Row, found: Sequence[Row], filters: Filters) -> str:
    if not result.get("truncated") or filters.pick == "latest":
        return ""
    total = safe(result.get("total"))
    return f"The list is cut: the newest {len(found)} of {total} are shown."
