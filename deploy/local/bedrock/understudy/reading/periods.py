"""Finds the period a text speaks of: ``in February 2024``, ``since 2024-02-01``, ``last month``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from deploy.local.bedrock.understudy.reading import calendar_days as calendar
from deploy.local.bedrock.understudy.reading.calendar_days import MONTHS, Span

_MONTH = f"(?P<m>{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
# Short names of months that are words or names too need a day or a year beside them.
_DOUBTFUL = {"may", "mar", "jun", "jan", "sep"}
_SURE_MONTH = f"(?P<m>{'|'.join(sorted(set(MONTHS) - _DOUBTFUL, key=len, reverse=True))})"
# ``And may we call her`` is no month.
_NO_VERB = "(?! (?:we|i|he|she|they|you|it|the|be|not|also|a|an|one|someone|anyone)(?!\\w))"
_DAY = r"(?P<d>\d{1,2})"
_NTH_DAY = _DAY + r"(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_PREPOSITION = (
    r"(?:in|for|of|from|since|during|until|till|before|after|last|this|by|through|between|and|to"
    r"|year)"
)
_OF_YEAR = rf"(?:,? (?:of )?{_YEAR})?"
_TO = r"(?: ?[-–] ?| (?:to|and|until|till|through) (?:the )?)"
_END_DAY = r"(?P<e>\d{1,2})(?:st|nd|rd|th)?"
_UNITS = r"(?P<unit>day|week|month|quarter|year)"
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "couple of": 2, "few": 3,
}  # fmt: skip
_COUNT = rf"(?P<n>\d{{1,3}}|{'|'.join(_WORDS)})"
_NTHS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip

_NAMED_DAYS = {"valentine": (2, 14), "christma": (12, 25), "halloween": (10, 31)}

Found = re.Match[str]


def _count(said: str) -> int:
    return _WORDS.get(said) or int(said)


def _full_day(found: Found, _: date) -> Span | None:
    month = found["m"]
    number = int(month) if month.isdigit() else MONTHS[month]
    return _one(calendar.day(int(found["y"]), number, int(found["d"])))


def _full_month(found: Found, _: date) -> Span:
    month = found["m"]
    number = int(month) if month.isdigit() else MONTHS[month]
    return calendar.month_span(int(found["y"]), number)


def _latest_day(found: Found, today: date) -> Span | None:
    """The day of that name that came last."""
    month, number = MONTHS[found["m"]], int(found["d"])
    this_year = calendar.day(today.year, month, number)
    if this_year and this_year > today:
        return _one(calendar.day(today.year - 1, month, number))
    return _one(this_year)


def _latest_month(found: Found, today: date) -> Span:
    return calendar.latest_month(today, MONTHS[found["m"]])


def _year_of(found: Found, today: date, month: int) -> int:
    """The year that was said, or the one in which a month of that name began last."""
    return int(found["y"]) if found["y"] else calendar.latest_month(today, month)[0].year


def _days(found: Found, today: date) -> Span | None:
    """``feb 10 to 15``: two days of one month."""
    month = MONTHS[found["m"]]
    year = _year_of(found, today, month)
    ends = [calendar.day(year, month, int(found[key])) for key in "de"]
    first, last = ends
    return (first, last) if first and last and first <= last else None


def _week_of(found: Found, today: date) -> Span:
    """``the second week of may``: seven days counted from the first of the month."""
    month = MONTHS[found["m"]]
    first, last = calendar.month_span(_year_of(found, today, month), month)
    if found["w"] == "last":
        return last - timedelta(days=6), last
    start = first + timedelta(days=7 * (_NTHS[found["w"]] - 1))
    return start, min(start + timedelta(days=6), last)


def _named_day(found: Found, today: date) -> Span:
    month, number = _NAMED_DAYS[found["h"].split()[0].replace("'", "").rstrip("s")]
    year = int(found["y"]) if found["y"] else today.year
    here = date(year, month, number)
    if not found["y"] and here > today:
        here = here.replace(year=year - 1)
    return here, here


def _one(found: date | None) -> Span | None:
    return (found, found) if found else None


def _quarter(found: Found, _: date) -> Span:
    return calendar.quarter_span(int(found["y"]), int(found["q"] or _NTHS[found["w"]]))


def _latest_quarter(found: Found, today: date) -> Span:
    return calendar.latest_quarter(today, int(found["q"] or _NTHS[found["w"]]))


def _half(found: Found, _: date) -> Span:
    first, last = calendar.year_span(int(found["y"]))
    middle = date(first.year, 6, 30)
    return (first, middle) if found["h"] == "first" else (middle + timedelta(days=1), last)


def _year(found: Found, _: date) -> Span:
    return calendar.year_span(int(found["y"]))


def _days_ago(days: int) -> Callable[[Found, date], Span]:
    return lambda _, today: (today - timedelta(days=days), today - timedelta(days=days))


def _calendar(found: Found, today: date) -> Span:
    return calendar.calendar_span(found["which"].split()[-1], found["unit"], today)


def _before_last(found: Found, today: date) -> Span:
    last = calendar.calendar_span("last", found["unit"], today)
    return calendar.calendar_span("last", found["unit"], last[0])


def _rolling(found: Found, today: date) -> Span:
    return calendar.rolling_span(_count(found["n"] or "1"), found["unit"], today)


_SHAPES: tuple[tuple[str, Callable[[Found, date], Span | None]], ...] = (
    (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", _full_day),
    (r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", _full_day),
    (r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", _full_day),
    (rf"{_MONTH} {_NTH_DAY}(?:{_TO}| {{1,3}}){_END_DAY}(?!\d){_OF_YEAR}", _days),
    (rf"{_NTH_DAY}{_TO}{_END_DAY}(?: of)? {_MONTH}{_OF_YEAR}", _days),
    (rf"(?P<w>{'|'.join(_NTHS)}|last) week (?:of|in) {_MONTH}{_OF_YEAR}", _week_of),
    (rf"(?P<h>valentine'?s'? day|christmas(?: day)?|halloween){_OF_YEAR}", _named_day),
    (rf"{_NTH_DAY}(?: of)? {_MONTH},? (?P<y>\d{{4}})", _full_day),
    (rf"{_MONTH}\.? {_NTH_DAY},? (?P<y>\d{{4}})", _full_day),
    (rf"{_MONTH}\.?,?(?: of)? {_YEAR}", _full_month),
    (rf"{_YEAR}-(?P<m>0[1-9]|1[0-2])(?!\d|-)", _full_month),
    (rf"{_NTH_DAY}(?: of)? {_MONTH}", _latest_day),
    (rf"{_MONTH} {_NTH_DAY}(?!\d)", _latest_day),
    (rf"(?:q(?P<q>[1-4])|(?P<w>{'|'.join(_NTHS)}) quarter)(?: of)?,? {_YEAR}", _quarter),
    (rf"(?:q(?P<q>[1-4])|(?P<w>{'|'.join(_NTHS)}) quarter)", _latest_quarter),
    (rf"(?P<h>first|second) half(?: of)? {_YEAR}", _half),
    (r"day before yesterday", _days_ago(2)),
    (r"yesterday", _days_ago(1)),
    (r"today", _days_ago(0)),
    (r"(?P<which>(?:the )?(?:this|last|previous|past|current)) (?P<unit>week|month|quarter|year)",
     _calendar),
    (r"(?:the )?(?P<unit>week|month|quarter|year) before last", _before_last),
    (rf"(?:in |within |during |over )?(?:the )?(?:last|past|previous|recent) {_COUNT} {_UNITS}s",
     _rolling),
    (rf"{_COUNT} {_UNITS}s ago", _rolling),
    (rf"(?<=older than )(?:an?|{_COUNT}) {_UNITS}s?", _rolling),
    (rf"{_PREPOSITION} {_YEAR}(?![\d-])", _year),
    (rf"{_YEAR}(?![\d-])", _year),
    (rf"{_PREPOSITION} {_MONTH}{_NO_VERB}", _latest_month),
    (rf"{_SURE_MONTH}(?= (?:orders?|sales|revenue|turnover)|$|[ .?!,])", _latest_month),
)  # fmt: skip
_PATTERNS = tuple((re.compile(rf"(?<![\w$#.-]){shape}(?!\w)"), span) for shape, span in _SHAPES)
_SINCE = re.compile(
    r"(?:since|starting(?: from)?|beginning|as of|on or after|later than or on)(?: the)?"
    r"(?: month of| year| start of| beginning of)? ?$"
)
_ONWARDS = re.compile(r" ?(?:on(?:wards?)?|and later|or later|and after|and newer)(?!\w)")
_AFTER = re.compile(r"(?:after|later than|past|newer than|following)(?: the)?(?: end of)? ?$")
_UNTIL = re.compile(
    r"(?:until|till|up to|upto|through|(?<!compared )(?<!opposed )to|by|before the end of"
    r"|not later than|and|-|–)"
    r"(?: the)?(?: end of)? ?$"
)
_BEFORE = re.compile(r"(?:before|earlier than|prior to|older than|ahead of)(?: the)? ?$")
_BETWEEN = re.compile(r"(?:between|from)(?: the)? ?$")
_OWN_WORD = re.compile(f"^{_PREPOSITION} ")


@dataclass(frozen=True, slots=True)
class Period:
    """A period with open ends allowed, and the part of the text that said it."""

    since: date | None
    until: date | None
    start: int
    end: int
    yearless: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    start: int
    end: int
    lead: str
    rest: str
    yearless: bool = False


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
            one, other = _of_one_year(here, after)
            first, last = min(one[0], other[0]), max(one[1], other[1])
            periods.append(Period(first, last, here.start, after.end, here.yearless))
            at += 2
            continue
        periods.append(_open_ended(here))
        at += 1
    return periods


def _of_one_year(here: _Found, after: _Found) -> tuple[Span, Span]:
    """Two ends of a period: a year that was said with one of them holds for the other too."""
    if here.yearless and not after.yearless:
        moved = in_year(here.span, after.span[0].year)
        if moved[0] > after.span[1]:
            moved = in_year(moved, moved[0].year - 1)
        return moved, after.span
    if after.yearless and not here.yearless:
        moved = in_year(after.span, here.span[0].year)
        return here.span, moved if moved[1] >= here.span[0] else in_year(moved, moved[0].year + 1)
    return here.span, after.span


def in_year(span: Span, year: int) -> Span:
    """The same days or months of another year."""
    if span[0].day == 1 and span[1] == calendar.month_span(span[0].year, span[0].month)[1]:
        return calendar.month_span(year, span[0].month)
    moved = [calendar.day(year, end.month, end.day) or date(year, 2, 28) for end in span]
    return moved[0], moved[1]


def _dash(text: str, here: _Found, after: _Found) -> bool:
    return bool(re.fullmatch(r"\s*(?:-|–|to|until|till|through)\s*", text[here.end : after.start]))


def _open_ended(found: _Found) -> Period:
    first, last = found.span
    if _SINCE.search(found.lead) or _ONWARDS.match(found.rest):
        return Period(first, None, found.start, found.end, found.yearless)
    if _AFTER.search(found.lead):
        following = min(last, date.max - timedelta(days=1)) + timedelta(days=1)
        return Period(following, None, found.start, found.end, found.yearless)
    if _BEFORE.search(found.lead):
        day_before = max(first, date(1, 1, 2)) - timedelta(days=1)
        return Period(None, day_before, found.start, found.end, found.yearless)
    if _UNTIL.search(found.lead) and not found.lead.rstrip().endswith("and"):
        return Period(None, last, found.start, found.end, found.yearless)
    return Period(first, last, found.start, found.end, found.yearless)


def _has_no_year(match: Found) -> bool:
    said = match.groupdict()
    return said.get("m") is not None and said.get("y") is None


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
            lead, rest = text[max(0, start - 40) : start], text[end : end + 20]
            found.append(_Found(days, start, end, lead, rest, _has_no_year(match)))
    return sorted(found, key=lambda one: one.start)
