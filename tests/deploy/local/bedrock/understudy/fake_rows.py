"""What the fake tools share: rows, pages, and products found by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.deploy.local.bedrock.understudy.fake_likeness import close_rows
from tools import spelling

Row = Mapping[str, Any]
Result = dict[str, Any]


def day(row: Row, field: str) -> str:
    """The date of a timestamp."""
    return str(row[field])[:10]


def page(rows: Sequence[Row], limit: int, key: str, **more: Any) -> Result:
    """A list result: the first rows, how many there are, and whether some were cut."""
    shown = [dict(row) for row in rows[:limit]]
    return {key: shown, "total": len(rows), "truncated": len(rows) > limit, **more}


def products_named(rows: Sequence[Row], query: str) -> tuple[list[Row], str]:
    """Products by name or number, and whether the name was only similar."""
    wanted = spelling.name(query)
    if wanted.isdigit():
        return [row for row in rows if row["product_id"] == int(wanted)], "name"
    exact = [row for row in rows if spelling.name(row["name"]) == wanted]
    exact = exact or [row for row in rows if wanted in spelling.name(row["name"])]
    if exact:
        return exact, "name"
    return [row for row, _ in close_rows(rows, query, lambda row: row["name"])], "similar_name"
