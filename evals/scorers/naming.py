"""Which customers a rep has named so far, however the name was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evals.record import TurnRecord
from evals.scorers.people import People, Person
from evals.scorers.said_words import SaidWords

_OTHER = frozenset({"other", "another", "different", "wrong", "else"})
# A rep who says this means somebody of the answer before.
_BACK = frozenset(
    "he him his she her hers they them their theirs who whose whom that those these this it its"
    " both first second third last one ones 1 2 3 same customer customers everyone each all"
    " reviewer holder buyer owner".split()
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"")


class Named:
    """The rep's turns of one conversation, to ask whether they name a customer.

    A customer whom an answer has listed is named by a rep who asks back about the list, and one of
    several whom an answer offered for a choice is named from then on. What an answer quotes does
    not count: anybody may have written it.
    """

    def __init__(self, people: People, turns: Sequence[TurnRecord], known: Iterable[str]) -> None:
        self._people = people
        self._words = [SaidWords(turn.turn.rep) for turn in turns]
        self._words += [SaidWords(each) for each in known]
        self._listed = [
            SaidWords(_QUOTED.sub(" ", before.text))
            for before, turn in zip(turns, turns[1:], strict=False)
            if before.answer is not None
            and (before.answer.outcome == "clarify" or SaidWords(turn.turn.rep).bag & _BACK)
        ]

    def is_named(self, customer_id: str) -> bool:
        """Whether the rep, or the case, means this customer."""
        person = self._people.persons[customer_id]
        return any(self._names(words, person) for words in self._words) or any(
            words.have_id(customer_id) or _by_full_name(words, person) for words in self._listed
        )

    def _names(self, words: SaidWords, person: Person) -> bool:
        return (
            words.have_id(person.customer_id)
            or bool(words.signs & person.spellings)
            or any(words.have_phone(phone) for phone in person.phones)
            or any(self._by_name(words, person, *name) for name in person.names)
            or self._by_thing(words, person)
        )

    def _by_name(self, words: SaidWords, person: Person, first: str, last: str) -> bool:
        """By the full name, by a name that is one customer's only, or by a shared one and more."""
        if _by_full_name(words, person):
            return True
        for part, sharing in self._sharing(first, last):
            if not words.have(part):
                continue
            if len(sharing) == 1 or words.bag & _OTHER:
                return True
            if self._singled_out(words, person, sharing):
                return True
        return self._misspelt(words, person, first, last)

    def _sharing(self, first: str, last: str) -> list[tuple[str, set[str]]]:
        people = self._people
        pairs = [(first, people.first_names[first]), (last, people.last_names[last])]
        return [(part, sharing) for part, sharing in pairs if part]

    def _singled_out(self, words: SaidWords, person: Person, sharing: set[str]) -> bool:
        """Whether a city or a tier tells this one from the others of that name."""
        told = words.bag & person.traits
        return bool(told) and not any(
            told <= self._people.persons[other].traits for other in sharing - {person.customer_id}
        )

    def _misspelt(self, words: SaidWords, person: Person, first: str, last: str) -> bool:
        """Every part of the name alike, or one that is alike to a single customer's alone."""
        alike = [words.have_alike(first), words.have_alike(last)]
        if all(alike):
            return True
        return any(
            {owner for name, owners in names.items() if words.have_alike(name) for owner in owners}
            == {person.customer_id}
            for one, names in zip(
                alike, (self._people.first_names, self._people.last_names), strict=True
            )
            if one
        )

    def _by_thing(self, words: SaidWords, person: Person) -> bool:
        """By the number of an order, a serial number, or a review of theirs."""
        holders = self._people.holders
        keys = [("orders", number) for number in words.order_numbers]
        keys += [("warranties", key) for key in words.ids]
        return any(person.customer_id in holders.get(key, ()) for key in keys) or any(
            words.have_id(review) for review in self._people.reviews.get(person.customer_id, ())
        )


def _by_full_name(words: SaidWords, person: Person) -> bool:
    return any(first and last and words.have(first, last) for first, last in person.names)
