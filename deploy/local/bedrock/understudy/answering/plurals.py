"""The one thing that a plural is many of: ``mice``, ``watches``, ``batteries``, ``mugs``."""

from __future__ import annotations

_IRREGULAR = {
    "mice": "mouse", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "knives": "knife", "shelves": "shelf", "leaves": "leaf",
    "halves": "half", "loaves": "loaf", "scarves": "scarf", "wives": "wife", "lives": "life",
    "dice": "die", "people": "person",
}  # fmt: skip
_HISSING = ("sses", "xes", "zes", "ches", "shes", "oes")
_SHORTEST = 4


def singular(word: str) -> str:
    """A word of which there may be many, as one of them; the word itself when it is no plural."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < _SHORTEST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if len(word) > _SHORTEST and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(_HISSING) else word[:-1]


def singular_of(name: str) -> str:
    """A name with its last word in the singular; empty when that word is no plural."""
    words = name.casefold().split()
    if not words or singular(words[-1]) == words[-1]:
        return ""
    return " ".join([*words[:-1], singular(words[-1])])
