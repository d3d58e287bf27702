"""Amounts as they are stored: read as Decimal, and compared as such."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from deploy.local.bedrock.understudy.asking.asks import Filters


def amount(value: Any) -> Decimal:
    """A stored amount; zero when it is none."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)


def within(value: Any, filters: Filters) -> bool:
    """Whether a stored amount lies between the bounds that the rep named."""
    found = amount(value)
    return (filters.least is None or found >= filters.least) and (
        filters.most is None or found <= filters.most
    )


def whole(value: Any, otherwise: int = 0) -> int:
    """A count as it is stored; something else when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
