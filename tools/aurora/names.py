"""Reads what a rep types to find a customer: an id, a user name, an e-mail, a name in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools import spelling

_EMAIL = re.compile(r"[^\s<>,;:()]+@[^\s<>,;:()]+")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam"})
_MOST_WORDS = 6
_MOST_PAIRS = 4


@dataclass(frozen=True, slots=True)
class CustomerQuery:
    """One query in all the ways in which it can be meant.

    ``names`` are (first, last) pairs, ``near`` those worth a search for close spellings, ``name``
    is the whole as one first or last name.
    """

    customer_ids: list[str]
    username: str
    email: str
    names: list[tuple[str, str]]
    near: list[tuple[str, str]]
    name: str


def read_customer_query(text: str) -> CustomerQuery:
    """What ``Doe, John``, ``@john_doe``, ``cust-1`` or ``John Doe <j@example.com>`` may mean."""
    plain = " ".join(text.split())
    address = _EMAIL.search(plain)
    words = _words(address[0].partition("@")[0] if address else plain)
    pairs = _pairs(plain, words)
    return CustomerQuery(
        customer_ids=sorted({spelling.customer_id(plain), plain.upper()}),
        username=plain.removeprefix("@").lower(),
        email=spelling.email(address[0] if address else plain),
        # An address that nobody has is no proof of a name: it may only suggest one.
        names=[] if address else pairs,
        near=pairs[:_MOST_PAIRS],
        name="" if address else " ".join(words),
    )


def _words(text: str) -> list[str]:
    words = [word for word in re.split(r"[\s,]+", text) if word]
    if len(words) == 1:
        words = [word for word in re.split(r"[._\d]+", words[0]) if word]
    kept = [word for word in words if word.rstrip(".").lower() not in _TITLES]
    return (kept or words)[:_MOST_WORDS]


def _pairs(text: str, words: list[str]) -> list[tuple[str, str]]:
    """First and last name at each possible cut, in the usual order before the reverse."""
    if "," in text and "@" not in text:
        last, _, first = text.partition(",")
        if first.strip() and last.strip():
            return [(" ".join(_words(first)), last.strip())]
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return [*cuts, *((last, first) for first, last in cuts)]
