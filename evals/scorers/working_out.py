"""Figures worked out from those of tool results, where a case says that they may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Any

from evals.atoms import Atom, atoms
from evals.record import TurnRecord

Row = Mapping[str, Any]
# Beyond these a coincidence is likelier than a computation.
MOST_PAIRED = 60
MOST_DAYS = 40
DAYS_OF = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}


class Computations:
    """The computations that a case allows over the results of a conversation so far."""

    def __init__(self, allowed: Sequence[str], turns: Sequence[TurnRecord]) -> None:
        self._allowed = [_WAYS[name] for name in allowed]
        self._turns = turns
        self._figures: _Figures | None = None

    def give(self, atom: Atom) -> bool:
        """Whether one of them gives this number, rounded as the answer shows it."""
        if not self._allowed or not isinstance(atom.value, Decimal):
            return False
        if self._figures is None:
            self._figures = _Figures(self._turns)
        return any(way(self._figures, atom) for way in self._allowed)


class _Figures:
    """The rows, numbers and days of the results, and the rep's numbers as thresholds."""

    def __init__(self, turns: Sequence[TurnRecord]) -> None:
        said = [atom for turn in turns for atom in atoms(turn.turn.rep)]
        self.thresholds = {atom.value for atom in said if isinstance(atom.value, Decimal)}
        self.days = {date.fromisoformat(day) for day in _days(said)}
        self.numbers: set[Decimal] = set(self.thresholds)
        self.lists: list[list[Row]] = []
        single: dict[str, list[Row]] = defaultdict(list)
        for turn in turns:
            for call in turn.calls:
                if call.ok and call.data is not None:
                    self._walk(call.data)
                    single[call.tool].append(_flat(call.data))
        self.lists += [rows for rows in single.values() if len(rows) > 1]
        self.lists += _joined(self.lists)

    def selections(self) -> Iterator[Sequence[Row]]:
        """Every list, its rows of an equal field, and its rows below and above what was said."""
        for rows in self.lists:
            yield rows
            for field in {field for row in rows for field in row}:
                groups: dict[str, list[Row]] = defaultdict(list)
                for row in rows:
                    groups[str(row.get(field))].append(row)
                if len(groups) > 1:
                    yield from groups.values()
                yield from self._beyond(rows, field)

    def _beyond(self, rows: Sequence[Row], field: str) -> Iterator[Sequence[Row]]:
        for limit in self.thresholds:
            for holds in (Decimal.__lt__, Decimal.__le__, Decimal.__gt__, Decimal.__ge__):
                yield [row for row in rows if _holds(holds, _number(row.get(field)), limit)]

    def _walk(self, value: Any) -> None:
        if isinstance(value, Mapping):
            for inner in value.values():
                self._walk(inner)
        elif isinstance(value, list):
            rows = [_flat(row) for row in value if isinstance(row, Mapping)]
            if rows:
                self.lists.append(rows)
            for inner in value:
                self._walk(inner)
        elif (number := _number(value)) is not None:
            self.numbers.add(number)
        elif isinstance(value, str):
            self.days |= {date.fromisoformat(day) for day in _days(atoms(value))}


def _sum(figures: _Figures, atom: Atom) -> bool:
    return any(sum(column) == atom.value for column in _columns(figures))


def _average(figures: _Figures, atom: Atom) -> bool:
    return any(_shown(Decimal(sum(column)) / len(column), atom) for column in _columns(figures))


def _difference(figures: _Figures, atom: Atom) -> bool:
    return any(abs(one - other) == atom.value for one, other in _pairs(figures))


def _percent(figures: _Figures, atom: Atom) -> bool:
    return any(
        whole and (_shown(100 * part / whole, atom) or _shown(100 * (part - whole) / whole, atom))
        for one, other in _pairs(figures)
        for part, whole in ((abs(one), abs(other)), (abs(other), abs(one)))
    )


def _count(figures: _Figures, atom: Atom) -> bool:
    if any(len(rows) == atom.value for rows in figures.selections()):
        return True
    return any(
        len({str(row[field]) for row in rows if field in row}) == atom.value
        for rows in figures.lists
        for field in {field for row in rows for field in row}
    )


def _days_between(figures: _Figures, atom: Atom) -> bool:
    length = DAYS_OF.get(atom.unit.removesuffix("s"))
    return length is not None and any(
        int(abs((one - other).days) / length) == atom.value
        for one, other in combinations(sorted(figures.days)[:MOST_DAYS], 2)
    )


_WAYS: Mapping[str, Callable[[_Figures, Atom], bool]] = {
    "sum": _sum,
    "difference": _difference,
    "average": _average,
    "count": _count,
    "days": _days_between,
    "percent": _percent,
}


def _columns(figures: _Figures) -> Iterator[list[Decimal]]:
    """The numbers of one field, of every selection of rows."""
    for rows in figures.selections():
        for field in {field for row in rows for field in row}:
            column = [number for row in rows if (number := _number(row.get(field))) is not None]
            if len(column) > 1:
                yield column


def _pairs(figures: _Figures) -> Iterable[tuple[Decimal, Decimal]]:
    return combinations(sorted(figures.numbers)[:MOST_PAIRED], 2)


def _joined(lists: Sequence[list[Row]]) -> list[list[Row]]:
    """The rows of several calls of one kind, as one list."""
    kinds: dict[frozenset[str], list[Row]] = defaultdict(list)
    for rows in lists:
        kinds[frozenset(rows[0])] += [row for row in rows if row not in kinds[frozenset(rows[0])]]
    return [rows for rows in kinds.values() if not any(rows == known for known in lists)]


def _flat(value: Mapping[str, Any]) -> Row:
    """The plain fields of a record, and of what is within it by their path."""
    flat: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            flat |= {f"{name}.{key}": each for key, each in _flat(inner).items()}
        elif not isinstance(inner, list):
            flat[name] = inner
    return flat


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _holds(
    compare: Callable[[Decimal, Decimal], bool], number: Decimal | None, limit: Decimal
) -> bool:
    return number is not None and compare(number, limit)


def _shown(exact: Decimal, atom: Atom) -> bool:
    """Whether the exact figure is the atom's when it is rounded to the atom's places."""
    _, _, places = Decimal(atom.value).as_tuple()
    return abs(exact - Decimal(atom.value)) * 2 <= Decimal(1).scaleb(int(places))


def _days(found: Iterable[Atom]) -> Iterator[str]:
    for atom in found:
        if atom.kind == "date":
            try:
                date.fromisoformat(str(atom.value))
            except ValueError:
                continue
            yield str(atom.value)
