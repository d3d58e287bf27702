"""Judges what was held once more, after its answers were changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evals.mutation.held_turns import Change, changed_record
from evals.oracle import open_oracle
from evals.record import CaseRecord, Scorer, Verdict
from evals.results import CaseReport, Report, TrialReport
from evals.runner.holding import Held
from evals.runner.reporting import trial_report


class Keeper:
    """Stands among the scorers and keeps every conversation that they are given."""

    name = "keeper"
    safety = False

    def __init__(self) -> None:
        self._records: dict[str, list[CaseRecord]] = {}

    def score(self, record: CaseRecord) -> Verdict:
        """Keeps the record and says nothing of it."""
        self._records.setdefault(record.case.id, []).append(record)
        return Verdict(self.name, "not_applicable")

    @property
    def records(self) -> Mapping[str, Sequence[CaseRecord]]:
        """What was kept of each case."""
        return self._records


def judged_again(
    baseline: Report,
    records: Mapping[str, Sequence[CaseRecord]],
    change: Change,
    scorers: Sequence[Scorer],
) -> Report:
    """The run as it would have been had the rep seen the changed answers."""
    cases = [_case(case, records.get(case.id, ()), change, scorers) for case in baseline.cases]
    return baseline.model_copy(update={"cases": cases})


def _case(
    case: CaseReport, records: Sequence[CaseRecord], change: Change, scorers: Sequence[Scorer]
) -> CaseReport:
    """A case of which nothing was kept could not be judged, and stays as it is."""
    trials = [_trial(number, record, change, scorers) for number, record in enumerate(records, 1)]
    return case.model_copy(update={"trials": trials}) if trials else case


def _trial(
    number: int, record: CaseRecord, change: Change, scorers: Sequence[Scorer]
) -> TrialReport:
    changed = changed_record(record, change)
    with open_oracle(record.case) as oracle:
        asked = replace(changed, oracle=oracle)
        verdicts = [(scorer, scorer.score(asked)) for scorer in scorers]
    held = Held(record.case, number, list(changed.turns), record.fired)
    return trial_report(held, verdicts)
