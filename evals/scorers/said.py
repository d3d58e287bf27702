"""Whether an answer says a fact: typed, computed, or a pattern."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from evals.atoms import atoms, numbers_in
from evals.facts import AnyFact, DateFact, Fact, NumberFact, RegexFact, SqlFact, StoreFact
from evals.record import Facts
from evals.wording import plain, says

Single = str | SqlFact | StoreFact | NumberFact | DateFact


def missing(fact: Fact, answer: str, oracle: Facts) -> str:
    """What of the fact is not in the answer; empty when all of it is."""
    if isinstance(fact, AnyFact):
        each = [missing(choice, answer, oracle) for choice in fact.any]
        return "" if not all(each) else " or ".join(each)
    if isinstance(fact, RegexFact):
        return "" if _found(fact, answer) else f"/{fact.regex}/"
    absent = [value for value in values(fact, oracle) if not _says(answer, value, fact)]
    return ", ".join(map(repr, absent))


def present(fact: Fact, answer: str, oracle: Facts) -> list[tuple[str, str]]:
    """The parts of the fact that are in the answer: each as it is meant and as it stands there."""
    if isinstance(fact, AnyFact):
        return [part for choice in fact.any for part in present(choice, answer, oracle)]
    if isinstance(fact, RegexFact):
        found = _found(fact, answer)
        return [(f"/{fact.regex}/", found)] if found else []
    said = [value for value in values(fact, oracle) if _says(answer, value, fact)]
    return [(repr(value), value) for value in said]


def values(fact: Single, oracle: Facts) -> Sequence[str]:
    """What the answer would have to hold for this fact."""
    match fact:
        case SqlFact() | StoreFact():
            return oracle.facts(fact)
        case NumberFact():
            return [str(fact.number)]
        case DateFact():
            return [fact.date]
    return [fact]


def _says(answer: str, value: str, fact: Single) -> bool:
    """Numbers are compared as decimals, days as days, all else as whole words."""
    kind = _kind(fact)
    if kind == "number":
        return _number(value) in numbers_in(answer)
    if kind == "date" and _is_day(value):
        return any(atom.kind == "date" and atom.value == value for atom in atoms(answer))
    return says(answer, value)


def _kind(fact: Single) -> str:
    match fact:
        case NumberFact():
            return "number"
        case DateFact():
            return "date"
        case SqlFact() | StoreFact():
            return "number" if fact.as_ == "money" else fact.as_
    return "text"


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value.replace(",", ""))
    except InvalidOperation:
        return None


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _found(fact: RegexFact, answer: str) -> str:
    found = re.search(fact.regex, plain(answer), re.IGNORECASE)
    return found[0] if found else ""
