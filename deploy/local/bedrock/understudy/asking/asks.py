"""What was understood: asks, each a wanted fact with its subjects and what narrows it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from deploy.local.bedrock.understudy.reading.periods import in_year


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fact is asked of: its kind, how it was named, and the canonical value.

    ``kind`` is customer, product, order, review, serial, or ``name`` for a name that may be a
    customer's or a product's. ``by`` is id, email, phone, name, or the kind that it hangs on: the
    customer *by* order 3. ``after`` is the word before a name that may stand for a number. A
    ``doubtful`` one is made of common words in lower case: it may name a product, or nothing; a
    ``loose`` one of unknown words where nothing says that a name stands there. The customers by
    ``members`` are those whom the answer to the ask ``of`` holds.
    """

    kind: str
    by: str
    value: str
    said: str = ""
    name: str = ""
    first: int = -1
    last: int = -1
    after: str = ""
    doubtful: bool = False
    of: Ask | None = field(default=None, compare=False)
    loose: bool = False

    def same_as(self, other: Subject) -> bool:
        """Whether both mean the same thing by the same name."""
        return (self.kind, self.by, self.value) == (other.kind, other.by, other.value)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows an ask down; empty where the rep named nothing.

    ``compared`` is how the first of two is said to be, more or less; ``lower`` that the lower end
    is asked for. ``asked`` narrows nothing: it is the status of which the rep asked whether the
    orders have it.
    """

    status: str = ""
    asked: str = ""
    asked_any: bool = False
    foreign_status: str = ""
    since: str = ""
    until: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    bounds: str = ""
    stars: tuple[int, int] | None = None
    tier: str = ""
    stock: bool | None = None
    pick: str = ""
    limit: int = 0
    rank: int = 0
    channel: str = ""
    verified: bool | None = None
    count: bool = False
    by: str = ""
    average: bool = False
    lower: bool = False
    compared: str = ""
    descending: bool = True
    known_since_registration: bool = False
    yearless: bool = False
    of_stock: bool = False
    unapplied: str = ""

    def narrows(self) -> bool:
        """Whether anything beyond picking and counting was named."""
        return bool(
            self.status or self.foreign_status or self.since or self.until or self.stars
            or self.tier or self.least is not None or self.most is not None
            or self.stock is not None or self.verified is not None
        )  # fmt: skip


def _same_year(new: Filters, year: str) -> dict[str, Any]:
    """``and february`` after ``january 2024``: the year that was said still holds."""
    first, last = date.fromisoformat(new.since), date.fromisoformat(new.until)
    first, last = in_year((first, last), int(year))
    return {"since": first.isoformat(), "until": last.isoformat(), "yearless": False}


def over(old: Filters, new: Filters) -> Filters:
    """The new filters over the old ones; a new period or amount replaces the old as a whole."""
    changed = {
        f.name: getattr(new, f.name) for f in fields(new) if getattr(new, f.name) != f.default
    }
    if new.since or new.until:
        changed |= {"since": new.since, "until": new.until, "yearless": new.yearless}
        if new.yearless and new.since and new.until and (old.since or old.until):
            changed |= _same_year(new, (old.since or old.until)[:4])
    if new.bounds:
        changed |= {"least": new.least, "most": new.most}
    return replace(old, **changed)


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that somebody only claims, and what it is one of, such as an amount."""

    value: Decimal
    said: str
    of: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to find out; ``judged`` are those of its facts that yes or no is said to.

    ``otherwise`` is what is asked when its doubtful subjects turn out to name nothing.
    """

    want: str
    subjects: tuple[Subject, ...] = ()
    filters: Filters = Filters()
    facts: tuple[str, ...] = ()
    yes_no: bool = False
    note: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    judged: tuple[tuple[str, Filters], ...] = ()
    claim: Claim | None = None
    otherwise: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """A question the desk asked back: who could be meant, and what was wanted of them."""

    said: str
    subject: Subject
    candidates: tuple[Mapping[str, Any], ...]
    asks: tuple[Ask, ...]


@dataclass(slots=True)
class Context:
    """What earlier turns leave behind for ``his``, ``the second one`` and ``what about``.

    ``run`` is all that was asked of the same things, ``spoken``, turn after turn; ``mentioned``
    what a declined request of the last turn named; ``checked`` what the identity checks said.
    """

    latest: dict[str, Subject] = field(default_factory=dict)
    listed: tuple[Subject, ...] = ()
    asks: tuple[Ask, ...] = ()
    pending: Pending | None = None
    choice: Pending | None = None
    chosen: str = ""
    names: dict[str, str] = field(default_factory=dict)
    incomplete: bool = False
    recent: dict[str, tuple[Subject, ...]] = field(default_factory=dict)
    run: tuple[Ask, ...] = ()
    spoken: tuple[Subject, ...] = ()
    mentioned: tuple[Subject, ...] = ()
    checked: tuple[str, ...] = ()
