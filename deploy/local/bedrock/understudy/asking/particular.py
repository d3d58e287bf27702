"""Questions that are read as a whole: comparisons, identity checks, facts that nobody records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Subject
from deploy.local.bedrock.understudy.asking.attaching import attach, missing_of
from deploy.local.bedrock.understudy.asking.merging import PROFILE_FACTS, merged
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading
from deploy.local.bedrock.understudy.reading.unrecorded import UNRECORDED, Unrecorded

_BOOK = PhraseBook(phrase for kind in UNRECORDED for phrase in kind.phrases)
_KIND_OF = tuple(kind for kind in UNRECORDED for _ in kind.phrases)
_ZIP = re.compile(
    r"(?:zip|zip ?code|post ?code|postal code)(?: code)?\W{0,3}(?:is |of )?([\w-]{3,10})",
    re.IGNORECASE,
)
_LAST4 = re.compile(
    r"(?:last (?:4|four)(?: digits)?|ending(?: in| with)?|ends (?:in|with)|phone)\D{0,30}(\d{4})\b",
    re.IGNORECASE,
)
_ANSWERED_ELSEWHERE = frozenset(
    {
        "spent",
        "lifetime",
        "reviews",
        "rating",
        "warranties",
        "top_spenders",
        "everything",
        "differences",
        "top_lifetime",
        "no_orders",
    }
)


# Facts that are still told when something beside them is recorded nowhere.
_BESIDE = (PROFILE_FACTS - {"identity", "contact", "notes", "cases"}) | frozenset(
    "price stock category description rating reviews warranties".split()
)


def particular_asks(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The asks of a text that one of the whole-text rules reads; empty when none does."""
    return (
        _verifying(segments, reading, context)
        or _comparing(segments, reading, context)
        or _partly_unrecorded(segments, context)
    )


def _verifying(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    day = next((p.since for p in reading.periods if p.since and p.since == p.until), None)
    born = reading.has("date of birth|birth|born|birthday|birthdate")
    if not reading.has(cues.VERIFY) and not (born and day):
        return []
    given = {"date_of_birth": day.isoformat() if day else "", **_codes(reading.text)}
    subjects = [s for segment in segments for s in segment.subjects if _could_be_customer(s, given)]
    if not subjects and "customer" in context.latest:
        subjects = [context.latest["customer"]]
    customers = tuple(replace(s, kind="customer") for s in subjects[:1])
    return [Ask("verify", customers, given={key: value for key, value in given.items() if value})]


def _could_be_customer(subject: Subject, given: dict[str, str]) -> bool:
    return subject.kind in ("customer", "name") and subject.value not in given.values()


def _codes(text: str) -> dict[str, str]:
    found = {}
    if match := _ZIP.search(text):
        found["zip"] = match[1]
    if match := _LAST4.search(text):
        found["phone_last4"] = match[1]
    return found


def _comparing(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    if not reading.has(cues.COMPARE) or reading.has("aurora|catalogue|systems?"):
        return []
    subjects = [s for segment in segments for s in segment.subjects]
    if len(subjects) == 1 and reading.has("him|her|them") and "customer" in context.latest:
        subjects.insert(0, context.latest["customer"])
    kinds = {s.kind for s in subjects if s.kind in ("customer", "product", "name")}
    if len(subjects) < 2 or not kinds or {"customer", "product"} <= kinds:
        return []
    wants = tuple(dict.fromkeys(w.want.name for s in segments for w in s.wants))
    real = (kinds - {"name"}) or (
        {"product"} if {"price", "stock", "rating"} & set(wants) else set()
    )
    kind = next(iter(sorted(real)), "name")
    compared = tuple(replace(s, kind=kind) for s in subjects if s.kind in (kind, "name"))
    return (
        [Ask("compare", compared[:4], segments[0].filters, facts=wants)]
        if len(compared) > 1
        else []
    )


def _partly_unrecorded(segments: Sequence[Segment], context: Context) -> list[Ask]:
    """When a segment asks for what no system holds: that is said, and the others are answered."""
    kinds = [_unrecorded(segment) for segment in segments]
    if not any(kinds):
        return []
    rest = [
        segment if kind is None or kind.instead == "same" else _recorded_part(segment)
        for segment, kind in zip(segments, kinds, strict=True)
    ]
    silent = {
        at
        for at, kind in enumerate(kinds)
        if kind and kind.instead != "same" and not rest[at].wants
    }
    asks: list[Ask] = []
    for at, (segment, kind) in enumerate(zip(segments, kinds, strict=True)):
        if kind is not None:
            asks.extend(_said(segment, kind, context, segments[:at]))
    answered = attach(rest, context, silent)
    asks.extend(found.ask for found in answered if not found.missing)
    asks.extend(missing_of(answered))
    return merged(asks)


def _unrecorded(segment: Segment) -> Unrecorded | None:
    """The kind of fact that is recorded nowhere and that a segment asks for."""
    spans = _spans_of_unrecorded(segment)
    if not spans:
        return None
    elsewhere = [w for w in segment.wants if w.want.name in _ANSWERED_ELSEWHERE]
    if any(_overlap(w, span) for w in elsewhere for span in spans):
        return None
    place = segment.reading.first_of(_BOOK)
    kind = None if place is None else _KIND_OF[place]
    of_reviews = segment.filters.stars or any(w.want.name == "reviews" for w in segment.wants)
    return None if kind and kind.name == "case_details" and of_reviews else kind


def _spans_of_unrecorded(segment: Segment) -> list[tuple[int, int]]:
    reading = segment.reading
    return [span for at in reading.near(_BOOK) for span in reading.find(_BOOK.phrases[at])]


def _overlap(wanted: WantedAt, span: tuple[int, int]) -> bool:
    return wanted.first <= span[1] and span[0] <= wanted.last


def _recorded_part(segment: Segment) -> Segment:
    """The segment with only those facts that stand beside what is not recorded."""
    spans = _spans_of_unrecorded(segment)
    kept = [
        wanted
        for wanted in segment.wants
        if wanted.want.name in _BESIDE and not any(_overlap(wanted, span) for span in spans)
    ]
    return replace(segment, wants=kept)


def _said(
    segment: Segment, kind: Unrecorded, context: Context, before: Sequence[Segment]
) -> Iterator[Ask]:
    yield Ask("unrecorded", note=kind.says)
    wanted = {
        "orders": ("order", "customer"),
        "products": ("product",),
        "cases": ("customer",),
        "registration": ("customer",),
        "kind": ("product",),
    }.get(kind.instead)
    if not wanted:
        return
    near = [*segment.subjects, *(s for other in before for s in other.subjects)]
    subjects = [s for s in near if s.kind in wanted or s.kind == "name"]
    if not subjects:
        subjects = [
            context.latest[w]
            for w in wanted
            if w in context.latest and (segment.pronouns or w == "order" or _short(segment))
        ][:1]
    if (
        not subjects
        and kind.instead == "orders"
        and (segment.filters.since or segment.filters.until)
    ):
        yield Ask("orders", (), segment.filters)
    for subject in subjects[:2]:
        thing = kind.instead == "orders" and subject.kind == "name" and is_thing(subject, segment)
        yield _instead(subject, "products" if thing else kind.instead, segment)


def is_thing(subject: Subject, segment: Segment) -> bool:
    """Whether an article before a name says that it is no person's."""
    before = segment.reading.marks[subject.first - 1].words if subject.first > 0 else ""
    return before in ("the", "a", "an", "our")


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
