"""How the fake desk compares spellings: trigrams, as the real database does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tools.spelling import name as plain_name

Row = Mapping[str, Any]
CLOSE = 0.3


def similarity(one: str, other: str) -> float:
    """Shared trigrams over all trigrams, between 0 and 1."""
    left, right = _trigrams(plain_name(one)), _trigrams(plain_name(other))
    return len(left & right) / len(left | right) if left and right else 0.0


def close_rows(
    rows: Iterable[Row], said: str, key: Callable[[Row], str]
) -> list[tuple[Row, float]]:
    """The rows whose key resembles what was said, best first."""
    scored = [(row, similarity(said, key(row))) for row in rows]
    return sorted((pair for pair in scored if pair[1] >= CLOSE), key=lambda pair: -pair[1])


def _trigrams(text: str) -> set[str]:
    found: set[str] = set()
    for word in text.replace("_", " ").replace(".", " ").split():
        padded = f"  {word} "
        found |= {padded[at : at + 3] for at in range(len(padded) - 2)}
    return found
