"""Finds product names by their words, and by likeness when no name holds the words.

Standard library only, because the Lambda handlers of the gateway share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, Literal, TypeVar

from tools.likeness import ALIKE, words

MatchedBy = Literal["name", "similar_name", "none"]
Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class Named(Generic[Key]):
    """Something by its key, and its name in the spelling of keys."""

    key: Key
    name: str


@dataclass(frozen=True, slots=True)
class Match(Generic[Key]):
    """The keys of what was found, best first, and how."""

    matched_by: MatchedBy
    keys: list[Key]


def find_names(wanted: str, named: Iterable[Named[Key]]) -> Match[Key]:
    """Names with every wanted word in them, or else names that are close."""
    asked = words(wanted)
    if asked == [""]:
        return Match("none", [])
    split = [(product, words(product.name)) for product in named]
    holding = [product for product, held in split if _holds(held, asked)]
    if holding:
        holding.sort(key=lambda product: (product.name != wanted, product.name, product.key))
        return Match("name", [product.key for product in holding])
    close = _close(asked, split)
    return Match("similar_name" if close else "none", close)


def _holds(held: Sequence[str], asked: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in held) for part in asked)


def _close(asked: Sequence[str], split: Sequence[tuple[Named[Key], list[str]]]) -> list[Key]:
    """Likeness of the whole text, or of each wanted word to its nearest word, whichever is more."""
    scores: list[tuple[float, str, Key]] = []
    # A matcher remembers its second text, so each wanted text keeps one for all names.
    whole = SequenceMatcher(None, b="".join(asked), autojunk=False)
    parts = [SequenceMatcher(None, b=part, autojunk=False) for part in asked]
    for product, held in split:
        nearest = [max(_ratio(part, word) for word in held) for part in parts]
        score = max(_ratio(whole, "".join(held)), sum(nearest) / len(nearest))
        if score >= ALIKE:
            scores.append((-score, product.name, product.key))
    return [key for _, _, key in sorted(scores)]


def _ratio(matcher: SequenceMatcher[str], text: str) -> float:
    """The likeness, or 0 when cheap upper bounds already say that it is too small."""
    matcher.set_seq1(text)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
