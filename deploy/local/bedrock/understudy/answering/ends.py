"""Which of several has the most or least of something, and whether one has more than another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from deploy.local.bedrock.understudy.answering.markdown import joined
from deploy.local.bedrock.understudy.asking.asks import Ask

Valued = tuple[Decimal, str]


def end_of(ask: Ask, what: str, found: Sequence[Valued]) -> str:
    """The verdict on several values, in the order in which their owners were named."""
    if len(found) < 2:
        return ""
    values = [value for value, _ in found]
    if len(found) == 2 and ask.filters.compared and ask.yes_no:
        first, second = values
        holds = first > second if ask.filters.compared == "more" else first < second
        same = " Both are the same." if first == second else ""
        return f"{'Yes' if holds else 'No'}, comparing {what}.{same} {_end(ask, what, found)}"
    return _end(ask, what, found)


def _end(ask: Ask, what: str, found: Sequence[Valued]) -> str:
    lower = ask.filters.lower or ask.filters.compared == "less"
    values = [value for value, _ in found]
    end = min(values) if lower else max(values)
    names = joined([name for value, name in found if value == end])
    return f"{'Lowest' if lower else 'Highest'} {what}: **{names}**."
