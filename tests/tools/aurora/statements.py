"""The statements that the free SELECT is judged by, with their verdicts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

_FILE = Path(__file__).parents[2] / "data" / "sql_statements.txt"
_MARKS = {
    "<NL>": "\n",
    "<CR>": "\r",
    "<NUL>": "\0",
    "<NBSP>": "\N{NO-BREAK SPACE}",
    "<DEEPNOT>": "SELECT id FROM products WHERE " + "NOT " * 900 + "(id = 1)",
    "<LONGIN>": f"SELECT id FROM products WHERE id IN ({','.join(map(str, range(100_000)))})",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; ``verdict`` is DENY, BOUND or ALLOW, ``category`` what it attacks."""

    sql: str
    verdict: str
    category: str
    why: str


def read_statements() -> list[Statement]:
    """Every line of the file, its marks expanded."""
    lines = [line for line in _FILE.read_text().splitlines() if line and not line.startswith("#")]
    return [_statement(line) for line in lines]


def cases(*verdicts: str) -> list[pytest.param]:  # type: ignore[valid-type]
    """Test parameters with names that say what is tried."""
    wanted = [item for item in read_statements() if item.verdict in verdicts]
    return [pytest.param(item, id=_label(item)) for item in wanted]


def _label(item: Statement) -> str:
    words = re.sub(r"[^A-Za-z0-9]+", "-", f"{item.category} {item.sql[:40]}").strip("-")
    return f"{item.verdict}-{words}"


def _statement(line: str) -> Statement:
    text, _, verdict = line.partition("\t# ")
    for mark, sign in _MARKS.items():
        text = text.replace(mark, sign)
    word, _, rest = verdict.partition(" ")
    category, _, why = rest.partition(": ")
    return Statement(text, word, category, why)
