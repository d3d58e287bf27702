"""The few SELECTs for what no other tool can ask; no text of a rep's is ever in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed
from deploy.local.bedrock.understudy.asking.asks import Filters

Row = Mapping[str, Any]


def select(
    columns: str, source: str, *, tests: Sequence[str] = (), order: str = "", limit: int = 50
) -> str:
    """One SELECT."""
    parts = ["select", columns, "from", source]
    if tests:
        parts += ["where", " and ".join(tests)]
    if order:
        parts += ["order by", order]
    return " ".join([*parts, "limit", str(limit)])


def between(column: str, filters: Filters) -> Iterator[str]:
    """Tests that a timestamp lies in the period of the filters, both days included."""
    if filters.since:
        yield f"{column} >= '{filters.since}'"
    if filters.until and filters.until != date.max.isoformat():
        following = date.fromisoformat(filters.until) + timedelta(days=1)
        yield f"{column} < '{following.isoformat()}'"


def named_rows(result: Row, columns: Sequence[str]) -> list[Row]:
    """The rows of a result as records; a row of another width is none of ours."""
    raw = result.get("rows")
    if failed(result) or not isinstance(raw, list):
        return []
    return [
        dict(zip(columns, row, strict=True))
        for row in raw
        if isinstance(row, list) and len(row) == len(columns)
    ]
