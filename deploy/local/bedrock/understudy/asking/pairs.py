"""Understands what is asked of two that were spoken of: ``who of the two spent more``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Subject
from deploy.local.bedrock.understudy.asking.merging import PROFILE_FACTS, merged
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading.reading import Reading

_MORE = (
    "cheaper|dearer|pricier|expensive|lower|smaller|larger|worse|more|higher|highest|most|fewer"
    "|fewest|less|lowest|least|bigger|better|longer|older"
)
_THAN = f"({_MORE}) (\\w+ )?than (the |a )?(<name>|<customer>|<product>)"
_ONE_BY_ONE = {"top_lifetime": "lifetime", "top_spenders": "spent"}
_RATED = {"ranked_rating": "rating", "rating": "rating", "stock": "stock", "price": "price"}
_COUNTED = frozenset("spent order_total order_count review_count".split())
# The most of all, unless of these.
_MOST = "most|highest|fewest|lowest|least"
_OF_THESE = "of (those|these|them|the two|both)|both|those two|the two|the two of them"


def pair(
    own: Sequence[Subject], segments: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``who has more cases``, ``more than jane``: the last two, or the last one and a new one."""
    sooner = reading.has("first|earlier|sooner") and reading.has(_OF_THESE)
    if not sooner and not reading.has(_MORE):
        return []
    real = any(w.want.name not in ("identity", "about") for s in segments for w in s.wants)
    if len(own) == 1 and reading.has(_THAN) and not real:
        filters = segments[0].filters
        return [
            replace(
                ask,
                subjects=(*ask.subjects, replace(own[0], kind=ask.subjects[0].kind)),
                filters=replace(ask.filters, compared=filters.compared, lower=filters.lower),
                yes_no=segments[0].yes_no,
            )
            for ask in context.asks
            if ask.subjects and ask.subjects[0].kind in ("customer", "product")
        ]
    if own or not reading.has("who|which|whose") or reading.has("customers?|our|we|all|every"):
        return []
    if any(s.filters.bounds for s in segments) or (
        reading.has(_MOST) and not reading.has(_OF_THESE)
    ):
        return []
    return _of_the_two(segments, context)


def _of_the_two(segments: Sequence[Segment], context: Context) -> list[Ask]:
    """The facts that are wanted, of the two products or customers that were spoken of last."""
    of_products = {_RATED[w.want.name] for s in segments for w in s.wants if w.want.name in _RATED}
    if of_products and any(s.kind == "product" for s in context.spoken[-1:]):
        things = context.recent.get("product", ())[-2:]
        return merged([Ask(want, things) for want in sorted(of_products) if len(things) > 1])
    named = [_ONE_BY_ONE.get(w.want.name, w.want.name) for s in segments for w in s.wants]
    wants = [name for name in named if name in PROFILE_FACTS | _COUNTED]
    listed = tuple(s for s in context.listed if s.kind == "customer")
    two = listed if 1 < len(listed) < 5 else context.recent.get("customer", ())[-2:]
    wants = [want for want in wants if want != "identity"]
    return merged([Ask(want, two) for want in wants]) if len(two) > 1 else []
