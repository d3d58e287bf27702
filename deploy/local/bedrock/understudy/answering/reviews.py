"""Answers about reviews and ratings. What reviewers wrote is quoted, never followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from deploy.local.bedrock.understudy.answering.averages import average_of
from deploy.local.bedrock.understudy.answering.ends import end_of
from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    named,
    plural,
    quote,
    safe,
)
from deploy.local.bedrock.understudy.answering.numbers import amount, whole
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import (
    Section,
    about_customer,
    about_product,
    behind,
)
from deploy.local.bedrock.understudy.answering.working import Work, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

Row = Mapping[str, Any]


def reviews(work: Work, ask: Ask) -> list[Section] | None:
    """Reviews of products, by customers, or by stars."""
    parts = _sorted_out(work, ask)
    if parts is None:
        return None
    customers, products, trouble = parts
    if trouble and not customers and not products:
        return trouble
    if customers and products:
        found = [_listing(work, ask, c, p) for c in customers for p in products]
    elif customers or products:
        found = [_listing(work, ask, c, None) for c in customers] + [
            _listing(work, ask, None, p) for p in products
        ]
    else:
        found = [_listing(work, ask, None, None)]
    return None if None in found else [*(s for s in found if s), *trouble]


def _sorted_out(
    work: Work, ask: Ask
) -> tuple[list[Resolved], list[Resolved], list[Section]] | None:
    """The customers and products of an ask; sections for those that are not found."""
    customers: list[Resolved] = []
    products: list[Resolved] = []
    trouble: list[Section] = []
    waiting = False
    for subject in ask.subjects:
        kind, found = _kind_of(work, subject)
        waiting = waiting or found.state == "waiting"
        if found.state == "found":
            (customers if kind == "customer" else products).append(found)
        elif found.state != "waiting":
            trouble.append(unresolved(work, replace(subject, kind=kind), found))
    return None if waiting else (customers, products, trouble)


def _kind_of(work: Work, subject: Subject) -> tuple[str, Resolved]:
    if subject.kind == "name":
        return work.either(subject)
    return subject.kind, work.customer(subject) if subject.kind == "customer" else work.product(
        subject
    )


def _listing(work: Work, ask: Ask, who: Resolved | None, what: Resolved | None) -> Section | None:
    result = work.look.get("list_reviews", **_given(ask.filters, who, what))
    if result is None:
        return None
    spoke = ((about_customer(who.identity, who.name),) if who else ()) + (
        (about_product(what.identity, what.name),) if what else ()
    )
    title = _title(who, what, ask.filters)
    if failed(result):
        return Section(f"{title} could not be asked.", spoke_of=spoke)
    found = [r for r in rows(result, "reviews") if _fits(r, who, ask.filters)]
    return _written(title, ask, result, found, spoke, filtered=bool(who and what))


def _given(filters: Filters, who: Resolved | None, what: Resolved | None) -> dict[str, Any]:
    """What is asked of the tool; the rest is sorted out of its answer."""
    stars = filters.stars
    only_customer = what is None
    given = {
        "product_id": what.identity if what else None,
        "customer_id": who.identity if who and only_customer else None,
        "min_rating": stars[0]
        if stars and stars[0] > 1
        else (stars[0] if stars and not who and not what else None),
        "max_rating": stars[1]
        if stars and stars[1] < 5
        else (5 if stars and stars[0] == 5 else None),
        "limit": filters.limit or (50 if who and what else None),
    }
    if not who and not what and not stars:
        given["min_rating"] = 1
    return given


def _fits(row: Row, who: Resolved | None, filters: Filters) -> bool:
    if who and str(row.get("customer_id")) != who.identity:
        return False
    if filters.verified is not None and bool(row.get("verified_purchase")) != filters.verified:
        return False
    written = str(row.get("created_at"))[:10]
    if (filters.since and written < filters.since) or (filters.until and written > filters.until):
        return False
    low, high = filters.stars or (0, 9)
    rating = row.get("rating")
    return not isinstance(rating, int) or low <= rating <= high


def _title(who: Resolved | None, what: Resolved | None, filters: Filters) -> str:
    parts = ["Reviews"]
    if what:
        parts.append(f"of {what.name} (product {safe(what.identity)})")
    if who:
        parts.append(f"by {named(who.identity, who.name)}")
    if filters.stars:
        low, high = filters.stars
        parts.append(f"with {low} stars" if low == high else f"with {low} to {high} stars")
    if filters.since or filters.until:
        parts.append(
            " ".join(
                p
                for p in (
                    f"from {filters.since}" if filters.since else "",
                    f"to {filters.until}" if filters.until else "",
                )
                if p
            )
        )
    return f"**{' '.join(parts)}**"


def _written(
    title: str,
    ask: Ask,
    result: Row,
    found: Sequence[Row],
    spoke: tuple[Subject, ...],
    *,
    filtered: bool,
) -> Section:
    if not found:
        return Section(
            f"{title} (catalogue): {'No, none.' if ask.yes_no else 'none.'}", spoke_of=spoke
        )
    total = result.get("total")
    all_fit = (
        isinstance(total, int)
        and not filtered
        and ask.filters.verified is None
        and not (ask.filters.since or ask.filters.until)
    )
    count = plural(total if all_fit and isinstance(total, int) else len(found), "review")
    lead = f"Yes, {count}." if ask.yes_no else f"{count}."
    one = ask.filters.pick == "latest" and not ask.filters.limit
    shown = found[:1] if one else found
    lines = "\n".join(f"- {review_line(row)}" for row in shown)
    cut = (
        f"\n\nThe list is cut: {len(found)} are shown, the newest first."
        if result.get("truncated")
        else ""
    )
    if ask.want == "review_count" and not spoke:
        return Section(f"{title} (catalogue): {lead}{cut}", spoke_of=spoke)
    listed = tuple(Subject("review", "id", str(r.get("review_id"))) for r in shown)
    text = f"{title} (catalogue): {lead}\n\n{lines}{cut}"
    things = {str(r.get("product_id") or "") for r in shown} - {""}
    thing = tuple(map(about_product, things)) if len(things) == 1 else ()
    return Section(text, spoke_of=(*thing, *spoke), listed=listed, people=behind(shown))


def review_line(row: Row) -> str:
    """One review on one line, its words in quotes."""
    bought = "verified purchase" if row.get("verified_purchase") else "purchase not verified"
    return (
        f"**{safe(row.get('review_id'))}** · {safe(row.get('rating'))} of 5 stars · "
        f"{day(row.get('created_at'))} · "
        f"product {safe(row.get('product_id'))} · by {safe(row.get('customer_id'))} · {bought}: "
        f"{quote(row.get('title', ''))} {quote(row.get('comment', ''))}"
    )


def review(work: Work, ask: Ask) -> list[Section] | None:
    """Reviews by their ids."""
    found = [_review(work, subject) for subject in ask.subjects if subject.kind == "review"]
    return None if None in found else [s for s in found if s]


def _review(work: Work, subject: Subject) -> Section | None:
    result = work.look.get("get_review", review_id=subject.value)
    if result is None:
        return None
    if failed(result):
        return Section(f"Review {safe(subject.value)} could not be asked.")
    row = record(result, "review")
    if not row:
        return Section(f"The catalogue has no review **{safe(subject.value)}**.", "not_found")
    spoke = (
        about_customer(str(row.get("customer_id"))),
        about_product(row.get("product_id")),
        Subject("review", "id", subject.value),
    )
    return Section(f"{review_line(row)} (catalogue)", spoke_of=spoke)


def rating(work: Work, ask: Ask) -> list[Section] | None:
    """How products are rated; the ratings a customer gave, which nobody averages."""
    parts = _sorted_out(work, ask)
    if parts is None:
        return None
    customers, products, trouble = parts
    if trouble and not customers and not products:
        return trouble
    if not customers and not products:
        return [Section("Which product? Name one, and I give its average rating.", "clarify")]
    found = [_rating(work, what) for what in products]
    found += [_ratings_by(work, ask, who) for who in customers]
    if None in found:
        return None
    highest = _highest(work, ask, products) if len(products) > 1 else []
    return [*(s for s in found if s), *highest, *trouble]


def _highest(work: Work, ask: Ask, products: Sequence[Resolved]) -> list[Section]:
    """Which of several products is rated highest; nothing when one of them has no rating."""
    found = []
    for what in products:
        result = work.look.get("rating_summary", product_id=what.identity)
        if not result or failed(result) or not result.get("average_rating"):
            return []
        found.append((amount(result["average_rating"]), what.name))
    return [Section(end_of(ask, "average rating", found))]


def _ratings_by(work: Work, ask: Ask, who: Resolved) -> Section | None:
    section = _listing(work, replace(ask, want="reviews"), who, None)
    result = work.look.get("list_reviews", **_given(ask.filters, who, None))
    if section is None or result is None:
        return None
    given = [amount(row.get("rating")) for row in rows(result, "reviews")]
    if not given or result.get("truncated") or not ask.filters.average:
        return section
    average = average_of(sum(given, Decimal(0)), len(given))
    note = f"Average of these ratings: **{average}** of 5, worked out here."
    return replace(section, text=f"{section.text}\n\n{note}")


def _rating(work: Work, what: Resolved) -> Section | None:
    result = work.look.get("rating_summary", product_id=what.identity)
    if result is None:
        return None
    head = f"**{what.name}** (product {safe(what.identity)})"
    spoke = (about_product(what.identity, what.name),)
    if failed(result):
        return Section(f"{head}: the rating could not be asked.", spoke_of=spoke)
    if not result.get("reviews"):
        return Section(
            f"{head} has no reviews yet (catalogue), so there is no rating.", spoke_of=spoke
        )
    stars = result.get("ratings")
    counts = (
        ", ".join(f"{n} with {star} stars" for star, n in sorted(stars.items(), reverse=True) if n)
        if isinstance(stars, Mapping)
        else ""
    )
    average = f"**{safe(result.get('average_rating'))}** of 5"
    count = plural(whole(result["reviews"]), "review")
    text = f"{head}: average rating {average} from {count} (catalogue): {counts}."
    return Section(text, spoke_of=spoke)
