"""Every answer says the facts that it must say, and none that it must not."""

from __future__ import annotations

from collections.abc import Iterator

from evals.oracle import OracleError
from evals.record import CaseRecord, Facts, Finding, TurnRecord, Verdict
from evals.scorers.said import missing, present
from evals.scorers.verdicts import judged, numbered_turns


class FactsSaid:
    """Judges each answer by its own turn's ``say``."""

    name = "facts"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation; a fact that cannot be computed is an error."""
        try:
            findings = [
                finding
                for number, turn in numbered_turns(record)
                for finding in _wrong(number, turn, record.oracle)
            ]
        except OracleError as broken:
            return Verdict(self.name, "error", (Finding(str(broken)),))
        some = any(turn.turn.say.must or turn.turn.say.must_not for turn in record.turns)
        return judged(self.name, findings, applicable=some)


def _wrong(number: int, turn: TurnRecord, oracle: Facts) -> Iterator[Finding]:
    for fact in turn.turn.say.must:
        if absent := missing(fact, turn.text, oracle):
            yield Finding(f"the answer does not say {absent}", number)
    for fact in turn.turn.say.must_not:
        for meant, text in present(fact, turn.text, oracle):
            yield Finding(f"the answer says {meant}", number, text)
