"""Reads periods that are told by the one spoken of before: ``and the year before?``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from deploy.local.bedrock.understudy.asking.asks import Context, Filters, over
from deploy.local.bedrock.understudy.asking.segments import Segment, build
from deploy.local.bedrock.understudy.reading.calendar_days import (
    Span,
    month_span,
    months_back,
)
from deploy.local.bedrock.understudy.reading.reading import Reading

_UNIT = "(day|week|month|quarter|year)"
_THAT = "( (that|this|it|then))?"
_LEAD = "((the|that|a|one|in|of|for|from) )*"
_EARLIER = f"{_LEAD}{_UNIT} (before|prior|earlier|previous)(?! last){_THAT}"
_LATER = f"{_LEAD}{_UNIT} (after|later|following)(?! next){_THAT}|{_LEAD}following {_UNIT}"
_SAME = f"(in |for |of |during )?(that|the same|said) {_UNIT}"
_PREVIOUS = frozenset({"previous", "preceding"})
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}


def with_periods_told(
    segments: Sequence[Segment], reading: Reading, context: Context
) -> list[Segment]:
    """The segments with such a period worked out from the period of the last question."""
    span = _last_span(context)
    if span is None:
        return list(segments)
    found = [_told(segment, span) for segment in segments]
    if not any(found) and (alone := _told(build(reading), span)):
        return [*segments, alone]
    return [new or old for new, old in zip(found, segments, strict=True)]


def _last_span(context: Context) -> Span | None:
    for ask in reversed(context.asks):
        if ask.filters.since and ask.filters.until:
            first = date.fromisoformat(ask.filters.since)
            return first, date.fromisoformat(ask.filters.until)
    return None


def _told(segment: Segment, span: Span) -> Segment | None:
    reading = segment.reading
    for phrase, step in ((_EARLIER, -1), (_LATER, 1)):
        for first, last in reading.find(phrase):
            said = reading.slice(first, last + 1).spoken.words
            moved = _moved(span, next(u for u in (*_MONTHS, *_DAYS) if u in said), step)
            rest = build(reading.without(first, last))
            new = Filters(since=moved[0].isoformat(), until=moved[1].isoformat())
            return replace(rest, filters=over(rest.filters, new))
    return _same(segment, span) or _previous(segment, span)


def _same(segment: Segment, span: Span) -> Segment | None:
    """``The average of that month``: of the period spoken of."""
    for first, last in segment.reading.find(_SAME):
        rest = build(segment.reading.without(first, last))
        new = Filters(since=span[0].isoformat(), until=span[1].isoformat())
        return replace(rest, filters=over(rest.filters, new))
    return None


def _previous(segment: Segment, span: Span) -> Segment | None:
    """``The previous month`` is the one before that spoken of, not before this one."""
    for mark in segment.reading.marks:
        words = set(mark.token.text.casefold().split())
        if mark.kind == "period" and words & _PREVIOUS and words & {*_MONTHS, *_DAYS}:
            moved = _moved(span, next(u for u in (*_MONTHS, *_DAYS) if u in words), -1)
            new = Filters(since=moved[0].isoformat(), until=moved[1].isoformat())
            return replace(segment, filters=over(segment.filters, new))
    return None


def _moved(span: Span, unit: str, step: int) -> Span:
    """The span one unit earlier or later; the unit beside it when that is the shorter one."""
    try:
        if unit in _MONTHS:
            return _by_months(span, _MONTHS[unit], step)
        days = _DAYS[unit]
        length = (span[1] - span[0]).days + 1
        if length <= days:
            return span[0] + timedelta(days=days * step), span[1] + timedelta(days=days * step)
        edge = span[0] if step < 0 else span[1]
        ends = (edge + timedelta(days=step), edge + timedelta(days=days * step))
        return min(ends), max(ends)
    except (OverflowError, ValueError):
        return span


def _by_months(span: Span, months: int, step: int) -> Span:
    first, last = span
    whole = first.day == 1 and last == month_span(last.year, last.month)[1]
    length = 12 * (last.year - first.year) + last.month - first.month + 1
    if not whole:
        return _month_on(first, months * step), _month_on(last, months * step)
    start = first
    if length > months and step > 0:
        start = months_back(last, months - 1)
    kept = min(length, months)
    start = months_back(start, -months * step)
    end = months_back(start, 1 - kept)
    return start, month_span(end.year, end.month)[1]


def _month_on(day: date, months: int) -> date:
    first = months_back(day, -months)
    return first.replace(day=min(day.day, month_span(first.year, first.month)[1].day))
