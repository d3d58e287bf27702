"""Where systems differ, the answer gives both values and names both systems."""

from __future__ import annotations

from collections.abc import Iterator

from evals.cases import Difference
from evals.oracle import OracleError
from evals.record import CaseRecord, Facts, Finding, Verdict
from evals.scorers.said import missing
from evals.scorers.systems import names
from evals.scorers.verdicts import judged, numbered_turns


class Discrepancy:
    """Judges the differences that a turn's answer must state."""

    name = "discrepancy"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation; a value that cannot be computed is an error."""
        try:
            findings = [
                Finding(message, number)
                for number, turn in numbered_turns(record)
                for difference in turn.turn.differences
                for message in _untold(difference, turn.text, record.oracle)
            ]
        except OracleError as broken:
            return Verdict(self.name, "error", (Finding(str(broken)),))
        some = any(turn.turn.differences for turn in record.turns)
        return judged(self.name, findings, applicable=some)


def _untold(difference: Difference, answer: str, oracle: Facts) -> Iterator[str]:
    for value in difference.values:
        if absent := missing(value, answer, oracle):
            yield f"a value of the difference is not said: {absent}"
    for system in difference.systems:
        if not names(system, answer):
            yield f"the difference is told without the name of {system}"
