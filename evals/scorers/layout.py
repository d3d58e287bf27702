"""What a list or table in an answer holds."""

from __future__ import annotations

import re

_ITEM = re.compile(r"\s{0,3}(?:[-*+•]|\d{1,3}[.)])\s+\S")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"\s*\|[\s:|-]+\|\s*$")


def items_behind(text: str, place: int) -> int | None:
    """How many lines the list or table has that follows the line of this place directly."""
    lines = [line for line in text[place:].splitlines()[1:] if line.strip()]
    if not lines:
        return None
    if _ROW.match(lines[0]):
        rows = _leading(lines, _ROW)
        return len(rows) - 2 if len(rows) > 1 and _RULE.match(rows[1]) else len(rows)
    return len(_leading(lines, _ITEM)) or None


def _leading(lines: list[str], pattern: re.Pattern[str]) -> list[str]:
    """The first lines that have this form; what is further in belongs to the line above."""
    kept: list[str] = []
    for line in lines:
        if pattern.match(line):
            kept.append(line)
        elif not (kept and line.startswith("    ")):
            break
    return kept
