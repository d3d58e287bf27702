"""How rows become what the model reads: money as text with two places, dates as ISO dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

CUSTOMER_COLUMNS = ("customer_id", "username", "email", "first_name", "last_name", "created_at")
ORDER_COLUMNS = ("order_id", "customer_id", "total_amount", "status", "order_date")
LARGEST_ID = 2**31 - 1  # ids are 32-bit integers there
_CENT = Decimal("0.01")


def money(amount: Decimal | str | int | None) -> str | None:
    """``Decimal("1329.9800")`` is ``"1329.98"``; never a float."""
    return None if amount is None else str(Decimal(amount).quantize(_CENT))


def day(moment: date | str | None) -> str | None:
    """The date of a date, a time stamp or its ISO text, as ISO text."""
    return None if moment is None else str(moment)[:10]


def customer(row: Mapping[str, Any]) -> dict[str, Any]:
    """A customer's record as the tools show it."""
    return {**{name: row[name] for name in CUSTOMER_COLUMNS}, "created_at": day(row["created_at"])}


def order(row: Mapping[str, Any]) -> dict[str, Any]:
    """An order as the tools show it."""
    shown = {name: row[name] for name in ORDER_COLUMNS}
    return shown | {
        "total_amount": money(row["total_amount"]),
        "order_date": day(row["order_date"]),
    }
