"""What somebody said, taken apart to find ids, phones and names in it."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import SequenceMatcher

from evals.atoms import atoms
from evals.atoms.addresses import SHORTEST_PHONE, phone_key
from evals.atoms.ids import id_key, numbered
from evals.scorers.people import words_of

ALIKE = 0.75
SHORTEST_ALIKE = 4
_PHONE = re.compile(r"\+?\(?\d[\d\s().-]{5,}\d")
# "and 3?" goes on with what was asked before.
_AND = frozenset({"and", "or", "also", "then", "what", "about", "now"})
_ORDERS = frozenset({"order", "orders", "ordr", "purchase", "number", "no", "nr"})


class SaidWords:
    """One text of a rep: words, signs between blanks, ids, phones and numbers."""

    def __init__(self, text: str) -> None:
        found = atoms(text)
        self.list = words_of(text)
        # "bobs" is of Bob, and "cust003s" of CUST003.
        self.bag = {*self.list, *(word.removesuffix("s") for word in self.list)}
        self.signs = {sign.strip(".,;:!?()'\"<>").casefold() for sign in text.split()}
        self.signs |= {str(each.value) for each in found if each.kind == "email"}
        self.ids = {str(each.value) for each in found if each.kind == "id"}
        self.ids |= {key.removesuffix("S") for key in self.ids}
        self.numbers = {Decimal(each.value) for each in found if each.kind in ("number", "digits")}
        self._phones = {phone_key(run) for run in _PHONE.findall(text)}
        others = {word for word in self.list if not word.isdecimal()}
        about_orders = bool(self.bag & _ORDERS) or "#" in text or others <= _AND
        whole = {number for number in self.numbers if number == number.to_integral_value()}
        self.order_numbers = {f"{number:.0f}" for number in whole} if about_orders else set()

    def have(self, *names: str) -> bool:
        """Whether each name stands here, its words one behind the other."""
        return all(self._has(name.split()) for name in names)

    def have_alike(self, name: str) -> bool:
        """Whether a word here is nearly the name."""
        return len(name) >= SHORTEST_ALIKE and any(
            len(word) >= SHORTEST_ALIKE
            and abs(len(word) - len(name)) <= 2
            and word[0] == name[0]
            and SequenceMatcher(None, word, name, autojunk=False).ratio() >= ALIKE
            for word in self.list
        )

    def have_phone(self, phone: str) -> bool:
        """Whether the number stands here, with or without its country code and area."""
        key = phone_key(phone)
        return any(
            len(said) >= SHORTEST_PHONE and (key.endswith(said) or said.endswith(key))
            for said in self._phones
        )

    def have_id(self, key: str) -> bool:
        """``CUST004`` by itself, and as "cust 4" or "customers 4 and 5"."""
        plain = id_key(key)
        if plain in self.ids:
            return True
        parts = numbered(plain)
        if parts is None:
            return False
        letters, number = parts[0].casefold(), Decimal(parts[1])
        if number in self.numbers and any(word.startswith(letters) for word in self.bag):
            return True
        return any(
            (other := numbered(each)) and other[1] == parts[1] and other[0].startswith(parts[0])
            for each in self.ids
        )

    def _has(self, wanted: list[str]) -> bool:
        size = len(wanted)
        if size == 1:
            return wanted[0] in self.bag
        return any(self.list[at : at + size] == wanted for at in range(len(self.list) - size + 1))
