"""Reads who is meant by what somebody did: ``the phone of whoever ordered that``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Context, Subject
from deploy.local.bedrock.understudy.asking.borrowing import HANGS_ON, customer_of
from deploy.local.bedrock.understudy.asking.segments import Segment, build

_SOMEBODY = "(person|customer|guy|lady|man|woman|one|buyer|people|customers|ones|reviewer|author)"
_WHO = f"(whoever|whomever|the {_SOMEBODY} (who|that|which)|(of|for|from|to|by|with) whom?)"
_WROTE = "(wrote|left|posted|gave|reviewed|rated)"
_DID = f"(ordered|placed|bought|made|purchased|holds|owns|has|{_WROTE})"
_POINTED = "( (that|it|this|those|these|them|the)( (order|review|orders|reviews|one|ones))?)?"
_BEHIND = f"{_WHO} (has |had )?{_DID}{_POINTED}"
_MANY = frozenset({"those", "these", "them"})


def with_who_did_it(segments: Sequence[Segment], context: Context) -> list[Segment]:
    """The segments with the customer behind a record in place of what that customer did."""
    return [_settled(segment, context) for segment in segments]


def _settled(segment: Segment, context: Context) -> Segment:
    spans = list(segment.reading.find(_BEHIND))
    if not spans:
        return segment
    first, last = spans[0]
    rest = build(segment.reading.without(first, last))
    if any(subject.kind in HANGS_ON for subject in rest.subjects):
        return rest
    said = segment.reading.slice(first, last + 1)
    if rest.subjects or not (records := _records(said.spoken.words, said.has(_WROTE), context)):
        return segment
    who = [replace(customer_of(record), first=first, last=last) for record in records]
    return replace(rest, subjects=who)


def _records(words: frozenset[str], wrote: bool, context: Context) -> list[Subject]:
    """The orders or reviews that were shown last; a device only when nothing else was."""
    kinds = ("review", "order") if wrote else ("order", "serial", "review")
    if words & _MANY and (listed := [s for s in context.listed if s.kind in kinds[:1]]):
        return listed
    return [context.latest[kind] for kind in kinds if kind in context.latest][:1]
