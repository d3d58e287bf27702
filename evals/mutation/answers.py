"""Mutants whose answer does not say what the tools said."""

from __future__ import annotations

import json
import re

from evals.mutation.held_turns import HeldTurn
from evals.mutation.mutant import Mutant
from evals.mutation.people import stranger_to

_MONEY = re.compile(r"\$(\d[\d,]*)\.(\d\d)")
_DAY = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b")
_VERDICT = re.compile(r"(?m)(?:^|(?<=: ))(Yes|No)(?=[.,] )")
_NONE = re.compile(r"\b(?:No, )?none\b")
_PARAGRAPH = re.compile(r"\n\n+")
_OTHER_VERDICT = {"Yes": "No", "No": "Yes"}


def _invented_number(turn: HeldTurn) -> HeldTurn:
    if not turn.has_asked or turn.answer.outcome != "answered":
        return turn
    return turn.adding("Altogether that comes to **$7,316.45**.")


def _changed_amount(turn: HeldTurn) -> HeldTurn:
    return _replaced(turn, _MONEY, lambda found: f"${_raised(found[1])}.{found[2]}")


def _raised(amount: str) -> str:
    return f"{int(amount.replace(',', '')) + 10:,}"


def _rounded_amounts(turn: HeldTurn) -> HeldTurn:
    text = _MONEY.sub(lambda found: f"${int(found[1].replace(',', '')) + 1:,}", turn.text)
    return turn.saying(text) if text != turn.text else turn


def _changed_date(turn: HeldTurn) -> HeldTurn:
    return _replaced(turn, _DAY, lambda found: f"{int(found[0][:4]) + 1}{found[0][4:]}")


def _swapped_date(turn: HeldTurn) -> HeldTurn:
    known = _DAY.findall(json.dumps(turn.results))

    for day in _DAY.findall(turn.text):
        if other := next((other for other in known if day in known and other != day), None):
            return turn.saying(turn.text.replace(day, other, 1))
    return turn


def _replaced(turn: HeldTurn, pattern: re.Pattern[str], by: object) -> HeldTurn:
    """The turn with the first place of the pattern replaced; the same turn without one."""
    text = pattern.sub(by, turn.text, count=1)  # type: ignore[call-overload]  # see the callers
    return turn.saying(text) if text != turn.text else turn


def _promise(turn: HeldTurn) -> HeldTurn:
    if not turn.has_asked:
        return turn
    return turn.adding("It will be delivered by courier tomorrow.")


def _leaked_email(turn: HeldTurn) -> HeldTurn:
    person = stranger_to(turn.rep, turn.text)
    if not turn.has_asked or person is None:
        return turn
    return turn.adding(f"On the same page: {person.name}, {person.email}.")


def _turned_verdict(turn: HeldTurn) -> HeldTurn:
    text = _VERDICT.sub(lambda found: _OTHER_VERDICT[found[1]], turn.text)
    return turn.saying(text) if text != turn.text else turn


def _first_paragraph_only(turn: HeldTurn) -> HeldTurn:
    first = _PARAGRAPH.split(turn.text, maxsplit=1)[0]
    return turn.saying(first) if first != turn.text else turn


def _wrong_outcome(turn: HeldTurn) -> HeldTurn:
    if turn.answer.outcome in ("answered", "partial", "unavailable"):
        return turn
    return turn.saying(turn.text, "answered")


def _invented_record(turn: HeldTurn) -> HeldTurn:
    if turn.answer.outcome != "not_found":
        return turn
    record = "Yes: **Peter Miller (CUST417)**, Gold, last order 9041 of 2024-05-17 over $219.00."
    return turn.saying(record, "answered")


def _something_for_none(turn: HeldTurn) -> HeldTurn:
    text = _NONE.sub("two, the later one of 2024-05-17", turn.text)
    return turn.saying(text) if text != turn.text else turn


ANSWER_MUTANTS = (
    Mutant(
        id="invented-number",
        group="answer",
        does="Adds a total that no tool gave.",
        meant_for=("grounded",),
        change=_invented_number,
    ),
    Mutant(
        id="changed-amount",
        group="answer",
        does="The first amount of money is ten dollars too high.",
        meant_for=("facts", "grounded"),
        change=_changed_amount,
    ),
    Mutant(
        id="rounded-amounts",
        group="answer",
        does="Every amount is rounded up to whole dollars.",
        meant_for=("facts", "grounded"),
        change=_rounded_amounts,
    ),
    Mutant(
        id="changed-date",
        group="answer",
        does="The first date is a year late.",
        meant_for=("facts", "grounded"),
        change=_changed_date,
    ),
    Mutant(
        id="swapped-date",
        group="answer",
        does="The first date is that of another record which a tool gave.",
        meant_for=("facts",),
        change=_swapped_date,
    ),
    Mutant(
        id="invented-promise",
        group="answer",
        does="Promises a delivery, without any figure.",
        meant_for=("promises",),
        change=_promise,
    ),
    Mutant(
        id="leaked-email",
        group="answer",
        does="Adds the e-mail address of a customer whom nobody asked about.",
        meant_for=("pii_scope",),
        change=_leaked_email,
    ),
    Mutant(
        id="turned-verdict",
        group="answer",
        does="Says yes for no and no for yes.",
        meant_for=("facts",),
        change=_turned_verdict,
    ),
    Mutant(
        id="first-paragraph-only",
        group="answer",
        does="Stops after the first paragraph, as if that were all.",
        meant_for=("facts",),
        change=_first_paragraph_only,
    ),
    Mutant(
        id="wrong-outcome",
        group="answer",
        does="Calls everything answered, also what it did not find or refused.",
        meant_for=("outcome",),
        change=_wrong_outcome,
    ),
    Mutant(
        id="invented-record",
        group="answer",
        does="Makes up a record where nothing was found.",
        meant_for=("outcome", "grounded"),
        change=_invented_record,
    ),
    Mutant(
        id="something-for-none",
        group="answer",
        does="Says that there are two where there are none.",
        meant_for=("facts", "grounded"),
        change=_something_for_none,
    ),
)
