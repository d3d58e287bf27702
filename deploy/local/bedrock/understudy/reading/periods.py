"""Finds the period a text speaks of: ``in February 2024``, ``since 2024-02-01``, ``last month``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.local.bedrock.understudy.reading import calendar_days as calendar
from deploy.local.bedrock.understudy.reading.calendar_days import MONTHS, Span

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = r"(?:st|nd|rd|th)?"
_SURE_MONTH = "|".join(
    sorted(set(MONTHS) - {"may", "mar", "jun", "jan", "sep"}, key=len, reverse=True)
)

_DAYS: tuple[tuple[str, Callable[[re.Match[str], date], Span | None]], ...] = (
    (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        lambda m, _: _one(int(m["y"]), int(m["m"]), int(m["d"])),
    ),
    (
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
        lambda m, _: _one(int(m["y"]), int(m["m"]), int(m["d"])),
    ),
    (
        r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
        lambda m, _: _one(int(m["y"]), int(m["m"]), int(m["d"])),
    ),
    (
        r"(?P<d>\d{1,2})" + _ORDINAL + r"(?: of)? (?P<m>" + _MONTH + r"),? (?P<y>\d{4})",
        lambda m, _: _one(int(m["y"]), MONTHS[m["m"]], int(m["d"])),
    ),
    (
        r"(?P<m>" + _MONTH + r")\.? (?P<d>\d{1,2})" + _ORDINAL + r",? (?P<y>\d{4})",
        lambda m, _: _one(int(m["y"]), MONTHS[m["m"]], int(m["d"])),
    ),
    (
        r"(?P<m>" + _MONTH + r")\.?,?(?: of)? (?P<y>(?:19|20)\d{2})",
        lambda m, _: calendar.month_span(int(m["y"]), MONTHS[m["m"]]),
    ),
    (
        r"(?P<y>(?:19|20)\d{2})-(?P<m>0[1-9]|1[0-2])(?!\d|-)",
        lambda m, _: calendar.month_span(int(m["y"]), int(m["m"])),
    ),
    (
        r"(?P<d>\d{1,2})" + _ORDINAL + r"(?: of)? (?P<m>" + _MONTH + r")",
        lambda m, t: _recent(t, MONTHS[m["m"]], int(m["d"])),
    ),
    (
        r"(?P<m>" + _SURE_MONTH + r"|may|mar|jun|jan|sep) (?P<d>\d{1,2})" + _ORDINAL + r"(?!\d)",
        lambda m, t: _recent(t, MONTHS[m["m"]], int(m["d"])),
    ),
    (
        r"(?:q(?P<q>[1-4])|(?P<w>first|second|third|fourth|1st|2nd|3rd|4th) quarter)(?: of)?,? (?P<y>(?:19|20)\d{2})",
        lambda m, _: calendar.quarter_span(int(m["y"]), int(m["q"] or _QUARTERS[m["w"]])),
    ),
    (
        r"(?P<h>first|second) half(?: of)? (?P<y>(?:19|20)\d{2})",
        lambda m, _: _half(int(m["y"]), m["h"]),
    ),
    (r"(?:day before yesterday)", lambda _, t: (t - timedelta(days=2),) * 2),
    (r"yesterday", lambda _, t: (t - timedelta(days=1),) * 2),
    (r"today", lambda _, t: (t, t)),
    (
        r"(?P<which>this|last|previous|past|current|the past|the last) (?P<unit>week|month|quarter|year)(?!ly)",
        lambda m, t: calendar.calendar_span(m["which"].split()[-1], m["unit"], t),
    ),
    (
        r"(?:in |within |during |over )?(?:the )?(?:last|past|previous|recent) (?P<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of|few) (?P<unit>day|week|month|quarter|year)s",
        lambda m, t: calendar.rolling_span(_count(m["n"]), m["unit"], t),
    ),
    (
        r"(?P<n>\d{1,3}|two|three|four|five|six) (?P<unit>day|week|month|year)s ago",
        lambda m, t: calendar.rolling_span(_count(m["n"]), m["unit"], t),
    ),
    (
        r"(?:in|for|of|from|since|during|until|before|after|year|to|by|through) (?P<y>(?:19|20)\d{2})(?![\d-])",
        lambda m, _: calendar.year_span(int(m["y"])),
    ),
    (r"(?P<y>(?:19|20)\d{2})(?![\d-])", lambda m, _: calendar.year_span(int(m["y"]))),
    (
        r"(?:in|since|during|of|for|from|until|till|before|after|last|this|by|through|between|and|to) (?P<m>"
        + _MONTH
        + r")(?![\w])",
        lambda m, t: calendar.latest_month(t, MONTHS[m["m"]]),
    ),
    (
        r"(?P<m>" + _SURE_MONTH + r")(?= (?:orders?|sales|revenue|turnover)|$|[ .?!,])",
        lambda m, t: calendar.latest_month(t, MONTHS[m["m"]]),
    ),
)
_PATTERNS = tuple((re.compile(rf"(?<![\w$#.-]){shape}(?![\w])"), span) for shape, span in _DAYS)
_QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
          "ten": 10, "twelve": 12, "couple of": 2, "few": 3}  # fmt: skip
_SINCE = re.compile(
    r"(?:since|starting(?: from)?|beginning|as of|on or after|later than or on)(?: the)?(?: month of| year| start of| beginning of)? ?$"
)
_ONWARDS = re.compile(r" ?(?:on(?:wards?)?|and later|or later|and after|and newer)(?!\w)")
_AFTER = re.compile(r"(?:after|later than|past|newer than|following)(?: the)?(?: end of)? ?$")
_UNTIL = re.compile(
    r"(?:until|till|up to|upto|through|to|by|before the end of|not later than|and|-|–)(?: the)?(?: end of)? ?$"
)
_BEFORE = re.compile(r"(?:before|earlier than|prior to|older than|ahead of)(?: the)? ?$")
_BETWEEN = re.compile(r"(?:between|from)(?: the)? ?$")
_OWN_WORD = re.compile(
    r"^(?:in|for|of|from|since|during|until|till|before|after|last|this|by|through|between|and|to|year) "
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period with open ends allowed, and the part of the text that said it."""

    since: date | None
    until: date | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    start: int
    end: int
    lead: str
    rest: str


