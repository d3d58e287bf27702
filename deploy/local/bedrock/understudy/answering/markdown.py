"""Small pieces of Markdown: money, days, tables, and stored text made harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

LONGEST_QUOTE = 280
_SPECIAL = re.compile(r"([\\`*\[\]|])")
# No renderer, and no terminal that looks for addresses, makes markup or a link of these.
_HARMLESS = (("<", "‹"), (">", "›"), ("](", "] ("), ("://", ": //"))
_NOT_KEPT = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def safe(value: Any, most: int = LONGEST_QUOTE) -> str:
    """Stored or typed text on one line, without anything that Markdown or a terminal would obey."""
    text = str(value)
    if not text.isprintable():
        text = "".join(
            " " if c.isspace() else c
            for c in text
            if c.isspace() or unicodedata.category(c) not in _NOT_KEPT
        )
    text = " ".join(text.split())
    if len(text) > most:
        text = text[: most - 1].rstrip() + "…"
    for marked, harmless in _HARMLESS:
        text = text.replace(marked, harmless)
    return _SPECIAL.sub(r"\\\1", text)


def quote(value: Any, most: int = LONGEST_QUOTE) -> str:
    """Text that somebody else wrote, marked as a quote."""
    return f"“{safe(value, most)}”"


def money(value: Any) -> str:
    """An amount with a dollar sign and two decimals."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return safe(value)
    return f"${amount:,.2f}" if amount >= 0 else f"-${-amount:,.2f}"


def day(value: Any) -> str:
    """The date of a timestamp."""
    return safe(value)[:10] if value else "unknown"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 order``, ``2 orders``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table; cells are made safe."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "|".join(" --- " for _ in heads) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def person(row: Any) -> str:
    """First and last name of a customer's row."""
    return safe(f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip())


def named(identity: str, name: str) -> str:
    """``Name (ID)``, or the id alone when the name is not known."""
    return f"{name} ({safe(identity)})" if name else safe(identity)


def joined(parts: Sequence[str], word: str = "and") -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
