"""Says of every part of a question that no system records it, and keeps the parts beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Subject
from deploy.local.bedrock.understudy.asking.attaching import attach, missing_of
from deploy.local.bedrock.understudy.asking.merging import PROFILE_FACTS, merged
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.reading.unrecorded import (
    UNRECORDED,
    UNRECORDED_BOOK,
    Unrecorded,
)

_KIND_OF = tuple(kind for kind in UNRECORDED for _ in kind.phrases)
_ANSWERED_ELSEWHERE = frozenset(
    "spent lifetime reviews rating warranties top_spenders everything differences top_lifetime"
    " no_orders".split()
)
# Facts that are still told when something beside them is recorded nowhere.
_BESIDE = (PROFILE_FACTS - {"identity", "contact", "notes"}) | frozenset(
    "price stock category description rating reviews warranties spent order_total order_count"
    " status lifetime birth".split()
)
_ASKS = (
    "what|when|where|which|who|whose|how|why|need|needs|want|wants|tell|know|give|show|can|could"
    "|any|if|whether|send|about|did|does|does|will|is there|are there"
)
_LONG = 10
_WEAK = frozenset({"about", "identity"})
# Kinds whose words mean something else unless one of these facts is asked for near by.
_ONLY_BESIDE = {"matter": frozenset({"cases"})}
_OF_KIND = {
    "orders": ("order", "customer"),
    "products": ("product",),
    "cases": ("customer",),
    "registration": ("customer",),
    "kind": ("product",),
}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """A kind of fact that a segment asks for and that is recorded nowhere, and where."""

    kind: Unrecorded
    spans: tuple[Span, ...]


def partly_unrecorded(segments: Sequence[Segment], context: Context) -> list[Ask]:
    """When a segment asks for what no system holds: that is said, and the others are answered."""
    parts = [_parts_of(segments, at, context) for at in range(len(segments))]
    if not any(parts):
        return []
    rest = [_recorded_part(one, found) for one, found in zip(segments, parts, strict=True)]
    said: list[Ask] = []
    for at, found in enumerate(parts):
        for part in found:
            said += [ask for ask in _said(segments, at, part.kind, context) if ask not in said]
    spoken_of = [subject for ask in said for subject in ask.subjects]
    silent = {
        at
        for at, segment in enumerate(rest)
        if not segment.wants and (_is_said(segments[at], parts[at]) or _is_told(segment, spoken_of))
    }
    answered = attach(rest, context, silent)
    asks = [one.ask for one in answered if not one.missing]
    return merged([*asks, *said, *missing_of(answered)])


def _is_said(segment: Segment, found: Sequence[_Part]) -> bool:
    """Whether nothing but what is not recorded was asked in a segment."""
    return bool(found) and (bool(segment.wants) or not _asks_the_same(found))


def _is_told(segment: Segment, spoken_of: Sequence[Subject]) -> bool:
    """Whether something is told already of all that a segment only names."""
    named = segment.subjects
    return bool(named) and all(
        any((s.by, s.value) == (told.by, told.value) for told in spoken_of) for s in named
    )


def _asks_the_same(found: Sequence[_Part]) -> bool:
    return all(part.kind.instead == "same" for part in found)


def _parts_of(segments: Sequence[Segment], at: int, context: Context) -> list[_Part]:
    """What a segment asks for that is recorded nowhere, each word counted once."""
    segment = segments[at]
    if _tells_story(segment) and any(other.wants for other in segments):
        return []
    spans: dict[Unrecorded, list[Span]] = {}
    for place in segment.reading.near(UNRECORDED_BOOK):
        found = list(segment.reading.find(UNRECORDED_BOOK.phrases[place]))
        if found:
            spans.setdefault(_KIND_OF[place], []).extend(found)
    taken: list[Span] = []
    parts: list[_Part] = []
    for kind in sorted(spans, key=UNRECORDED.index):
        own = [span for span in spans[kind] if not any(_meet(span, other) for other in taken)]
        if own and not _told_elsewhere(segment, own) and _is_meant(segments, at, kind, context):
            taken += spans[kind]
            parts.append(_Part(kind, tuple(own)))
    return sorted(parts, key=lambda part: min(part.spans))


def _tells_story(segment: Segment) -> bool:
    """Whether a long part asks nothing: what it mentions is no question."""
    words = segment.reading.line.split()
    quiet = not segment.wants and not segment.yes_no and not segment.reading.has(_ASKS)
    return quiet and len(words) > _LONG


def _told_elsewhere(segment: Segment, spans: Sequence[Span]) -> bool:
    elsewhere = [w for w in segment.wants if w.want.name in _ANSWERED_ELSEWHERE]
    return any(_overlap(wanted, span) for wanted in elsewhere for span in spans)


def _is_meant(segments: Sequence[Segment], at: int, kind: Unrecorded, context: Context) -> bool:
    """Whether the words of a kind mean that here."""
    segment = segments[at]
    of_reviews = segment.filters.stars or any(w.want.name == "reviews" for w in segment.wants)
    if kind.name == "case_details" and of_reviews:
        return False
    needed = _ONLY_BESIDE.get(kind.name)
    if needed is None:
        return True
    near = {one.want.name for other in segments[: at + 1] for one in other.wants}
    asked = {fact for ask in context.asks for fact in (ask.want, *ask.facts)}
    return bool(needed & (near | asked))


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _overlap(wanted: WantedAt, span: Span) -> bool:
    return _meet((wanted.first, wanted.last), span)


def _recorded_part(segment: Segment, found: Sequence[_Part]) -> Segment:
    """The segment with only those facts that stand beside what is not recorded."""
    same = _asks_the_same(found)
    spans = [span for part in found for span in part.spans]
    kept = [
        wanted
        for wanted in segment.wants
        if (wanted.want.name in _BESIDE or same)
        and (
            not any(_overlap(wanted, span) for span in spans)
            or (same and wanted.want.name not in _WEAK)
        )
    ]
    return replace(segment, wants=kept)


def _said(
    segments: Sequence[Segment], at: int, kind: Unrecorded, context: Context
) -> Iterator[Ask]:
    """That it is not recorded, and what helps instead."""
    yield Ask("unrecorded", note=kind.says)
    wanted = _OF_KIND.get(kind.instead)
    segment = segments[at]
    if not wanted or (kind.name == "ago" and _of_warranties(segment, context)):
        return
    near = [(one, s) for one in (segment, *segments[:at]) for s in one.subjects]
    subjects = [(one, s) for one, s in near if s.kind in wanted or s.kind == "name"]
    if not subjects:
        subjects = [
            (segment, context.latest[w])
            for w in wanted
            if w in context.latest and (segment.pronouns or w == "order" or _short(segment))
        ][:1]
    filters = segment.filters
    if not subjects and kind.instead == "orders" and (filters.since or filters.until):
        yield Ask("orders", (), filters)
    for named_in, subject in subjects[:2]:
        thing = kind.instead == "orders" and subject.kind == "name" and is_thing(subject, named_in)
        yield _instead(subject, "products" if thing else kind.instead, segment)


def _of_warranties(segment: Segment, context: Context) -> bool:
    """Whether the days that are asked about are those of a warranty, and of no order."""
    if any(one.want.name in ("warranties", "registration") for one in segment.wants):
        return True
    spoken = any(s.kind == "serial" for ask in context.asks for s in ask.subjects)
    return spoken and not segment.wants and not segment.subjects


def is_thing(subject: Subject, segment: Segment) -> bool:
    """Whether an article before a name, in the segment that it stands in, says it is no person's.

    Places of marks count from the beginning of a segment, so those of another one mean nothing.
    """
    if not 0 < subject.first <= len(segment.reading.marks):
        return False
    return segment.reading.marks[subject.first - 1].words in ("the", "a", "an", "our")


def _short(segment: Segment) -> bool:
    """Whether it is too short to be about anything but what was spoken of last."""
    return len(segment.reading.line.split()) <= 4


def _instead(subject: Subject, instead: str, segment: Segment) -> Ask:
    if subject.kind == "order":
        return Ask("order", (subject,))
    if instead == "orders":
        return Ask("orders", (replace(subject, kind="customer"),), segment.filters)
    if instead == "kind":
        return Ask("products", (replace(subject, kind="product"),), segment.filters)
    if instead in ("cases", "registration"):
        return Ask("facts", (replace(subject, kind="customer"),), facts=(instead,))
    return Ask("stock", (replace(subject, kind="product"),))
