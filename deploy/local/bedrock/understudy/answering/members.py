"""Answers about the members of a group: first who they are, then what was asked of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering import groups, orders, reviews, sums
from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import bullets, joined, named, plural, safe
from deploy.local.bedrock.understudy.answering.numbers import amount, whole
from deploy.local.bedrock.understudy.answering.order_tables import narrowed
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.reviews import review_line
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer, behind
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

MOST_MEMBERS = 10
_MOST_REVIEWS = 50
_MOST_CUSTOMERS = 50
Row = Mapping[str, Any]
Handler = Callable[[Work, Ask], list[Section] | None]


def reviews_at_end(work: Work, ask: Ask) -> list[Section] | None:
    """The reviews with the fewest or the most stars of all."""
    result = work.look.get("list_reviews", min_rating=1, limit=_MOST_REVIEWS)
    if result is None:
        return None
    if failed(result):
        return [Section("Reviews could not be asked.")]
    if result.get("truncated") or result.get("cursor"):
        text = "There are more reviews than can be read at once, so no end of them can be told."
        return [Section(text, "clarify")]
    found = [row for row in rows(result, "reviews") if _is_within(row, ask)]
    if not found:
        return [Section("There are no such reviews (catalogue).")]
    lowest = ask.filters.pick == "smallest"
    end = (min if lowest else max)(amount(row.get("rating")) for row in found)
    shown = [row for row in found if amount(row.get("rating")) == end]
    title = f"**{'Lowest' if lowest else 'Highest'} rating of all reviews** (catalogue)"
    listed = tuple(Subject("review", "id", str(row.get("review_id"))) for row in shown)
    text = f"{title}\n\n{bullets(review_line(row) for row in shown)}"
    only = listed if len(listed) == 1 else ()
    return [Section(text, spoke_of=only, listed=listed, people=behind(shown))]


def _is_within(row: Row, ask: Ask) -> bool:
    written, filters = str(row.get("created_at"))[:10], ask.filters
    return (filters.since or written) <= written <= (filters.until or written)


def most_orders(work: Work, ask: Ask) -> list[Section] | None:
    """Who placed the most orders, by their number."""
    filters = ask.filters
    given = {"status": filters.status, "since": filters.since, "until": filters.until}
    tool = "summarize_orders"
    result = work.look.get(tool, group_by="customer", limit=_MOST_CUSTOMERS, **given)
    if result is None:
        return None
    if failed(result):
        return [Section("Orders could not be asked.")]
    if result.get("truncated"):
        return [Section("There are too many customers to tell who placed the most.", "clarify")]
    found = rows(result, "groups")
    most = max((whole(row.get("orders")) for row in found), default=0)
    shown = [row for row in found if whole(row.get("orders")) == most]
    if not shown:
        return [Section("Nobody has placed an order (Aurora).")]
    people = tuple(about_customer(str(r.get("key")), safe(r.get("name") or "")) for r in shown)
    who = joined([f"**{named(one.value, one.name)}**" for one in people])
    text = f"Most orders{narrowed(filters, given)} (Aurora): {who} with {plural(most, 'order')}."
    return [Section(text, spoke_of=people if len(people) == 1 else (), listed=people)]


_GROUPS: dict[str, Handler] = {
    "orders": orders.orders,
    "customers": groups.customers,
    "top_lifetime": groups.most_valuable,
    "top_spenders": sums.top_spenders,
    "no_orders": groups.no_orders,
    "reviews_at_end": reviews_at_end,
    "reviews": reviews.reviews,
    "most_orders": most_orders,
}


def group(work: Work, ask: Ask) -> list[Section] | None:
    """Who the members are: the answer that names them."""
    of = ask.subjects[0].of if ask.subjects else None
    sections = _GROUPS[of.want](work, of) if of else []
    if sections is None or not (people := tuple(_people(sections))):
        return sections
    names = work.look.names()
    known = tuple(replace(one, name=one.name or names.get(one.value, "")) for one in people)
    told = [replace(section, listed=known) for section in sections]
    if not ask.filters.count or not of or of.want != "orders":
        return told
    who = joined([named(one.value, one.name) for one in known])
    return [Section(f"**{plural(len(known), 'customer')}**: {who}.", listed=known), *told]


def opened(work: Work, ask: Ask) -> Ask | None:
    """The ask with the members themselves in place of their group; None while waiting."""
    if ask.want == "group" or all(subject.by != "members" for subject in ask.subjects):
        return ask
    subjects: list[Subject] = []
    for subject in ask.subjects:
        if subject.by != "members" or subject.of is None:
            subjects.append(subject)
            continue
        found = _GROUPS[subject.of.want](work, subject.of)
        if found is None:
            return None
        subjects += _people(found)[:MOST_MEMBERS]
    return replace(ask, subjects=tuple(subjects))


def _people(sections: Sequence[Section]) -> list[Subject]:
    found: dict[str, Subject] = {}
    for section in sections:
        listed = [subject for subject in section.listed if subject.kind == "customer"]
        for one in (*section.people, *listed):
            found.setdefault(one.value, one)
    return list(found.values())


def without_orders(work: Work, ask: Ask) -> list[Section] | None:
    """Which of several customers have no order at all."""
    counts: list[tuple[Resolved, int]] = []
    waiting = False
    for subject in ask.subjects:
        who = work.customer(subject)
        result = work.look.get("list_orders", customer_id=who.identity) if who.identity else {}
        if result is None or who.state == "waiting":
            waiting = True
        elif failed(result):
            return [Section("Orders could not be asked.")]
        else:
            counts.append((who, whole(result.get("total"), len(rows(result, "orders")))))
    if waiting:
        return None
    none = [who for who, count in counts if not count]
    lines = (
        f"{named(who.identity, who.name)}: {plural(count, 'order') if count else 'no order'}"
        for who, count in counts
    )
    lead = joined([f"**{named(who.identity, who.name)}**" for who in none]) or "nobody of them"
    text = f"Without any order in Aurora: {lead}.\n\n{bullets(lines)}"
    listed = tuple(about_customer(who.identity, who.name) for who in none)
    return [Section(text, spoke_of=listed if len(listed) == 1 else (), listed=listed)]
