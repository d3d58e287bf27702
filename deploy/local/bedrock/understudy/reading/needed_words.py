"""Which words a text must have for a phrase to stand in it, read from the phrase itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

Words = frozenset[str]

COMMON: Words = frozenset(
    "a the of to in on is are was do does did has have what how who any it for with".split()
)
_PIECES = re.compile(
    r"(?P<look>\(\?<?[!=])|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<times>[?*+]\??|\{\d*(?:,\d*)?\}\??)|(?P<blank>[ ~])|(?P<edge>[\^$]|\\b)"
    r"|(?P<word>[a-z0-9',<>_-]+)|(?P<other>\[[^\]]*\]|\\.|.)"
)


@dataclass(frozen=True, slots=True)
class _Group:
    """A part in parentheses: its ways, and whether it may be left out."""

    ways: tuple[tuple[_Item, ...], ...]
    optional: bool = False


# What a way is made of: words, a group, a blank or an end of the text, and ``?``: anything else.
_Item = Words | _Group | str
_EDGE, _UNKNOWN = " ", "?"


@lru_cache(maxsize=8192)
def needed_words(phrase: str) -> tuple[tuple[Words, ...], ...]:
    """For each way to say a phrase: sets of words, one of each of which it cannot do without."""
    pieces = iter([(str(m.lastgroup), m.group()) for m in _PIECES.finditer(phrase)])
    return tuple(tuple(_needed(way, left=True, right=True)) for way in _ways(pieces))


def rarest(needed: Sequence[Words]) -> Words:
    """The set of words that the fewest texts have one of."""
    return min(needed, key=lambda words: (len(words & COMMON), len(words)))


def _ways(pieces: Iterator[tuple[str, str]]) -> tuple[tuple[_Item, ...], ...]:
    """The ways of a phrase, or of a group up to its end."""
    ways: list[list[_Item]] = [[]]
    for kind, text in pieces:
        way = ways[-1]
        if kind == "close":
            break
        if kind == "or":
            ways.append([])
        elif kind == "word":
            _take_word(way, text)
        elif kind == "times":
            way[-1:] = _repeated(way[-1], text)
        elif kind == "look":
            _ways(pieces)  # what only stands beside the phrase
            way.append("")
        else:
            way.append(_simple(kind, pieces))
    return tuple(tuple(item for item in way if item != "") for way in ways)


def _simple(kind: str, pieces: Iterator[tuple[str, str]]) -> _Item:
    if kind == "open":
        return _Group(_ways(pieces))
    return _EDGE if kind in ("blank", "edge") else _UNKNOWN


def _take_word(way: list[_Item], text: str) -> None:
    before = way[-1] if way else ""
    if isinstance(before, frozenset):
        way[-1] = frozenset(word + text for word in before)
    else:
        way.append(frozenset((text,)))


def _repeated(item: _Item, times: str) -> list[_Item]:
    """What stands for an item, or the last letter of a word, that comes so many times."""
    if isinstance(item, frozenset):
        once = frozenset(word[:-1] for word in item)
        return [item | once] if times.startswith("?") else [_UNKNOWN]
    if isinstance(item, _Group):
        left_out = times[0] in "?*" or times.startswith(("{0", "{,"))
        return [_Group(item.ways, optional=True) if left_out else item]
    return [_UNKNOWN]


def _needed(way: Sequence[_Item], *, left: bool, right: bool) -> Iterator[Words]:
    """The needed words of one way; ``left`` and ``right``: whether a word begins and ends there."""
    for at, item in enumerate(way):
        if isinstance(item, str) or (isinstance(item, _Group) and item.optional):
            continue
        begins, ends = _bounded(way[:at][::-1], -1, left), _bounded(way[at + 1 :], 0, right)
        if isinstance(item, frozenset):
            if begins and ends and "" not in item:
                yield item
            continue
        inner = [tuple(_needed(one, left=begins, right=ends)) for one in item.ways]
        if all(inner):
            yield frozenset().union(*map(rarest, inner))


def _bounded(beside: Sequence[_Item], near: int, otherwise: bool) -> bool:
    """Whether a word surely ends before what stands beside it, nearest first."""
    for item in beside:
        if item == _EDGE:
            return True
        if not isinstance(item, _Group) or not all(w and w[near] == _EDGE for w in item.ways):
            return False
        if not item.optional:
            return True
    return otherwise
