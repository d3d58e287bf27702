"""Names for customers with a planted difference: nobody else has them, or nearly has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from tools import likeness

Name = tuple[str, str]


class RareNames:
    """Hands out names of which none comes near another.

    Args:
        first_names: taken in turn, without those that are forms of another one.
        surnames: taken once each; ordinary customers have none of them.
    """

    def __init__(self, first_names: Iterable[str], surnames: Sequence[str]) -> None:
        self._first_names = _unlike(tuple(first_names))
        self._left = list(surnames)
        self._taken: dict[str, list[likeness.Person]] = {name: [] for name in self._first_names}
        self._turn = 0

    def take(self) -> Name:
        """The next name."""
        first_name = self._first_names[self._turn % len(self._first_names)]
        self._turn += 1
        return first_name, self.take_surname(first_name)

    def take_surname(self, first_name: str) -> str:
        """Another last name for somebody with this first name."""
        taken = self._taken[first_name]
        surname = next(one for one in self._left if not _is_near(f"{first_name} {one}", taken))
        self._left.remove(surname)
        taken.append(likeness.person(f"{first_name} {surname}"))
        return surname


def misspelt(name: str, taken: Collection[str]) -> str:
    """A first name with one letter wrong, still near the right one, and nobody's first name."""
    for place in range(len(name) - 1, 0, -1):
        for letters in ("", name[place] * 2):
            wrong = name[:place] + letters + name[place + 1 :]
            near = likeness.same_given_name(wrong.casefold(), name.casefold())
            if near and wrong.casefold() not in taken:
                return wrong
    raise ValueError(f"{name!r} cannot be misspelt")


@cache  # each is compared with all before it, and every plan begins with the same list
def _unlike(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the names that are no spelling or short form of one before them."""
    kept: list[str] = []
    for name in names:
        if not any(likeness.same_given_name(name.casefold(), other.casefold()) for other in kept):
            kept.append(name)
    return tuple(kept)


def _is_near(name: str, others: Iterable[likeness.Person]) -> bool:
    person = likeness.person(name)
    return any(likeness.near_person(person, other) > 0 for other in others)
