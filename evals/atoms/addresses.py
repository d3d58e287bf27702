"""Reads e-mail addresses, links and phone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evals.atoms.atom import Atom

_EMAIL = re.compile(r"[\w.%+'-]*\w@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)
_LINK = re.compile(r"\b(?:https?://|ftp://|data:|www\.)[^\s\x00<>()\[\]|\"']+", re.IGNORECASE)
# With a country code or brackets, with three groups, or with the hyphen of a short number.
_PHONE = re.compile(
    r"(?<![\w.,$€£-])(?:"
    r"\+\d(?:[\s().-]{0,2}\d){6,14}"
    r"|\(\d{2,5}\)[\s.-]?\d{3}[\s.-]?\d{4}"
    r"|(?:1[\s.-])?\d{3}[\s.-]\d{3}[\s.-]\d{4}"
    r"|\d{3}-\d{4}"
    r")(?![\w]|[.,-]\d)"
)
SHORTEST_PHONE = 7
LONGEST_PHONE = 15


def emails(text: str) -> Iterator[Atom]:
    """E-mail addresses in small letters."""
    for found in _EMAIL.finditer(text):
        yield Atom("email", found[0].casefold(), found[0], *found.span())


def links(text: str) -> Iterator[Atom]:
    """Web addresses, without the stop that ends a sentence."""
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?")
        yield Atom("link", link.casefold(), link, found.start(), found.start() + len(link))


def phones(text: str) -> Iterator[Atom]:
    """Phone numbers by their last ten digits, as ``phone_key`` has them."""
    for found in _PHONE.finditer(text):
        yield Atom("phone", phone_key(found[0]), found[0], *found.span())


def phone_key(text: str) -> str:
    """The last ten digits, without the country code 1 of a number of seven digits."""
    digits = "".join(filter(str.isdecimal, text)).removeprefix("00")
    if len(digits) == SHORTEST_PHONE + 1 and digits.startswith("1"):
        return digits[1:]
    return digits[-10:]
