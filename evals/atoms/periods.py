"""The first and the last day of the years, quarters and months that a text names."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal

from evals.atoms.reading import atoms

_QUARTERS = {"Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12)}
FIRST_YEAR, LAST_YEAR = 1900, 2100


def ends_of_periods(text: str) -> Iterator[str]:
    """ISO dates."""
    found = atoms(text)
    years = [
        int(each.text)
        for each in found
        if isinstance(each.value, Decimal)
        and each.text.isdecimal()
        and FIRST_YEAR <= int(each.text) <= LAST_YEAR
    ]
    spans = [(1, 12), *(_QUARTERS[str(each.value)] for each in found if each.value in _QUARTERS)]
    for year in years:
        for first, last in spans:
            yield from _ends(year, first, last)
    for each in found:
        if each.kind == "month":
            year, month = map(int, str(each.value).split("-"))
            yield from _ends(year, month, month)


def _ends(year: int, first: int, last: int) -> Iterator[str]:
    yield f"{year}-{first:02d}-01"
    yield f"{year}-{last:02d}-{monthrange(year, last)[1]:02d}"
