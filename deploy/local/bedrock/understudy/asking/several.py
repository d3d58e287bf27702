"""One ask for each status, tier or end that a question names: ``shipped and completed``."""

from __future__ import annotations

from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Filters
from deploy.local.bedrock.understudy.asking.narrowing import in_any_order
from deploy.local.bedrock.understudy.reading import groups
from deploy.local.bedrock.understudy.reading.periods import Period, in_year
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading

_OF_ORDERS = frozenset("orders order_count order_total order_average spent".split())
_OF_ENDS = frozenset({"orders", "superlative_product", "superlative_stock"})
_OF_PERIODS = _OF_ORDERS | {"revenue", "order_breakdown", "customers", "customer_count"}
_OF_TIERS = frozenset(
    "customers customer_count top_lifetime average_lifetime average_purchases average_cases".split()
)
_OPPOSITE = ({"largest", "smallest"}, {"latest", "first"})
_ALL = ("pending", "shipped", "completed")
_NOT = "(not|non|except|besides|other than|without|excluding)( yet| been| the| fully| currently)*"

_STATUSES, _TIERS, _PICKS = map(PhraseBook, (groups.STATUSES, groups.TIERS, groups.PICKS))


def several(ask: Ask, reading: Reading) -> list[Ask]:
    """The ask, or one for each status or each end that is named."""
    filters = ask.filters
    if ask.want in _OF_ORDERS and not filters.asked:
        statuses = _statuses(reading)
        if statuses and statuses != [filters.status]:
            return [replace(ask, filters=replace(filters, status=status)) for status in statuses]
    if ask.want in _OF_PERIODS and len(spans := _periods(reading)) > 1:
        return [replace(ask, filters=_within(filters, span)) for span in spans]
    if ask.want in _OF_TIERS and not ask.subjects and len(tiers := _tiers(reading)) > 1:
        return [replace(ask, filters=replace(filters, tier=tier)) for tier in tiers]
    if ask.want in _OF_ENDS and (ends := _ends(in_any_order(reading))):
        return [
            replace(ask, filters=replace(filters, pick=end, descending=end == "largest"))
            for end in ends
        ]
    return [ask]


def _periods(reading: Reading) -> list[Period]:
    """Every period that is named, when each has both ends; they are looked at one by one."""
    inside = {mark.token.start for mark in reading.marks if mark.kind == "period"}
    found = [p for p in reading.periods if p.start in inside]
    whole = all(p.since and p.until for p in found)
    years = [p.since.year for p in found if p.since and not p.yearless]
    if not whole or not years:
        return found if whole else []
    return [in_year_of(p, years[-1]) if p.yearless else p for p in found]


def in_year_of(period: Period, year: int) -> Period:
    """The same days of a year that was said with another period."""
    if not period.since or not period.until:
        return period
    first, last = in_year((period.since, period.until), year)
    return Period(first, last, period.start, period.end)


def _within(filters: Filters, span: Period) -> Filters:
    since = span.since.isoformat() if span.since else ""
    until = span.until.isoformat() if span.until else ""
    return replace(filters, since=since, until=until, yearless=span.yearless)


def _tiers(reading: Reading) -> list[str]:
    """Every tier that is named, in the order of the text."""
    found = [(at, groups.TIERS[phrase]) for phrase, at, _ in reading.places(_TIERS)]
    return list(dict.fromkeys(tier for _, tier in sorted(found)))


def _statuses(reading: Reading) -> list[str]:
    """Every status that is named, and for those that are ruled out the others."""
    named: list[tuple[int, str]] = []
    ruled_out: set[str] = set()
    for phrase, first, last in reading.places(_STATUSES):
        status = groups.STATUSES[phrase]
        negated = any(last == end for _, end in reading.find(f"{_NOT} {phrase}"))
        if negated and not phrase.startswith("not") and status != "shipped":
            ruled_out.add(status)
        elif not negated or phrase.startswith("not"):
            named.append((first, status))
    if ruled_out and not named:
        return [status for status in _ALL if status not in ruled_out]
    return list(dict.fromkeys(status for _, status in sorted(named)))


def _ends(reading: Reading) -> list[str]:
    """Both ends, when both are named."""
    found = [(first, groups.PICKS[phrase]) for phrase, first, _ in reading.places(_PICKS)]
    named = list(dict.fromkeys(pick for _, pick in sorted(found)))
    return next((named for both in _OPPOSITE if both == set(named)), [])
