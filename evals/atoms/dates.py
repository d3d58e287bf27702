"""Reads days, months and times of day in the spellings that answers use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from evals.atoms.atom import Atom
from evals.wording import MONTHS

_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<name>{_NAME})\b\.?"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d|-\d)",
        r"(?<![\d/])(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])",
        r"(?<![\d/])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>(?:\d\d)?\d\d)(?![\d/])",
        r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})(?!\d)",
        rf"(?<!\w){_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}(?!\d)",
        rf"\b{_MONTH}\s*{_DAY}(?:,\s*|\s+){_YEAR}(?!\d)",
    )
)
_MONTHS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w-]){_YEAR}-(?P<m>0[1-9]|1[0-2])(?![\w-])",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}(?!\d)",
    )
)
# "may 5" and "march 3" in small letters are words of another sense.
_YEARLESS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w){_DAY}(?:\s+of)?\s+(?P<name>(?:{_NAME.title()}))\b",
        rf"\b(?P<name>(?:{_NAME.title()}))\b\.?\s+{_DAY}(?!\w|[.,]\d)",
    )
)
_TIME = re.compile(
    r"(?<![\d:.])(?P<h>[01]?\d|2[0-3]):(?P<min>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b)?(?:Z|[+-]\d\d:\d\d)?(?![\d:])",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?<=\d)[Tt](?=\d\d:\d\d)")


def times(text: str) -> Iterator[Atom]:
    """Times of day, and the T between a day and a time."""
    for found in _TIME.finditer(_STAMP.sub(" ", text)):
        hour = int(found["h"])
        if found["half"]:
            hour = hour % 12 + 12 * (found["half"].lower() == "p")
        yield Atom("time", f"{hour:02d}:{found['min']}", found[0], *found.span())


def calendar_days(text: str) -> Iterator[Atom]:
    """Days with a year as ISO dates; one that no calendar has stays as it is."""
    spans: list[tuple[int, int]] = []
    for pattern in _DAYS:
        for found in pattern.finditer(text):
            if not any(start < found.end() and found.start() < end for start, end in spans):
                spans.append(found.span())
                yield Atom("date", _iso(found), found[0], *found.span())


def months(text: str) -> Iterator[Atom]:
    """Months of a year, and days of no year."""
    spans: list[tuple[int, int]] = []
    for pattern in (*_MONTHS, *_YEARLESS):
        for found in pattern.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in spans):
                continue
            spans.append(found.span())
            if pattern in _MONTHS:
                yield Atom("month", f"{found['y']}-{_month(found):02d}", found[0], *found.span())
            else:
                value = f"{_month(found):02d}-{int(found['d']):02d}"
                yield Atom("day", value, found[0], *found.span())


def _month(found: re.Match[str]) -> int:
    named = found.groupdict().get("name")
    return MONTHS[named.casefold()] if named else int(found["m"])


def _iso(found: re.Match[str]) -> str:
    year, month, day = int(found["y"]), _month(found), int(found["d"])
    if len(found["y"]) == 2:
        year += 2000
    if month > 12 >= day:
        month, day = day, month
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return found[0]
