"""Reads what a rep takes back: ``not the order, the warranty``, ``no, the other jane``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.reading.reading import Reading

_DENIALS = (("not",), ("instead", "of"), ("rather", "than"), ("forget",))
_ARTICLES = frozenset("the a an her his their any that about for".split())
# A denial that begins a clause takes back what was said; ``not shipped`` does not.
_BEFORE_DENIAL = frozenset(", . no sorry oops said meant mean but and".split())
_OTHER_NAMED = "(the )?(other|another|different|second) (customer |person )?(called |named )?<name>"


def without_taken_back(segments: Sequence[Segment]) -> list[Segment]:
    """The segments without facts that are named only to be taken back."""
    dropped = {
        id(wanted)
        for segment in segments
        for wanted in segment.wants
        if _is_taken_back(segment.reading, wanted)
    }
    kept = sum(len(segment.wants) for segment in segments) - len(dropped)
    if not dropped or not kept:
        return list(segments)
    left = [
        replace(s, wants=[wanted for wanted in s.wants if id(wanted) not in dropped])
        for s in segments
    ]
    return [segment for segment in left if segment.wants or segment.subjects]


def _is_taken_back(reading: Reading, wanted: WantedAt) -> bool:
    before = reading.slice(0, wanted.first).line.split()
    while before and before[-1] in _ARTICLES:
        before.pop()
    for denial in _DENIALS:
        if tuple(before[-len(denial) :]) == denial:
            rest = before[: -len(denial)]
            return not rest or rest[-1] in _BEFORE_DENIAL or denial != ("not",)
    return False


def other_of_name(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """What was wanted last, of another customer of that name than the one spoken of."""
    last = context.latest.get("customer")
    names = [s for segment in segments for s in segment.subjects if s.by == "name"]
    if last is None or len(names) != 1 or not reading.has(_OTHER_NAMED):
        return []
    if any(w.want.name not in ("identity", "about") for s in segments for w in s.wants):
        return []
    other = replace(names[0], kind="customer", by="other", name=last.value)
    asks = [replace(ask, subjects=(other,)) for ask in context.asks if _of_customer(ask)]
    return asks or [Ask("identity", (other,))]


def _of_customer(ask: Ask) -> bool:
    return any(subject.kind in ("customer", "name") for subject in ask.subjects)
