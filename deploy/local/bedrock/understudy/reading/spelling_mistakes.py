"""Takes a mistyped keyword for the keyword it is closest to."""

from __future__ import annotations

from functools import lru_cache

SHORTEST_TYPED = 4
SHORTEST_KEYWORD = 5
LONG_KEYWORD = 8


def distance(one: str, other: str, most: int = 3) -> int:
    """Insertions, deletions, changes and swaps between two words, counted up to ``most`` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        line = [row]
        for column, right in enumerate(other, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, above = above, line
    return above[-1]


@lru_cache(maxsize=2048)
def keyword_for(typed: str, keywords: frozenset[str]) -> str | None:
    """The keyword that was probably meant, if there is one within the allowed mistakes."""
    if len(typed) < SHORTEST_TYPED:
        return None
    found: list[tuple[int, str]] = []
    for keyword in keywords:
        if len(keyword) < SHORTEST_KEYWORD or not _same_beginning(typed, keyword):
            continue
        allowed = 2 if len(keyword) >= LONG_KEYWORD else 1
        mistakes = distance(typed, keyword, allowed)
        if mistakes <= allowed and not _is_another_word(typed, keyword):
            found.append((mistakes, keyword))
    return min(found)[1] if found else None


def _is_another_word(typed: str, keyword: str) -> bool:
    """Whether two short words differ by one other letter, as words that are both right often do."""
    changed = [pair for pair in zip(typed, keyword, strict=False) if pair[0] != pair[1]]
    return len(typed) == len(keyword) <= SHORTEST_KEYWORD and len(changed) == 1


def _same_beginning(typed: str, keyword: str) -> bool:
    swapped = typed[:2] == keyword[1::-1] and len(typed) == len(keyword)
    return typed[0] == keyword[0] or swapped
