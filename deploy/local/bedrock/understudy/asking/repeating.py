"""Reads questions that are asked once more of something else: ``and the desk, same questions``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.reading.reading import Reading

_WHAT = "(questions?|facts|data|details|information|things?|stuff|again|checks?|please)"
_SAME = f"(the )?same( {_WHAT}| for| of| with| on|$)|likewise|ditto|all of that"
_SAME += "|(both|all|each|any)( of)? (those|these|that|them) (for|of|on|with)"
_SAME += "|do (that|this) (for|with|on)"
_ALSO = "^(and|or|also|same|what about|how about|what of|then|now|ok|so|,|plus|as well)"
# Asks that only said something; they are not asked again of another subject.
_SAYINGS = frozenset(
    "unread left_over unrecorded unsure unapplied missing covered declined pick".split()
)


def with_repeats(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, those that only name something else with the questions asked before them."""
    found: list[Segment] = []
    asked: list[Segment] = []
    for segment in segments:
        if asked and _only_names(segment) and (again := _again(asked, segment)):
            found.extend(again)
            continue
        found.append(segment)
        if segment.wants:
            asked.append(segment)
    return found


def _only_names(segment: Segment) -> bool:
    named = bool(segment.subjects) and not segment.wants and not segment.filters.narrows()
    return named and segment.reading.has(_ALSO)


def _again(asked: Sequence[Segment], segment: Segment) -> list[Segment]:
    kinds = {subject.kind for one in asked for subject in one.subjects}
    fitting = [s for s in segment.subjects if s.kind in kinds or "name" in (s.kind, *kinds)]
    if len(fitting) != len(segment.subjects):
        return []
    return [
        replace(one, reading=segment.reading, subjects=list(fitting), wants=_moved(one))
        for one in asked
    ]


def _moved(segment: Segment) -> list[WantedAt]:
    return [replace(wanted, first=0, last=-1) for wanted in segment.wants]


def repeated(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """What was asked of the last subject, asked of the one that is named now."""
    named = [s for segment in segments for s in segment.subjects]
    wants = {one.want.name for segment in segments for one in segment.wants}
    if not named or not context.asks:
        return []
    if not wants and reading.has(_SAME):
        return _of_others(named, context.run or context.asks)
    if wants and len(context.asks) > 1 and _takes_up(segments, wants, context):
        return _of_others(named, context.asks)
    return []


def _takes_up(segments: Sequence[Segment], wants: set[str], context: Context) -> bool:
    """``And for anna? does hers match``: a part of what was asked is said once more."""
    lead, *others = segments
    asked = {name for ask in context.asks for name in (ask.want, *ask.facts)}
    asked_once_more = wants <= asked and not any(one.subjects for one in others)
    return _only_names(lead) and bool(others) and asked_once_more


def _of_others(named: Sequence[Subject], asks: Sequence[Ask]) -> list[Ask]:
    found: list[Ask] = []
    for ask in asks:
        if ask.want in _SAYINGS or not ask.subjects:
            continue
        kind = ask.subjects[0].kind
        fitting = [_as_kind(s, kind) for s in named if kind in (s.kind, "name") or _may_be(s, kind)]
        if fitting:
            again = replace(ask, subjects=tuple(fitting), filters=_kept(ask.filters), otherwise=())
            found += [again] if again not in found else []
    return found


def _may_be(subject: Subject, kind: str) -> bool:
    return subject.kind == "name" and kind in ("customer", "product")


def _as_kind(subject: Subject, kind: str) -> Subject:
    return replace(subject, kind=kind, doubtful=False) if _may_be(subject, kind) else subject


def _kept(filters: Filters) -> Filters:
    """What narrowed the question down, without what only one answer can have."""
    return replace(filters, compared="", lower=False)
