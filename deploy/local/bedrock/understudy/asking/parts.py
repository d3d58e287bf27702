"""Reads questions about a part of what is asked: ``and how many of those are pending``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, over
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt, build
from deploy.local.bedrock.understudy.reading import groups
from deploy.local.bedrock.understudy.reading.reading import Reading
from deploy.local.bedrock.understudy.reading.wants import WANTS

_STATUSES = "|".join(sorted(groups.STATUSES, key=len, reverse=True))
_THOSE = "(those|these|them|which|the two|the three|it|all|the ones?|the orders)"
_COUNTED = "(how many|what number|number|which|any|what part)"
_VERB = "(are|is|were|was|have been|has been|got|still|already|currently|now|yet|there)"
# ``How many of those are pending``: a part of them is asked for, and nothing of the rest.
_PART = (
    f"({_COUNTED}( ones?)? (out )?of {_THOSE}|(out )?of {_THOSE} ,? ?{_COUNTED}|how many)"
    f"( {_VERB})+ ({_STATUSES})( (orders|ones))?( yet| already| now)?"
)
_OF_THOSE = rf"((out )?of {_THOSE}|(those|these|them))"
_OVERALL = "average (\\w+ ){0,4}?(overall|in general|of all|across all|of every)"
_OF_ORDERS = frozenset("orders order_count order_total order_average spent status".split())
_COUNT = next(want for want in WANTS if want.name == "order_count")
_ORDERS = next(want for want in WANTS if want.name == "orders")
_END = "(the|his|her|their) ((very )?(last|latest|newest|most recent|first|oldest)) one"
MOST_PICKED = 8


def with_parts_apart(segments: Sequence[Segment]) -> list[Segment]:
    """The segments with each count of a part as a question of its own."""
    found: list[Segment] = []
    for segment in segments:
        for one in _overall_apart(segment):
            before = found[-1] if found else None
            found.extend(_apart(one, before))
    return found


def _overall_apart(segment: Segment) -> Iterator[Segment]:
    """``Orders over 90, and the average overall``: what is asked of all has no bounds."""
    averages = [one for one in segment.wants if one.want.name == "order_average"]
    bounded = segment.filters.bounds or segment.filters.status
    if not averages or len(segment.wants) < 2 or not bounded or not segment.reading.has(_OVERALL):
        yield segment
        return
    yield replace(segment, wants=[one for one in segment.wants if one not in averages])
    yield replace(segment, wants=averages, filters=Filters(average=True))


def _apart(segment: Segment, before: Segment | None) -> Iterator[Segment]:
    spans = list(segment.reading.find(_PART))
    if not spans:
        yield _end_of(before, segment) if before and _is_of_orders(before) else segment
        return
    first, last = spans[0]
    rest = build(segment.reading.without(first, last))
    part = build(segment.reading.slice(first, last + 1))
    whole = rest if _is_of_orders(rest) else before
    if whole is None or not _is_of_orders(whole) or rest.filters.status:
        yield segment
        return
    if whole is rest:
        yield rest
    status = part.filters.status or part.filters.asked
    yield replace(
        part,
        wants=[WantedAt(_COUNT, 0, 0)],
        subjects=[*whole.subjects, *part.subjects],
        pronouns=whole.pronouns,
        filters=over(whole.filters, Filters(status=status, count=True)),
    )


def _end_of(before: Segment, segment: Segment) -> Segment:
    """``How many orders has he, and what is the last one``: one of the orders asked for before."""
    named = segment.subjects or any(one.want.name != "about" for one in segment.wants)
    if named or not segment.filters.pick or not segment.reading.has(_END):
        return segment
    filters = over(replace(before.filters, count=False), segment.filters)
    wants = [WantedAt(_ORDERS, 0, 0)]
    return replace(segment, wants=wants, subjects=before.subjects, filters=filters)


def _is_of_orders(segment: Segment) -> bool:
    return any(one.want.name in _OF_ORDERS for one in segment.wants)


def part_of_shown(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """``Which of those is shipped`` after a list of orders: only those of them."""
    filters = segments[0].filters if len(segments) == 1 else Filters()
    status = filters.status or filters.asked
    if not status or segments[0].subjects or not reading.has(_OF_THOSE):
        return []
    if any(one.want.name not in _OF_ORDERS for one in segments[0].wants):
        return []
    shown = tuple(s for s in context.listed if s.kind == "order")
    asks = [ask for ask in context.asks if ask.want in _OF_ORDERS - {"status"}]
    if asks and not any(_is_other(ask, status) for ask in asks):
        wanted = "order_count" if filters.count else "orders"
        only = Filters(status=status)
        return [replace(ask, want=wanted, filters=over(ask.filters, only)) for ask in asks]
    return [Ask("pick", shown[:MOST_PICKED], Filters(status=status, by="status"))] if shown else []


def _is_other(ask: Ask, status: str) -> bool:
    """Whether what was shown cannot simply be asked again for orders of the status."""
    by_number = any(subject.kind == "order" for subject in ask.subjects)
    return by_number or ask.filters.status not in ("", status) or bool(ask.filters.pick)
