"""Reads a text into atoms: each kind is taken out before the next is read, plain numbers last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from evals.atoms.addresses import emails, links, phones
from evals.atoms.atom import FILLER, Atom, same_length
from evals.atoms.dates import calendar_days, months, times
from evals.atoms.ids import ids, ordinals, sized
from evals.atoms.numbers import counted_words, numbers, stars
from evals.atoms.sayings import without_sayings

_READERS: tuple[Callable[[str], Iterator[Atom]], ...] = (
    links,
    emails,
    times,
    calendar_days,
    months,
    phones,
    stars,
    ordinals,
    sized,
    ids,
    counted_words,
    numbers,
)


@lru_cache(maxsize=4096)
def atoms(text: str) -> tuple[Atom, ...]:
    """Every atom of the text, in its order."""
    rest = without_sayings(same_length(text))
    found: list[Atom] = []
    for reader in _READERS:
        taken = list(reader(rest))
        for atom in taken:
            rest = rest[: atom.start] + FILLER * (atom.end - atom.start) + rest[atom.end :]
        found += taken
    found.sort(key=lambda atom: atom.start)
    return tuple(
        Atom(each.kind, each.value, text[each.start : each.end], each.start, each.end, each.unit)
        for each in found
    )


def numbers_in(text: str) -> set[Decimal]:
    """Every number of the text, as figures or as a counting word."""
    return {atom.value for atom in atoms(text) if isinstance(atom.value, Decimal)}
