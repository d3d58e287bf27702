"""What figures may be said: those of tool results so far, of the rep's words, and of today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from evals.atoms.addresses import LONGEST_PHONE, SHORTEST_PHONE, phone_key
from evals.atoms.atom import Atom, Kind
from evals.atoms.ids import numbered
from evals.atoms.numbers import THINGS
from evals.atoms.periods import ends_of_periods
from evals.atoms.reading import atoms

_PARTS = re.compile(r"[^\W_]*\d[^\W_]*")
_ENDS_IN = re.compile(
    r"(?:ending|ends|end|last (?:four|4)(?: digits)?)\W+(?:(?:in|with|are|is)\W+)?$"
)
_NO_COUNT = re.compile(r"(?:^|_)(?:id|key|rating|price|amount|sum|zip|phone|value)$")
_LETTERS = re.compile(r"[a-z]{3,}")
MOST_SYSTEMS = 4
CONTEXT = 30


class Grounds:
    """Collects the sources of one conversation and says whether an atom stands in them."""

    def __init__(self, today: date) -> None:
        self._values: dict[Kind, set[str]] = {}
        self._numbers: set[Decimal] = set()
        # How many there are of something: an order's number is none of them, nor is a rating.
        self._counts: set[Decimal] = set()
        self._counted: set[tuple[Decimal, str]] = set()
        self._ordinals: set[Decimal] = set()
        self._phones: set[str] = set()
        self._years: set[str] = set()
        self._longest = 0
        # The words of each of the rep's turns, and the numbers in it.
        self._said: list[tuple[frozenset[str], frozenset[Decimal]]] = []
        self._take_day(today.isoformat())

    def hear(self, words: str) -> None:
        """Takes what the rep says as a source; a year or a month is from its first day on."""
        self._read(words)
        for day in ends_of_periods(words):
            self._take_day(day)
        numbers = {
            Decimal(each.value) for each in atoms(words) if each.kind in ("number", "digits")
        }
        self._counts |= numbers
        self._said.append((frozenset(_LETTERS.findall(words.casefold())), frozenset(numbers)))

    def see(self, result: Mapping[str, Any], arguments: Mapping[str, Any]) -> None:
        """Takes a successful tool result as a source, and the days that it was asked for."""
        self._walk(dict(result), "")
        for value in arguments.values():
            for atom in atoms(value) if isinstance(value, str) else ():
                if atom.kind == "date":
                    self._take(atom)

    def hold(self, atom: Atom, before: str = "") -> bool:
        """Whether the atom stands in a source; ``before`` is the text that leads up to it."""
        match atom.kind:
            case "number" | "digits":
                return self._holds_number(atom) or self._ends_a_phone(atom, before)
            case "ordinal":
                return Decimal(atom.value) <= self._longest or atom.value in self._ordinals
            case "phone":
                return self._holds_phone(atom)
            case "id":
                return self._holds_id(atom)
        return self._has(atom.kind, str(atom.value))

    def _has(self, kind: Kind, value: str) -> bool:
        return value in self._values.get(kind, ())

    def _holds_number(self, atom: Atom) -> bool:
        if atom.kind == "digits":
            return self._has("digits", str(atom.value))
        if atom.unit in THINGS and "." not in atom.text:
            return atom.value in self._counts or (atom.value, atom.unit) in self._counted
        if atom.value in self._numbers:
            return True
        if atom.unit == "systems":
            return 1 <= Decimal(atom.value) <= MOST_SYSTEMS
        if atom.text in self._years:
            return True
        return _is_phone(atom.text) and phone_key(atom.text) in self._phones

    def _holds_phone(self, atom: Atom) -> bool:
        key = str(atom.value)
        if any(known.endswith(key) for known in self._phones):
            return True
        # "100-2000" has the looks of a short number and may be a range.
        parts = atom.text.split("-")
        return all(part.isdecimal() and Decimal(part) in self._numbers for part in parts)

    def _ends_a_phone(self, atom: Atom, before: str) -> bool:
        return (
            len(atom.text) == 4
            and _ENDS_IN.search(before[-CONTEXT:].casefold()) is not None
            and any(known.endswith(atom.text) for known in self._phones)
        )

    def _holds_id(self, atom: Atom) -> bool:
        if self._has("id", str(atom.value)) or self._rep_numbered(str(atom.value)):
            return True
        parts = _PARTS.findall(atom.text)
        return parts != [atom.text] and all(map(self._holds_part, parts))

    def _holds_part(self, part: str) -> bool:
        """A part of a compound such as ``REV001-REV003``."""
        inner = atoms(part)
        return bool(inner) and all(
            self._has("id", str(each.value)) if each.kind == "id" else self.hold(each)
            for each in inner
        )

    def _rep_numbered(self, key: str) -> bool:
        """Whether the rep named the id by its number: ``customer 99`` is ``CUST099``."""
        parts = numbered(key)
        if parts is None:
            return False
        prefix, number = parts[0].casefold(), Decimal(parts[1])
        return any(
            number in numbers and any(word.startswith(prefix) for word in words)
            for words, numbers in self._said
        )

    def _walk(self, value: Any, field: str) -> None:
        match value:
            case None:
                return
            case bool():
                # A single record that was found, or was not: one or none.
                self._count(Decimal(value))
            case dict():
                for key, inner in value.items():
                    self._read(str(key))
                    self._walk(inner, str(key))
            case list():
                self._longest = max(self._longest, len(value))
                self._count(Decimal(len(value)), Decimal(bool(value)))
                for inner in value:
                    self._walk(inner, field)
            case int() | float():
                self._take_number(Decimal(str(value)), field)
            case _:
                self._read(str(value))
                if str(value).isdecimal():
                    self._take_number(Decimal(str(value)), field)

    def _count(self, *counts: Decimal) -> None:
        self._numbers.update(counts)
        self._counts.update(counts)

    def _take_number(self, number: Decimal, field: str) -> None:
        self._numbers |= {number, abs(number)}
        if not _NO_COUNT.search(field):
            self._counts.add(number)

    def _read(self, text: str) -> None:
        for atom in atoms(text):
            self._take(atom)

    def _take(self, atom: Atom) -> None:
        value = str(atom.value)
        match atom.kind:
            case "ordinal":
                self._ordinals.add(Decimal(value))
            case "number":
                self._numbers.add(Decimal(value))
                self._counted.add((Decimal(value), atom.unit))
                if _is_phone(atom.text):
                    self._phones.add(phone_key(atom.text))
            case "phone":
                self._phones.add(value)
            case "date":
                self._take_day(value)
            case _:
                self._values.setdefault(atom.kind, set()).add(value)
        if atom.kind == "digits":
            self._numbers.add(Decimal(value))
        if atom.kind == "month":
            self._years.add(value[:4])

    def _take_day(self, day: str) -> None:
        self._values.setdefault("date", set()).add(day)
        self._values.setdefault("month", set()).add(day[:7])
        self._values.setdefault("day", set()).add(day[5:])
        self._years.add(day[:4])


def _is_phone(digits: str) -> bool:
    return digits.isdecimal() and SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE
