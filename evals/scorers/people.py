"""Who the customers of a set of records are, and whose contact data is whose."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evals.atoms.addresses import phone_key
from evals.atoms.ids import id_key
from evals.record import Records

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_BORN = "date_of_birth"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def words_of(text: str) -> list[str]:
    """The words without case, accents and the ending of a possessive."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text).casefold()
        if not unicodedata.combining(sign)
    )
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(plain)]


@dataclass(slots=True)
class Person:
    """One customer, over all systems."""

    customer_id: str
    names: set[tuple[str, str]] = field(default_factory=set)
    spellings: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    traits: set[str] = field(default_factory=set)


class People:
    """The customers of one set of records, found by what contact data is theirs."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.persons: dict[str, Person] = {}
        self.emails: dict[str, set[str]] = defaultdict(set)
        self.phones: dict[str, set[str]] = defaultdict(set)
        self.streets: dict[str, dict[tuple[str, ...], set[str]]] = defaultdict(dict)
        self.first_names: dict[str, set[str]] = defaultdict(set)
        self.last_names: dict[str, set[str]] = defaultdict(set)
        for row in (*records.get("users", ()), *records.get("customer_profiles", ())):
            self._add(row)

    @cached_property
    def births(self) -> frozenset[str]:
        """Days on which a customer was born and nothing else is recorded."""
        born = {str(row.get(_BORN)) for row in self._records.get("customer_profiles", ())}
        return frozenset(born - set(self._other_days()))

    @cached_property
    def holders(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Whom an order or a warranty belongs to, by kind and key."""
        held: dict[tuple[str, str], frozenset[str]] = {}
        for row in self._records.get("orders", ()):
            held["orders", str(row["id"])] = frozenset({str(row.get("customer_id"))})
        by_name: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for person in self.persons.values():
            for first, last in person.names:
                by_name[tuple(words_of(f"{first} {last}"))].add(person.customer_id)
        for row in self._records.get("warranties", ()):
            name = tuple(words_of(str(row.get("customer_name"))))
            held["warranties", id_key(str(row["serial_number"]))] = frozenset(
                by_name.get(name, self._of_last_name(name))
            )
        return held

    @cached_property
    def reviews(self) -> Mapping[str, Sequence[str]]:
        """The reviews of each customer."""
        written: dict[str, list[str]] = defaultdict(list)
        for row in self._records.get("reviews", ()):
            written[str(row.get("customer_id"))].append(str(row["review_id"]))
        return written

    def _of_last_name(self, name: tuple[str, ...]) -> set[str]:
        return self.last_names.get(name[-1], set()) if name else set()

    def _add(self, row: Mapping[str, Any]) -> None:
        customer = str(row["customer_id"])
        person = self.persons.setdefault(customer, Person(customer))
        first, last = (" ".join(words_of(str(row.get(part) or ""))) for part in _NAME)
        person.names.add((first, last))
        self.first_names[first].add(customer)
        self.last_names[last].add(customer)
        for part in ("email", "username"):
            if row.get(part):
                person.spellings.add(str(row[part]).casefold())
        if row.get("email"):
            self.emails[str(row["email"]).casefold()].add(customer)
        if row.get("phone"):
            self.phones[phone_key(str(row["phone"]))].add(customer)
            person.phones.add(phone_key(str(row["phone"])))
        self._place(person, row)

    def _place(self, person: Person, row: Mapping[str, Any]) -> None:
        address = row.get("address")
        if isinstance(address, Mapping):
            if street := tuple(words_of(str(address.get("street") or ""))):
                owners = self.streets[street[0]].setdefault(street, set())
                owners.add(person.customer_id)
            for part in ("city", "state", "zip", "country"):
                person.traits |= set(words_of(str(address.get(part) or "")))
        person.traits |= set(words_of(str(row.get("tier") or "")))

    def _other_days(self) -> Iterator[str]:
        for rows in self._records.values():
            for row in rows:
                for name, value in row.items():
                    if name != _BORN and isinstance(value, str) and _DAY.match(value):
                        yield value[:10]


_NAME = ("first_name", "last_name")
