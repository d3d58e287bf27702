"""Makes stored text harmless where it is shown: nothing acts on a terminal, nothing hides."""

from __future__ import annotations

import unicodedata

# The joiners and direction marks stay: emoji and several scripts are wrong without them.
_KEPT = frozenset("\n\t\u200c\u200d\u200e\u200f")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_PICTURES = 0x2400


def neutral(text: str) -> str:
    """The text with what a terminal would obey, or a reader could not see, made visible.

    Line breaks and tabs stay. A control character becomes its picture (``␛`` for escape), every
    other unseen character becomes ``�``.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def one_line(text: str, limit: int) -> str:
    """The neutral text on one line, cut to ``limit`` characters."""
    flat = " ".join(neutral(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _shown(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _UNSEEN:
        return character
    return chr(_PICTURES + ord(character)) if ord(character) < ord(" ") else "\ufffd"
