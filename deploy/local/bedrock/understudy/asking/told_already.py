"""Facts that the rows of another answer tell already, so that nothing is looked up for them."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading.wants import Want

_ORDER_LISTS = frozenset("orders order_count order_total spent status order order_customer".split())


def told_with_orders(segments: Sequence[Segment], at: int) -> bool:
    """Whether ``and for how much`` is said of orders, whose amounts are told with them."""
    near = segments[max(0, at - 1) : at + 1]
    wants = {one.want.name for segment in near for one in segment.wants}
    things = any(s.kind == "product" for segment in near for s in segment.subjects)
    bare = segments[at].reading.has("how much( (is|was|were|are) (it|that|they|those))?( ,| \\.)?$")
    return bool(wants & _ORDER_LISTS) and bare and not things


_OF_PRODUCT_ROWS = frozenset({"price", "stock", "category", "about"})
_OF_ORDER_ROWS = frozenset({"order_customer", "status", "price", "order_total", "identity"})


def told_by_end(before: Segment, segment: Segment, want: Want) -> bool:
    """Whether the row of the largest or cheapest, asked for just before, tells this of it too."""
    if before.subjects or not segment.pronouns & {"it", "that", "this", "them", "they"}:
        return False
    wants = {wanted.want.name for wanted in before.wants}
    if wants & {"superlative_product", "superlative_stock"}:
        return want.name in _OF_PRODUCT_ROWS
    return bool("orders" in wants and before.filters.pick) and want.name in _OF_ORDER_ROWS
