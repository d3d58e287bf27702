"""A part of an answer, with what it says to later turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.local.bedrock.understudy.asking.asks import Pending, Subject


@dataclass(frozen=True, slots=True)
class Section:
    """Text about one ask, its outcome, and what it spoke of.

    ``people`` are the customers behind the records that it lists.
    """

    text: str
    outcome: str = "answered"
    spoke_of: tuple[Subject, ...] = ()
    listed: tuple[Subject, ...] = ()
    pending: Pending | None = None
    choice: Pending | None = None
    chosen: str = ""
    names: dict[str, str] = field(default_factory=dict)
    people: tuple[Subject, ...] = ()


def about_customer(identity: str, name: str = "") -> Subject:
    """A customer as later turns will know them."""
    return Subject("customer", "id", identity, name=name)


def about_product(identity: object, name: str = "") -> Subject:
    """A product as later turns will know it."""
    return Subject("product", "id", str(identity), name=name)


def behind(rows: Iterable[Mapping[str, Any]]) -> tuple[Subject, ...]:
    """The customers whose records these are, each once."""
    ids = dict.fromkeys(str(row.get("customer_id") or "") for row in rows)
    return tuple(about_customer(identity) for identity in ids if identity)
