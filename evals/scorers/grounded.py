"""Every figure of an answer stands in a tool result so far, or in the rep's own words.

Nothing else is a source: not the system prompt, and no other conversation. A true figure that is
tied to the wrong thing passes here; facts and trajectory are there for that.
"""

from __future__ import annotations

from collections.abc import Iterator

from evals.atoms import Atom, Grounds, atoms
from evals.record import CaseRecord, Finding, TurnRecord, Verdict
from evals.scorers.layout import items_behind
from evals.scorers.verdicts import judged, numbered_turns, so_far
from evals.scorers.working_out import Computations

_NAMES = {"email": "e-mail address", "digits": "number", "ordinal": "number", "day": "date"}


class Grounded:
    """Judges the figures of every answer, unless the case switches that off with a reason."""

    name = "grounded"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation."""
        if record.case.grounding.off:
            return Verdict(self.name, "not_applicable")
        findings = [
            finding
            for number, turn in numbered_turns(record)
            if turn.answer is not None
            for finding in _ungrounded(record, number, turn)
        ]
        return judged(self.name, findings, applicable=any(turn.answer for turn in record.turns))


def _ungrounded(record: CaseRecord, number: int, turn: TurnRecord) -> Iterator[Finding]:
    grounds = Grounds(record.case.now)
    for each in so_far(record, number):
        grounds.hear(each.turn.rep)
        for call in each.calls:
            if call.ok and call.data is not None:
                grounds.see(call.data, call.input)
    doubtful = [atom for atom in atoms(turn.text) if not _is_held(grounds, atom, turn.text)]
    if not doubtful:
        return
    derived = Computations(record.case.grounding.derived, list(so_far(record, number)))
    for atom in doubtful:
        if not derived.give(atom):
            kind = _NAMES.get(atom.kind, atom.kind)
            said = f"{atom.text} {atom.unit}".strip()
            yield Finding(
                f"the {kind} {said!r} is in no tool result and not in the rep's words",
                number,
                atom.text,
            )


def _is_held(grounds: Grounds, atom: Atom, answer: str) -> bool:
    if grounds.hold(atom, answer[: atom.start]):
        return True
    # "2 differences:" and two lines below it: the answer counts its own lines.
    return (
        atom.kind == "number" and bool(atom.unit) and atom.value == items_behind(answer, atom.end)
    )
