"""Understands a text by earlier turns: ``the second one``, ``no, the other``, ``what about``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.asking.asks import (
    Ask,
    Context,
    Filters,
    Pending,
    Subject,
    over,
)
from deploy.local.bedrock.understudy.asking.attaching import DEFAULT_WANTS
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.asking.several import several
from deploy.local.bedrock.understudy.reading import cues, groups
from deploy.local.bedrock.understudy.reading.reading import Reading
from deploy.local.bedrock.understudy.reading.wants import WANTS
from tools import spelling

Row = Mapping[str, Any]
_OF = {want.name: want.of for want in WANTS}


def chosen_candidate(reading: Reading, pending: Pending, subjects: Sequence[Subject]) -> Row | None:
    """The candidate that an answer to ``which one?`` means."""
    rows = pending.candidates
    for test in (_by_subject, _by_words):
        found = [row for row in rows if test(row, reading, subjects)]
        if len(found) == 1:
            return found[0]
    place = ordinal(reading)
    if place is None or not -len(rows) <= place < len(rows):
        return None
    return rows[place]


def _by_subject(row: Row, _: Reading, subjects: Sequence[Subject]) -> bool:
    keys = {str(row.get(key, "")).casefold() for key in ("customer_id", "email", "username")}
    return any(subject.value.casefold() in keys for subject in subjects)


def _by_words(row: Row, reading: Reading, _: Sequence[Subject]) -> bool:
    said = set(spelling.name(reading.text).replace(",", " ").replace("?", " ").split())
    full = spelling.name(f"{row.get('first_name', '')} {row.get('last_name', '')}").split()
    if full and set(full) <= said:
        return True
    return any(
        p.since and str(row.get("created_at", ""))[:4] == str(p.since.year) for p in reading.periods
    )


def ordinal(reading: Reading) -> int | None:
    """The place in a list that the text points at, from 0; negative from the end."""
    for first, last in reading.find(cues.PLACES):
        for mark in reading.marks[first : last + 1]:
            if mark.words in groups.ORDINALS:
                return groups.ORDINALS[mark.words]
            if mark.kind == "number":
                if mark.token.text in groups.ORDINALS:
                    return groups.ORDINALS[mark.token.text]
                if mark.token.text.isdigit() and 0 < int(mark.token.text) < 100:
                    return int(mark.token.text) - 1
    return None


def pointed_at(reading: Reading, context: Context) -> Subject | None:
    """The entry of the last list that ``the second one`` means."""
    place = ordinal(reading)
    rows = context.listed
    if place is None or not rows or not -len(rows) <= place < len(rows):
        return None
    return replace(rows[place], first=0, last=0)


def wants_other(reading: Reading) -> bool:
    """Whether the rep says that somebody else of that name is meant."""
    return reading.has(cues.OTHER) and len(reading.line.split()) <= 12


def the_other_one(context: Context) -> Subject | None:
    """The second of two that were shown, when the first was spoken of last."""
    listed = context.listed
    if len(listed) != 2 or context.choice:
        return None
    last = context.latest.get(listed[0].kind)
    others = [one for one in listed if last is None or one.value != last.value]
    return others[0] if len(others) == 1 else None


def the_others(context: Context) -> tuple[Row, ...]:
    """Everybody the name of last turn fits, but the one who was taken."""
    if context.choice is None:
        return ()
    return tuple(
        row for row in context.choice.candidates if row.get("customer_id") != context.chosen
    )


def as_subject(row: Row) -> Subject:
    """A customer of a list of candidates as a subject."""
    name = f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    return Subject("customer", "id", str(row.get("customer_id", "")), name=name)


def with_customer(asks: Sequence[Ask], old: Subject, new: Subject) -> list[Ask]:
    """The same asks, of another customer."""
    return [
        replace(
            ask,
            subjects=tuple(
                new if s.same_as(old) or _same_name(s, old) else s for s in ask.subjects
            ),
        )
        for ask in asks
    ]


def _same_name(one: Subject, other: Subject) -> bool:
    return one.by == other.by == "name" and one.value == other.value


def only_describes(reading: Reading) -> bool:
    """Whether a text says which candidate is meant: ``the one with user name …``."""
    return reading.has(cues.DESCRIBES)


def asked_again(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The asks of last turn with new subjects or filters: ``what about …``, ``only pending``."""
    if any(segment.wants for segment in segments) or not context.asks:
        return []
    subjects = [subject for segment in segments for subject in segment.subjects]
    filters = segments[0].filters if segments else Filters()
    again = reading.has(f"{cues.AGAIN}|^(only|just)")
    if subjects and (context.incomplete or again or filters.narrows()):
        return _for_subjects(subjects, filters, _without_periods(segments, context))
    if context.incomplete:
        return []
    if not subjects and segments and (filters.narrows() or filters.pick or filters.count):
        narrowed = [
            replace(ask, filters=over(_of_no_place(ask.filters, filters), filters), claim=None)
            for ask in (_of_ones(one, reading) for one in context.asks)
            if _can_narrow(ask, filters)
        ]
        return [one for ask in narrowed for one in several(ask, reading)]
    return []


