"""Whether a name in the data can be what the rep typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deploy.local.bedrock.understudy.answering.plurals import singular
from deploy.local.bedrock.understudy.reading.spelling_mistakes import distance
from tools import spelling

Row = Mapping[str, Any]


def closest(rows: Sequence[Row], said: str, name_of: Callable[[Row], str]) -> list[Row]:
    """The rows whose name is nearest to what was said; several only when they are equally near."""
    scored = [(mistakes(said, name_of(row)), row) for row in rows]
    near = [(found, row) for found, row in scored if found is not None]
    if not near:
        return []
    least = min(found for found, _ in near)
    return [row for found, row in near if found == least]


def mistakes(said: str, name: str) -> int | None:
    """How many letters differ when each word said stands for one of the name; None otherwise."""
    words = _words(name)
    total = 0
    for word in _words(said):
        best = min((_between(word, other) for other in words), default=99)
        if best > _allowed(word):
            return None
        total += best
    return total


def same(one: str, other: str) -> bool:
    """Whether two names are one but for case, accents and a plural."""
    return [singular(w) for w in _words(one)] == [singular(w) for w in _words(other)]


def _words(text: str) -> list[str]:
    return spelling.name(text).replace("-", " ").replace("_", " ").replace(".", " ").split()


def _between(one: str, other: str) -> int:
    if singular(one) == singular(other):
        return 0
    return min(distance(one, other), distance(singular(one), other))


def _allowed(word: str) -> int:
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2
