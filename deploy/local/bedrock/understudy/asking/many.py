"""Whether many are meant where nothing is named: all products, all who wrote some reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment


def writers(segments: Sequence[Segment], at: int) -> Subject | None:
    """Who wrote the reviews that were asked for just before: ``and who wrote them``."""
    if not segments[at].pronouns & {"them", "those", "these", "it", "that"} or not at:
        return None
    before = segments[at - 1]
    products = [s for s in before.subjects if s.kind in ("product", "name")]
    if len(products) < len(before.subjects) or not any(
        one.want.name in ("reviews", "review_count") for one in before.wants
    ):
        return None
    things = tuple(replace(s, kind="product") for s in products)
    of = Ask("reviews", things, replace(before.filters, count=False))
    return Subject("customer", "members", f"{of.subjects} {of.filters}", of=of)


OF_THINGS = frozenset({"price", "stock"})
_PRODUCTS = (
    "products?|items?|articles?|everything|anything|something|all|prices|costs|inventory|range"
    "|assortment|catalogue|sell|which|any|our|we|list|whole|every|each|stuff|goods"
)


def speaks_of_products(segment: Segment) -> bool:
    """Whether prices or stock of all products can be meant."""
    filters = segment.filters
    narrowed = filters.bounds or filters.pick or filters.limit or filters.stock is not None
    return bool(narrowed) or segment.reading.has(_PRODUCTS)