def _of_no_place(old: Filters, new: Filters) -> Filters:
    """What narrowed the last question, without a place counted from an end when a period is new."""
    moved = old.rank and (new.since or new.until)
    return replace(old, rank=0, pick="") if moved else old


_ASKS_STATUS = "(is|are|was|were|has|have|did|does)~(one|order|orders|it|they|hers|his|theirs)"


def _without_periods(segments: Sequence[Segment], context: Context) -> Context:
    """The context without the periods of last turn, when a status is asked in a new sentence."""
    status = any(segment.filters.status or segment.filters.asked for segment in segments)
    if not status or not any(segment.reading.has(_ASKS_STATUS) for segment in segments):
        return context
    free = (replace(ask.filters, since="", until="", yearless=False) for ask in context.asks)
    asks = [replace(ask, filters=one) for ask, one in zip(context.asks, free, strict=True)]
    return replace(context, asks=tuple(asks))


def _for_subjects(subjects: Sequence[Subject], filters: Filters, context: Context) -> list[Ask]:
    found = []
    for ask in context.asks:
        if ask.want in _SAYINGS:
            continue
        kinds = {subject.kind for subject in ask.subjects} or _kinds_of(ask, subjects)
        fitting = tuple(_as_kind(s, kinds) for s in subjects if _fits(s, kinds))
        if fitting:
            new = {f.kind for f in fitting} | {"name"}
            kept = tuple(s for s in ask.subjects if s.kind not in new)
            found.append(
                replace(
                    ask,
                    subjects=(*fitting, *kept),
                    filters=over(ask.filters, filters),
                    claim=None,
                )
            )
    return found or [Ask(DEFAULT_WANTS[s.kind], (s,)) for s in subjects]


def _kinds_of(ask: Ask, subjects: Sequence[Subject]) -> set[str]:
    """Of what a question about everybody can be asked too: ``only john's`` after all orders."""
    kinds = {"customer", "product"} & set(_OF[ask.want]) if ask.want in _OF else set()
    doubtful = any(subject.doubtful for subject in subjects)
    return set() if doubtful and "product" not in kinds else kinds


def _fits(subject: Subject, kinds: set[str]) -> bool:
    """Whether it is of the kinds that were asked about; a name may be of two kinds."""
    either = "name" in kinds and subject.kind in ("customer", "product")
    named = subject.kind == "name" and bool(kinds & {"name", "customer", "product"})
    return subject.kind in kinds or named or either


def _as_kind(subject: Subject, kinds: set[str]) -> Subject:
    if subject.kind == "name" and len(kinds - {"name"}) == 1:
        return replace(subject, kind=next(iter(kinds - {"name"})))
    return subject


# Asks that only said something; they are not asked again of another subject.
_SAYINGS = frozenset(
    "unread left_over unrecorded unsure unapplied missing covered declined".split()
)
_NARROWED = frozenset(
    "orders order_total order_count order_breakdown reviews review_count products customers revenue"
    " stock price top_lifetime top_spenders spent warranties".split()
)


def _of_ones(ask: Ask, reading: Reading) -> Ask:
    """``The pending ones`` after buyers were ranked are orders."""
    ranked = ask.want in ("top_spenders", "customers") and not ask.subjects
    return (
        replace(ask, want="orders")
        if ranked and reading.has("(pending|shipped|open) ones")
        else ask
    )


_OF_TIERS = frozenset("customers top_lifetime top_spenders orders order_count order_total".split())


def _can_narrow(ask: Ask, filters: Filters) -> bool:
    by_tier = filters.tier and (ask.want not in _OF_TIERS or ask.subjects)
    return ask.want in _NARROWED and not by_tier
