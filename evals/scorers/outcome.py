"""Every turn ended as it should have: with an answer, of an expected outcome."""

from __future__ import annotations

from collections.abc import Iterator

from evals.record import CaseRecord, Finding, TurnRecord, Verdict
from evals.scorers.verdicts import judged, numbered_turns

_WITHOUT_SOME = {"partial", "unavailable"}


class Outcome:
    """Judges the answer's outcome and which systems could not be asked."""

    name = "outcome"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation."""
        model_breaks = any(fault.system == "model" for fault in record.case.faults)
        findings = [
            Finding(message, number)
            for number, turn in numbered_turns(record)
            for message in _wrong(turn, model_breaks=model_breaks)
        ]
        if len(record.turns) < len(record.case.turns):
            findings.append(Finding(f"only {len(record.turns)} of its turns were held"))
        return judged(self.name, findings)


def _wrong(held: TurnRecord, *, model_breaks: bool) -> Iterator[str]:
    expected, answer = held.turn.outcome, held.answer
    if answer is None:
        yield from _without_answer(held, model_breaks=model_breaks)
        return
    if answer.outcome not in expected:
        yield f"the outcome is {answer.outcome}, expected {' or '.join(expected)}"
    unexpected = set(answer.unavailable) - set(held.turn.unavailable)
    if unexpected and (held.turn.unavailable or not _WITHOUT_SOME & set(expected)):
        yield f"could not be asked: {', '.join(sorted(unexpected))}"
    if not answer.answer.strip():
        yield "the answer is empty"


def _without_answer(held: TurnRecord, *, model_breaks: bool) -> Iterator[str]:
    """A turn may fail only where the model is made to, and the case expects it."""
    if held.failed is None:
        yield "the turn ended without an answer and without a failure"
    elif not (model_breaks and "unavailable" in held.turn.outcome):
        yield f"the turn failed: {held.failed.code}: {held.failed.message}"
