"""One ask for each status, tier or end that a question names: ``shipped and completed``."""

from __future__ import annotations

from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask
from deploy.local.bedrock.understudy.asking.narrowing import in_any_order
from deploy.local.bedrock.understudy.reading import groups
from deploy.local.bedrock.understudy.reading.reading import Reading

_OF_ORDERS = frozenset("orders order_count order_total order_average spent".split())
_OF_ENDS = frozenset({"orders", "superlative_product", "superlative_stock"})
_OF_TIERS = frozenset(
    "customers customer_count top_lifetime average_lifetime average_purchases average_cases".split()
)
_OPPOSITE = ({"largest", "smallest"}, {"latest", "first"})
_ALL = ("pending", "shipped", "completed")
_NOT = "(not|non|except|besides|other than|without|excluding)( yet| been| the| fully| currently)*"


def several(ask: Ask, reading: Reading) -> list[Ask]:
    """The ask, or one for each status or each end that is named."""
    filters = ask.filters
    if ask.want in _OF_ORDERS and not filters.asked:
        statuses = _statuses(reading)
        if statuses and statuses != [filters.status]:
            return [replace(ask, filters=replace(filters, status=status)) for status in statuses]
    if ask.want in _OF_TIERS and not ask.subjects and len(tiers := _tiers(reading)) > 1:
        return [replace(ask, filters=replace(filters, tier=tier)) for tier in tiers]
    if ask.want in _OF_ENDS and (ends := _ends(in_any_order(reading))):
        return [
            replace(ask, filters=replace(filters, pick=end, descending=end == "largest"))
            for end in ends
        ]
    return [ask]


def _tiers(reading: Reading) -> list[str]:
    """Every tier that is named, in the order of the text."""
    found = [(at, tier) for phrase, tier in groups.TIERS.items() for at, _ in reading.find(phrase)]
    return list(dict.fromkeys(tier for _, tier in sorted(found)))


def _statuses(reading: Reading) -> list[str]:
    """Every status that is named, and for those that are ruled out the others."""
    named: list[tuple[int, str]] = []
    ruled_out: set[str] = set()
    for phrase, status in groups.STATUSES.items():
        negated = {last for _, last in reading.find(f"{_NOT} {phrase}")}
        for first, last in reading.find(phrase):
            if last in negated and not phrase.startswith("not") and status != "shipped":
                ruled_out.add(status)
            elif last not in negated or phrase.startswith("not"):
                named.append((first, status))
    if ruled_out:
        return [status for status in _ALL if status not in ruled_out]
    return list(dict.fromkeys(status for _, status in sorted(named)))


def _ends(reading: Reading) -> list[str]:
    """Both ends, when both are named."""
    found = [
        (first, pick) for phrase, pick in groups.PICKS.items() for first, _ in reading.find(phrase)
    ]
    named = list(dict.fromkeys(pick for _, pick in sorted(found)))
    return next((named for both in _OPPOSITE if both == set(named)), [])
