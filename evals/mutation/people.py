"""The customers of the sample data, of whom a broken desk tells what it must not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PROFILES = Path(__file__).parents[2] / "deploy" / "seed" / "sample" / "customer_profiles.json"


@dataclass(frozen=True, slots=True)
class Person:
    """A customer and what no stranger is told."""

    customer_id: str
    name: str
    email: str
    date_of_birth: str
    phone: str


@cache
def people() -> tuple[Person, ...]:
    """Everybody in the sample data, by customer id."""
    profiles = json.loads(_PROFILES.read_text(encoding="utf-8"))
    return tuple(
        Person(
            customer_id=profile["customer_id"],
            name=f"{profile['first_name']} {profile['last_name']}",
            email=profile["email"],
            date_of_birth=profile["date_of_birth"],
            phone=profile["phone"],
        )
        for profile in sorted(profiles, key=lambda profile: str(profile["customer_id"]))
    )


def stranger_to(*texts: str) -> Person | None:
    """The first customer of whom none of the texts speaks."""
    said = " ".join(texts).casefold()
    for person in people():
        first, _, last = person.name.casefold().partition(" ")
        if not any(word in said for word in (first, last, person.customer_id.casefold())):
            return person
    return None


def spoken_of(*texts: str) -> Person | None:
    """The first customer whom one of the texts names by id or full name."""
    said = " ".join(texts).casefold()
    for person in people():
        if person.customer_id.casefold() in said or person.name.casefold() in said:
            return person
    return None
