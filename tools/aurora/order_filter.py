"""The conditions that several order tools share: a status and a range of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import sql

from tools.contract import ToolFailure

STATUSES = ("pending", "completed", "shipped")


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """A status and the first and last day, each of them or None."""

    status: str | None
    since: date | None
    until: date | None

    @property
    def is_empty(self) -> bool:
        """Whether every order matches."""
        return self.status is None and self.since is None and self.until is None

    def conditions(self) -> list[sql.SQL]:
        """Conditions on ``o``, an alias of ``desk.orders``, that an index can follow."""
        given = {
            "o.status = %(status)s": self.status,
            "o.order_date >= %(since)s::date": self.since,
            "o.order_date < %(until)s::date + 1": self.until,
        }
        return [sql.SQL(text) for text, value in given.items() if value is not None]

    def parameters(self) -> dict[str, Any]:
        """The values for the conditions, by name."""
        return {"status": self.status, "since": self.since, "until": self.until}


def read_order_filter(*, status: str | None, since: str | None, until: str | None) -> OrderFilter:
    """The filter that the arguments of a tool call mean.

    Raises:
        ToolFailure: ``invalid_input`` when a status does not exist or a date is none.
    """
    first, last = _day("since", since), _day("until", until)
    if first is not None and last is not None and first > last:
        raise ToolFailure("invalid_input", "since is after until.")
    return OrderFilter(_status(status), first, last)


def _status(text: str | None) -> str | None:
    if not text:
        return None
    status = text.strip().lower()
    if status not in STATUSES:
        raise ToolFailure("invalid_input", f"status must be one of {', '.join(STATUSES)}.")
    return status


def _day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        raise ToolFailure("invalid_input", f"{name} must be a date, YYYY-MM-DD.") from None
