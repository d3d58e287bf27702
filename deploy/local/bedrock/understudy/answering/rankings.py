"""Products by rating or by how often they were reviewed: worked out from the reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from deploy.local.bedrock.understudy.answering.averages import average_of
from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import joined, plural, safe, table
from deploy.local.bedrock.understudy.answering.numbers import amount
from deploy.local.bedrock.understudy.answering.product_groups import category_rows
from deploy.local.bedrock.understudy.answering.reviews import rating
from deploy.local.bedrock.understudy.answering.sections import Section, about_product
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask

Row = Mapping[str, Any]
_MOST = 50
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Rated:
    """A product, how many reviews it has and their average."""

    identity: str
    reviews: int
    average: Decimal


def by_rating(work: Work, ask: Ask) -> list[Section] | None:
    """Products by their average rating, the best or the worst first."""
    return _ranked(work, ask, "average")


def by_reviews(work: Work, ask: Ask) -> list[Section] | None:
    """Products by how many reviews they have."""
    return _ranked(work, ask, "reviews")


def rated(work: Work, ask: Ask) -> list[Section] | None:
    """How a product is rated, or a category when nothing else has the name."""
    sections = rating(work, ask)
    if sections is None or len(ask.subjects) != 1 or ask.subjects[0].by != "name":
        return sections
    if any(section.outcome != "not_found" for section in sections):
        return sections
    among = category_rows(work, ask.subjects[0].value)
    if among is None:
        return None
    return average_rating(work, ask) if among else sections


def average_rating(work: Work, ask: Ask) -> list[Section] | None:
    """The average over all reviews, or over those of a category."""
    among = category_rows(work, ask.subjects[0].value) if ask.subjects else []
    reviews = _all_reviews(work)
    if among is None or reviews is None:
        return None
    if isinstance(reviews, Section):
        return [reviews]
    wanted = {str(row.get("product_id")) for row in among}
    kept = [r for r in reviews if not wanted or str(r.get("product_id")) in wanted]
    if not kept:
        return [Section("There are no reviews to work an average out from (catalogue).")]
    average = average_of(sum((amount(r.get("rating")) for r in kept), Decimal(0)), len(kept))
    of = f" in category {safe(among[0].get('category'))}" if among else ""
    text = f"**Average rating{of}** (catalogue): **{average}** of 5, worked out here from "
    return [Section(f"{text}{plural(len(kept), 'review')}.")]


def _all_reviews(work: Work) -> list[Row] | Section | None:
    """Every review there is, or why not all of them can be read."""
    result = work.look.get("list_reviews", min_rating=1, limit=_MOST)
    if result is None:
        return None
    if failed(result):
        return Section("Reviews could not be asked.")
    if result.get("truncated") or result.get("cursor"):
        text = (
            "There are more reviews than can be read at once, and no system ranks products by "
            "them. Name a product, and I give its average rating."
        )
        return Section(text, "clarify")
    return rows(result, "reviews")


def _ranked(work: Work, ask: Ask, by: str) -> list[Section] | None:
    if len(ask.subjects) > 1:
        return rating(work, ask)
    among = category_rows(work, ask.subjects[0].value) if ask.subjects else []
    if among is None:
        return None
    if ask.subjects and not among:
        return rating(work, replace(ask, want="rating"))
    reviews = _all_reviews(work)
    if reviews is None:
        return None
    if isinstance(reviews, Section):
        return [reviews]
    found = _rated(reviews, {str(row.get("product_id")) for row in among})
    found.sort(key=lambda one: int(one.identity))
    found.sort(key=lambda one: getattr(one, by), reverse=ask.filters.descending)
    return _told(work, ask, by, found)


def _rated(reviews: list[Row], among: set[str]) -> list[_Rated]:
    stars: dict[str, list[Decimal]] = {}
    for row in reviews:
        identity = str(row.get("product_id"))
        if identity.isdigit() and (not among or identity in among):
            stars.setdefault(identity, []).append(amount(row.get("rating")))
    return [
        _Rated(identity, len(given), average_of(sum(given, Decimal(0)), len(given)))
        for identity, given in stars.items()
    ]


def _told(work: Work, ask: Ask, by: str, found: list[_Rated]) -> list[Section] | None:
    if not found:
        return [Section("There are no reviews to rank products by (catalogue).")]
    shown = found[: ask.filters.limit or _SHOWN]
    answers = {one.identity: work.look.product(one.identity) for one in shown}
    if any(answer is None for answer in answers.values()):
        return None
    names = {identity: _name(answer, identity) for identity, answer in answers.items()}
    first = [one for one in shown if getattr(one, by) == getattr(shown[0], by)]
    kind = {
        ("average", True): "Best rated", ("average", False): "Lowest rated",
        ("reviews", True): "Most reviewed", ("reviews", False): "Least reviewed",
    }[by, ask.filters.descending]  # fmt: skip
    lead = joined([f"**{names[one.identity]}**" for one in first])
    cells = (
        (one.identity, names[one.identity], f"{one.average}", str(one.reviews)) for one in shown
    )
    text = (
        f"{kind}: {lead}. Averages are worked out here from all "
        f"{plural(sum(one.reviews for one in found), 'review')} (catalogue); a product without "
        f"reviews is not among them.\n\n{table(['Product', 'Name', 'Average', 'Reviews'], cells)}"
    )
    listed = tuple(about_product(one.identity, names[one.identity]) for one in shown)
    return [Section(text, spoke_of=listed[:1], listed=listed)]


def _name(answer: Row | None, identity: str) -> str:
    row = next((r for r in rows(answer, "products") if str(r.get("product_id")) == identity), {})
    return safe(row.get("name") or f"product {identity}")
