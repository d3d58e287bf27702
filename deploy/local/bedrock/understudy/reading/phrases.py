"""Phrases of the tables as patterns, and a quick test that spares most of them the search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from deploy.local.bedrock.understudy.reading.needed_words import needed_words, rarest

# A gap does not reach into the next question: ``how much is it and how does he pay``.
_NEXT = "(?:and|or|,|but) (?:how|what|who|when|which|why|where|whose)(?![^ ])"
GAP = rf"(?: (?!{_NEXT})[^ .]+){{0,5}}? "
_GROUP = re.compile(r"\((?!\?)")


@lru_cache(maxsize=8192)
def compiled(phrase: str) -> re.Pattern[str]:
    """The pattern of a phrase: a regular expression over words, ``~`` being a gap of a few words.

    Parentheses only group. ``<customer>``, ``<order>``, ``<name>`` … stand for what has a shape.
    """
    grouped = _GROUP.sub("(?:", phrase).replace("~", GAP)
    return re.compile(rf"(?<![\w<])(?:{grouped})(?![\w>])")


def may_stand_in(phrase: str, words: frozenset[str]) -> bool:
    """Whether a text of these words can hold the phrase at all."""
    for way in needed_words(phrase):
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
        ways = needed_words(phrase)
        if not all(ways):
            self._always.append(at)
            return
        for way in ways:
            for word in rarest(way):
                self._by_word.setdefault(word, []).append(at)

    def near(self, words: frozenset[str]) -> list[int]:
        """The places of the phrases that may stand in a text of these words, in their order."""
        found = set(self._always)
        for word in self._by_word.keys() & words:
            found.update(self._by_word[word])
        return sorted(found)
