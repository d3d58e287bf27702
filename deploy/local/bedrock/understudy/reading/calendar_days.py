"""Days and spans of days: months, quarters, years, and how far back a rep counts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Span = tuple[date, date]

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_YEAR, LAST_YEAR = 1, 9998


def day(year: int, month: int, number: int) -> date | None:
    """The day, or None when the calendar has no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def month_span(year: int, month: int) -> Span:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def months_back(today: date, count: int) -> date:
    """The first day of the month that many months before the one of ``today``."""
    index = max(12 * FIRST_YEAR, 12 * today.year + today.month - 1 - count)
    return date(index // 12, index % 12 + 1, 1)


def quarter_span(year: int, quarter: int) -> Span:
    """First and last day of a quarter."""
    return date(year, 3 * quarter - 2, 1), month_span(year, 3 * quarter)[1]


def latest_quarter(today: date, quarter: int) -> Span:
    """The quarter of that number that began most recently."""
    return quarter_span(today.year if 3 * quarter - 2 <= today.month else today.year - 1, quarter)


def year_span(year: int) -> Span:
    """First and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def latest_month(today: date, month: int) -> Span:
    """The month of that name that began most recently."""
    return month_span(today.year if month <= today.month else today.year - 1, month)


def calendar_span(which: str, unit: str, today: date) -> Span:
    """``this``, ``last`` or ``previous`` day, week, month, quarter or year."""
    back = 0 if which in ("this", "current") else 1
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        first = months_back(today, back)
        return month_span(first.year, first.month)
    if unit == "quarter":
        first = months_back(today, 3 * back)
        return quarter_span(first.year, (first.month + 2) // 3)
    return year_span(max(FIRST_YEAR, today.year - back))


def rolling_span(count: int, unit: str, today: date) -> Span:
    """The last so many days, weeks, months or years up to today."""
    lengths = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
    days = min(count * lengths[unit], (today - date.min).days)
    if unit in ("month", "quarter", "year"):
        step = {"month": 1, "quarter": 3, "year": 12}[unit] * min(count, 1200)
        first = months_back(today, step)
        last = monthrange(first.year, first.month)[1]
        return first.replace(day=min(today.day, last)), today
    return today - timedelta(days=days), today
