"""Phrases of the tables as patterns, and a quick test that spares most of them the search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

# A gap does not reach into the next question: ``how much is it and how does he pay``.
_NEXT = "(?:and|or|,|but) (?:how|what|who|when|which|why|where|whose)(?![^ ])"
GAP = rf"(?: (?!{_NEXT})[^ .]+){{0,5}}? "
_GROUP = re.compile(r"\((?!\?)")
_LITERAL = re.compile(r"<?[a-z0-9']+>?")
_COMMON = frozenset(
    "a the of to in on is are was do does did has have what how who any it for with".split()
)
_PLAIN = re.compile(r"(?:[a-z0-9' |<>()]|\w\?)+")


@lru_cache(maxsize=8192)
def compiled(phrase: str) -> re.Pattern[str]:
    """The pattern of a phrase: a regular expression over words, ``~`` being a gap of a few words.

    Parentheses only group. ``<customer>``, ``<order>``, ``<name>`` … stand for what has a shape.
    """
    grouped = _GROUP.sub("(?:", phrase).replace("~", GAP)
    return re.compile(rf"(?<![\w<])(?:{grouped})(?![\w>])")


def may_stand_in(phrase: str, words: frozenset[str]) -> bool:
    """Whether a text of these words can hold the phrase at all."""
    for way in _needs(phrase):
        for needed in way:
            if needed.isdisjoint(words):
                break
        else:
            return True
    return False


class PhraseBook:
    """Many phrases, found by the words that they cannot do without."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(phrases)
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        for at, phrase in enumerate(self.phrases):
            self._enter(at, phrase)

    def _enter(self, at: int, phrase: str) -> None:
        ways = _needs(phrase)
        if not all(ways):
            self._always.append(at)
            return
        for way in ways:
            for word in min(way, key=lambda needed: (len(needed & _COMMON), len(needed))):
                self._by_word.setdefault(word, []).append(at)

    def near(self, words: frozenset[str]) -> list[int]:
        """The places of the phrases that may stand in a text of these words, in their order."""
        found = set(self._always)
        for word in words:
            found.update(self._by_word.get(word, ()))
        return sorted(found)


@lru_cache(maxsize=8192)
def _needs(phrase: str) -> tuple[tuple[frozenset[str], ...], ...]:
    """For each way to say a phrase: sets of words, one of each of which it cannot do without."""
    return tuple(tuple(_needed(way)) for way in _split(phrase, "|"))


def _needed(way: str) -> Iterator[frozenset[str]]:
    if " ?" in way:
        return
    for part in _split(way.replace("~", " "), " "):
        if part.endswith(")?") or not _PLAIN.fullmatch(part):
            continue
        words = set(_LITERAL.findall(part))
        words |= {match[1] for match in re.finditer(r"([a-z]+)\w\?", part)}
        if words and not any(not option.strip() for option in _split(part.strip("()"), "|")):
            yield frozenset(words)


def _split(text: str, at: str) -> list[str]:
    """Splits outside parentheses and brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == at and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
