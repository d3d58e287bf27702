"""Mutants that leave out what an honest answer adds: differences, outages, ties by name."""

from __future__ import annotations

import re

from evals.mutation.held_turns import HeldTurn
from evals.mutation.mutant import Mutant

_LINE = re.compile(r"(?<=\n)")
_DIFFERENCE = re.compile(
    r"differ|discrepan|disagree|; catalogue: |profile: \d|but no order of"
    r"|is on .+ but the customer",
    re.IGNORECASE,
)
_BUT = re.compile(r"(,? but |;? whereas )[^\n]*?(?= \(|\n|$)", re.IGNORECASE)
_TIED = re.compile(r", tied by name\b|\(tied by name\)")
_BY_NAME = re.compile(r"[^\n.]*\bby name\b[^\n.]*\.?")
_OUTAGE = re.compile(
    r"[^\n.]*(?:not be asked|did not answer|does not answer|not available|unavailable|could not"
    r"|cannot be reached|not reachable|no answer from|out of reach)[^\n]*",
    re.IGNORECASE,
)


def _hides_differences(turn: HeldTurn) -> HeldTurn:
    """Keeps the first of two values, and no line that says that systems differ."""
    kept = _BUT.sub("", turn.text) if _DIFFERENCE.search(turn.text) else turn.text
    text = "".join(line for line in _LINE.split(kept) if not _DIFFERENCE.search(line))
    return turn if text == turn.text else turn.saying(text.strip() or "The systems agree.")


def _outage_as_nothing(turn: HeldTurn) -> HeldTurn:
    if turn.answer.outcome not in ("partial", "unavailable"):
        return turn
    kept = _OUTAGE.sub("", turn.text).strip()
    return turn.saying(f"{kept}\n\nThere are none.".strip(), "answered", unavailable=[])


def _outage_left_out(turn: HeldTurn) -> HeldTurn:
    if turn.answer.outcome not in ("partial", "unavailable"):
        return turn
    return turn.saying(_OUTAGE.sub("", turn.text).strip() or "That is all.")


def _by_name_left_out(turn: HeldTurn) -> HeldTurn:
    text = _BY_NAME.sub("", _TIED.sub("", turn.text)).strip()
    return turn.saying(text) if text != turn.text and text else turn


CAVEAT_MUTANTS = (
    Mutant(
        id="hidden-difference",
        group="answer",
        does="Where systems differ it gives the first value and does not mention the other.",
        meant_for=("discrepancy",),
        change=_hides_differences,
    ),
    Mutant(
        id="outage-as-nothing",
        group="answer",
        does="Takes a system that did not answer for one that holds nothing.",
        meant_for=("honesty",),
        change=_outage_as_nothing,
    ),
    Mutant(
        id="outage-left-out",
        group="answer",
        does="Does not say which system could not be asked.",
        meant_for=("honesty",),
        change=_outage_left_out,
    ),
    Mutant(
        id="by-name-left-out",
        group="answer",
        does="Does not say that a warranty is tied to a customer by name only.",
        meant_for=("facts",),
        change=_by_name_left_out,
    ),
)
