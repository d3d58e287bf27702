"""Reads ids of letters and digits, ordinals, and numbers that are grown together with a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from evals.atoms.atom import Atom

_TOKEN = re.compile(r"(?<![\w])(?=[\w-]*\d)(?=[\w-]*[^\W\d_])[^\W_]+(?:[-_]+[^\W_]+)*(?!\w)")
_NUMBERED = re.compile(r"([A-Z]+)0*(\d+)")
_ORDINAL = re.compile(r"(?<![\w.,-])(\d{1,4})(?:st|nd|rd|th)(?!\w)", re.IGNORECASE)
_UNITS = (
    "inch inches in cm mm m km ml cl l kg g mg gb tb mb kb mah wh w v a hz khz mhz ghz fps mp k x p"
    " h min s year years month months week weeks day days hour hours minute minutes second seconds"
    " star stars percent digit digits pack pages page piece pieces item items unit units way"
    " megapixel megapixels point points times bit pin port speed button key core"
).split()
_SIZED = re.compile(
    rf"(?<![\w.,-])(\d+(?:[.,]\d+)*)-?({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![\w])",
    re.IGNORECASE,
)
_THOUSANDFOLD = {"k": 1000}


def ordinals(text: str) -> Iterator[Atom]:
    """``2nd`` as 2."""
    for found in _ORDINAL.finditer(text):
        yield Atom("ordinal", Decimal(found[1]), found[0], *found.span())


def sized(text: str) -> Iterator[Atom]:
    """``15-inch`` and ``16GB`` as 15 and 16."""
    for found in _SIZED.finditer(text):
        unit = found[2].casefold()
        number = Decimal(found[1].replace(",", "")) if found[1].count(".") < 2 else None
        if number is not None:
            value = number * _THOUSANDFOLD.get(unit, 1)
            yield Atom("number", value, found[0], *found.span(), unit)


def ids(text: str) -> Iterator[Atom]:
    """Ids in capitals, without the signs between their parts."""
    for found in _TOKEN.finditer(text):
        yield Atom("id", id_key(found[0]), found[0], *found.span())


def id_key(text: str) -> str:
    """Capitals and digits only: ``laptop001-a1b2c`` is ``LAPTOP001A1B2C``."""
    return "".join(filter(str.isalnum, text.upper()))


def numbered(key: str) -> tuple[str, str] | None:
    """The letters and the number of an id such as ``CUST001``; None of any other."""
    found = _NUMBERED.fullmatch(key)
    return (found[1], found[2]) if found else None
