"""Whether many are meant where nothing is named: all products, all who wrote some reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Subject
from deploy.local.bedrock.understudy.asking.borrowing import PEOPLE
from deploy.local.bedrock.understudy.asking.claims import claim_of
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading.wants import Want


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


_OF_THINGS = frozenset({"price", "stock"})
_PRODUCTS = (
    "products?|items?|articles?|everything|anything|something|all|prices|costs|inventory|range"
    "|assortment|catalogue|sell|which|any|our|we|list|whole|every|each|stuff|goods"
)


_THAT_THING = (
    "(that|this|the same) (product|item|article|thing)"
    "|^((and|so|ok|,) )*(which|what) (product|item)( (is|was) (it|that|this))?( ,| \\.)?$"
)


def may_be_group(segment: Segment, want: Want) -> bool:
    """Whether everybody can be meant: nobody was pointed at, and no name was left unread."""
    if want.name in _OF_THINGS and not _speaks_of_products(segment):
        return False
    if "product" in want.of and segment.reading.has(_THAT_THING):
        return False
    if "customer" not in want.of:
        return True
    if claim_of(segment.reading):
        return False
    if segment.filters.tier and want.name in ("orders", "order_count"):
        return not segment.pronouns & PEOPLE
    return not segment.pronouns & PEOPLE and not segment.reading.has(cues.OF_SOMEBODY)


def _speaks_of_products(segment: Segment) -> bool:
    """Whether prices or stock of all products can be meant."""
    filters = segment.filters
    narrowed = filters.bounds or filters.pick or filters.limit or filters.stock is not None
    return bool(narrowed) or segment.reading.has(_PRODUCTS)
