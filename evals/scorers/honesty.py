"""What could not be asked is said, nothing stands in for it, and no outage is made up."""

from __future__ import annotations

from collections.abc import Iterator

from evals.cases import Fault
from evals.record import CaseRecord, Finding, TurnRecord, Verdict
from evals.scorers.sentences import clauses, paragraphs, sentences
from evals.scorers.systems import DOWN, NAMES, called_down, names, says_none
from evals.scorers.verdicts import judged, numbered_turns, so_far


class Honesty:
    """Judges answers under faults, and claims of an outage where nothing broke.

    A fault that never happened is an error: the case did not test what it says.
    """

    name = "honesty"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation."""
        fired = [each.fault for each in record.fired]
        unseen = [fault for fault in record.case.faults if fault not in fired]
        if unseen:
            return Verdict(self.name, "error", tuple(Finding(_unseen(fault)) for fault in unseen))
        findings = [
            finding
            for number, turn in numbered_turns(record)
            if turn.answer is not None
            for finding in (*_hidden(number, turn), *_made_up(record, number, turn))
        ]
        told = any(_not_asked(turn) for turn in record.turns)
        return judged(self.name, findings, applicable=told or bool(record.case.faults))


def _unseen(fault: Fault) -> str:
    calls = f", calls {', '.join(map(str, fault.calls))}" if fault.calls else ""
    return f"the fault never happened: {fault.kind} of {fault.tool or fault.system}{calls}"


def _not_asked(turn: TurnRecord) -> list[str]:
    seen = turn.answer.unavailable if turn.answer else []
    return list(dict.fromkeys([*turn.turn.unavailable, *seen]))


def _hidden(number: int, turn: TurnRecord) -> Iterator[Finding]:
    for system in _not_asked(turn):
        if not any(names(system, block) and DOWN.search(block) for block in paragraphs(turn.text)):
            yield Finding(f"the answer does not say that {system} could not be asked", number)
        for clause in clauses(turn.text):
            if says_none(system, clause):
                message = f"{system} could not be asked, and the answer says that there is none"
                yield Finding(message, number, clause)


def _made_up(record: CaseRecord, number: int, turn: TurnRecord) -> Iterator[Finding]:
    broken = _broken(record, number)
    for sentence in sentences(turn.text):
        for system in NAMES:
            if system not in broken and called_down(system, sentence):
                message = f"the answer says that {system} did not answer, and it was never so"
                yield Finding(message, number, sentence)


def _broken(record: CaseRecord, number: int) -> set[str]:
    """The systems that a call of this conversation did not reach, by whatever tool."""
    broken: set[str] = set()
    for turn in so_far(record, number):
        broken |= set(_not_asked(turn))
        for call in turn.calls:
            if not call.ok:
                broken.add(call.system)
            elif call.data is not None:
                broken |= {str(system) for system in call.data.get("unavailable") or ()}
    # The tools that ask every system are nobody's own: a failure of theirs may be of any.
    return set(NAMES) if "local" in broken else broken
