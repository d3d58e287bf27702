"""One figure, day, id, e-mail, phone or link of a text, and where it stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "email",
    "link",
    "phone",
    "date",  # a day: 2024-02-11
    "month",  # 2024-02
    "day",  # a day of no year: 02-11
    "time",  # 09:45
    "id",  # letters and digits: CUST001
    "digits",  # digits that begin with 0, which are no number: 0102
    "number",
    "ordinal",  # the 2nd
]

# Stands in the place of what was read, so that nothing is read twice and nothing grows together.
FILLER = "\x00"
_MARKS = str.maketrans({"*": " ", "`": " ", "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"'})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a text that can be compared.

    Attributes:
        value: one spelling of it: a decimal, or a text as ``Kind`` shows it.
        text: as it stands in the text, from ``start`` to ``end``.
        unit: the word behind a number, in small letters.
    """

    kind: Kind
    value: str | Decimal
    text: str
    start: int
    end: int
    unit: str = ""


def same_length(text: str) -> str:
    """The text with one kind of dash, quote, blank and digit; every sign keeps its place."""
    plain = text.translate(_MARKS).translate(_DASHES)
    return plain if plain.isascii() else "".join(map(_folded, plain))


def _folded(sign: str) -> str:
    if sign.isascii():
        return sign
    normal = unicodedata.normalize("NFKC", sign)
    if len(normal) != 1:
        return sign
    digit = unicodedata.decimal(normal, None)
    return str(digit) if digit is not None else normal