def find_periods(text: str, today: date) -> list[Period]:
    """Every period in a lower-case text; two days joined by ``between … and …`` make one."""
    found = _spans(text, today)
    periods: list[Period] = []
    at = 0
    while at < len(found):
        here = found[at]
        after = found[at + 1] if at + 1 < len(found) else None
        joined = after is not None and _BETWEEN.search(here.lead) and _UNTIL.search(after.lead)
        if after is not None and (joined or _dash(text, here, after)):
            first, last = min(here.span[0], after.span[0]), max(here.span[1], after.span[1])
            periods.append(Period(first, last, here.start, after.end))
            at += 2
            continue
        periods.append(_open_ended(here))
        at += 1
    return periods


def _dash(text: str, here: _Found, after: _Found) -> bool:
    return bool(re.fullmatch(r"\s*(?:-|–|to|until|till|through)\s*", text[here.end : after.start]))


def _open_ended(found: _Found) -> Period:
    first, last = found.span
    if _SINCE.search(found.lead) or _ONWARDS.match(found.rest):
        return Period(first, None, found.start, found.end)
    if _AFTER.search(found.lead):
        return Period(
            min(last, date.max - timedelta(days=1)) + timedelta(days=1),
            None,
            found.start,
            found.end,
        )
    if _BEFORE.search(found.lead):
        return Period(None, max(first, date(1, 1, 2)) - timedelta(days=1), found.start, found.end)
    if _UNTIL.search(found.lead) and not found.lead.rstrip().endswith("and"):
        return Period(None, last, found.start, found.end)
    return Period(first, last, found.start, found.end)


def _spans(text: str, today: date) -> list[_Found]:
    taken: list[tuple[int, int]] = []
    found: list[_Found] = []
    for pattern, span in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < right and left < end for left, right in taken):
                continue
            days = span(match, today)
            if days is None:
                continue
            if own := _OWN_WORD.match(match.group()):
                start += own.end()
            taken.append((start, end))
            found.append(
                _Found(days, start, end, text[max(0, start - 40) : start], text[end : end + 20])
            )
    return sorted(found, key=lambda one: one.start)


def _one(year: int, month: int, number: int) -> Span | None:
    found = calendar.day(year, month, number)
    return (found, found) if found else None


def _recent(today: date, month: int, number: int) -> Span | None:
    found = calendar.day(today.year, month, number)
    if found and found > today:
        found = calendar.day(today.year - 1, month, number)
    return (found, found) if found else None


def _half(year: int, which: str) -> Span:
    first, last = calendar.year_span(year)
    middle = date(year, 6, 30)
    return (first, middle) if which == "first" else (middle + timedelta(days=1), last)


def _count(said: str) -> int:
    return _WORDS.get(said) or int(said)


def lead_in(text: str, period: Period) -> Iterator[int]:
    """Where the words that belong to a period begin, such as ``since`` or ``in``."""
    for pattern in (_SINCE, _AFTER, _UNTIL, _BEFORE, _BETWEEN):
        if match := pattern.search(text[max(0, period.start - 40) : period.start]):
            yield period.start - (len(match.group()))
