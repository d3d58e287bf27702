"""Figures that say nothing about the data: list numbers, the top of a rating scale, set phrases."""

from __future__ import annotations

import re

from evals.atoms.atom import FILLER
from evals.atoms.numbers import COUNTED

_SAYINGS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # The number of a list's item.
        r"(?m)^[ \t>]*\d{1,2}[.)](?=[ \t]+\S)",
        # "4 out of 5 stars": 5 is the scale and 4 the rating; "2 of 5 open orders" has two figures.
        rf"(?<=\d)(?:\s*/\s*|\s+(?:out\s+)?of\s+)5(?:\.0)?(?![\d.,/]*\d)"
        rf"(?!\s+(?:[a-z]+\s+){{0,2}}(?:{'|'.join(set(COUNTED) - {'stars'})})\b)",
        # A range of the scale, and the scale itself.
        r"\b[0-5]\s*(?:-|to|and|or)\s*[0-5](?=[\s-]*stars?\b)",
        r"\bscale\s+(?:of|from)\s+[01]\s*(?:-|to)\s*5\b",
        r"\b24\s*/\s*7\b",
        r"\b360(?:\s*°|[\s-]degrees?)",
        # What is asked of a caller.
        r"\blast[\s-](?:4|four)(?=[\s-]+(?:digits?|numbers?)\b)",
    )
)


def without_sayings(text: str) -> str:
    """The text with such figures blanked, every other sign in its place."""
    for saying in _SAYINGS:
        text = saying.sub(lambda found: FILLER * len(found[0]), text)
    return text
