"""Reads facts that are wanted of the members of a group: ``phones of everyone with an order``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, Subject
from deploy.local.bedrock.understudy.asking.attaching import attach
from deploy.local.bedrock.understudy.asking.member_groups import Group, group_in
from deploy.local.bedrock.understudy.asking.merging import PROFILE_FACTS, merged
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt, build
from deploy.local.bedrock.understudy.asking.unrecorded_parts import partly_unrecorded

_SPENT = "(spent|spends|spend|ordered|bought|orders|buys|paid)"
_WITHOUT = (
    "(has|have|had|with|got|having)( got)? (no|zero|not any|not a single)( \\w+)? orders?"
    "|without( any| an)? orders?|(has|have|had|did)? ?(never|not)( yet| ever)?"
    f" ({_SPENT}|order|placed)( (an order|any orders?|anything|a thing|orders))?"
)
_ENOUGH = frozenset({"identity", "customers", "about", "customer_count", "listed", "reviewer"})
_DROPPED = frozenset(
    "customers customer_count top_lifetime top_spenders no_orders ranked_rating reviewer identity"
    " about product_count products".split()
)
_OF_ORDERS = frozenset("orders order_count order_total spent order_average status".split())
_OF_ONE = PROFILE_FACTS | _OF_ORDERS | {"reviews", "rating", "review_count", "warranties"}
_COUNTED = "(how many|number of|count( the| our| of)*)$"
_POINTS = "them|they|those|these|their|theirs|each|any|that|this|he|she|his|her|him|whom"


def of_members(segments: Sequence[Segment], context: Context) -> list[Ask]:
    """The asks of a text that wants facts of the members of a group; empty when none does."""
    for at in range(len(segments)):
        if found := group_in(segments, at):
            return _asked(segments, at, found, context)
    return []


def _asked(segments: Sequence[Segment], at: int, found_in: Group, context: Context) -> list[Ask]:
    span, of = found_in.span, found_in.ask
    key = f"{of.want} {of.subjects} {of.filters}"
    subject = Subject("customer", "members", key, of=of)
    own = _rest_of(segments[at], span)
    asked = [*segments[:at], own, *segments[at + 1 :]]
    taken = [n for n, one in enumerate(asked) if _is_of_one(one, here=n == at)]
    test = _tests(segments[at], span)
    wants = {wanted.want.name for n in taken for wanted in asked[n].wants}
    if not wants and not test:
        counted = Ask("group", (subject,), Filters(count=True))
        return [counted] if _is_counted(segments[at], span, of) else []
    if not test and taken == [at] and _is_told_at_once(of, wants):
        return _summed(segments[at], of, wants)
    found = [Ask("group", (subject,)), *([Ask("without_orders", (subject,))] if test else [])]
    given = [
        replace(one, subjects=[subject] if n in taken else one.subjects, wants=_kept(one, test))
        for n, one in enumerate(asked)
    ]
    silent = {n for n, one in enumerate(given) if not one.wants}
    found += partly_unrecorded(given, context) or [
        one.ask for one in attach(given, context, silent) if not one.missing
    ]
    return merged(list({(one.want, one.subjects): one for one in reversed(found)}.values())[::-1])


def _summed(segment: Segment, of: Ask, wants: set[str]) -> list[Ask]:
    """What the customers of a tier ordered together; all else is told by the list itself."""
    if not of.filters.tier or not wants & {"order_total", "order_count", "spent"}:
        return []
    return [Ask("order_total", (), replace(segment.filters, count=False))]


def _rest_of(segment: Segment, span: tuple[int, int]) -> Segment:
    """What is asked beside the group; how many are in it is told with the group."""
    reading = segment.reading
    if reading.slice(0, span[0]).has(_COUNTED):
        return replace(segment, wants=(), subjects=(), filters=Filters())
    return build(reading.without(*span))


def _is_counted(segment: Segment, span: tuple[int, int], of: Ask) -> bool:
    """Whether it is only asked how many customers of a tier or value there are."""
    counted = segment.reading.slice(0, span[0]).has(_COUNTED)
    return counted and of.want in ("customers", "orders") and not of.filters.pick


def _is_of_one(segment: Segment, *, here: bool) -> bool:
    """Whether a part of the text asks for facts of the members, and of nothing else."""
    if any(not subject.doubtful for subject in segment.subjects):
        return False
    of_one = any(wanted.want.name in _OF_ONE for wanted in segment.wants)
    free = any(w.want.group and w.want.name not in PROFILE_FACTS for w in segment.wants)
    return of_one and (here or not free or segment.reading.has(_POINTS))


def _tests(segment: Segment, span: tuple[int, int]) -> bool:
    """Whether it is asked which of them have no order."""
    return segment.reading.without(*span).has(_WITHOUT)


def _is_told_at_once(of: Ask, wants: set[str]) -> bool:
    """Whether the list of the members, or one answer over all of them, tells it already."""
    told = set(_ENOUGH)
    if of.want in ("customers", "top_lifetime") and not of.filters.tier:
        told |= {"lifetime", "tier", "purchases", "cases"}
    if of.want == "orders":
        told |= {"orders", "order_count", "order_total", "status"}
    if of.want == "reviews_at_end":
        told |= {"reviews", "rating", "review_count"}
    if of.want in ("top_spenders", "most_orders"):
        told |= {"orders", "order_total", "order_count", "spent"}
    if of.want == "customers" and of.filters.tier:
        told |= _OF_ORDERS
    return wants <= told


def _kept(segment: Segment, test: bool) -> list[WantedAt]:
    dropped = _DROPPED | (_OF_ORDERS if test else frozenset())
    return [wanted for wanted in segment.wants if wanted.want.name not in dropped]
