"""Judges a question's text, for the desk and for entry points before they open anything."""

from __future__ import annotations

import unicodedata

MOST_CHARACTERS = 8000


def text_problem(text: str, *, most: int = MOST_CHARACTERS) -> str | None:
    """What is wrong with a question's text in one plain sentence, or ``None``."""
    stripped = text.strip()
    if not stripped:
        return "The question is empty. Write what you want to know."
    if len(stripped) > most:
        return (
            f"The question has {len(stripped):,} characters; at most {most:,} fit."
            " Shorten it, or ask in several questions."
        )
    if any(
        unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t" for sign in stripped
    ):
        return "The question holds control characters or broken text. Type it again as plain text."
    return None
