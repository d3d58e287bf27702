"""The kill table: which cases and which scorers noticed that a desk was broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

from evals.mutation.mutant import Group, Mutant
from evals.results import CaseReport, Report

# These judge every answer, whatever its case expects: a sentence put in makes any case fail.
UNASKED = frozenset({"grounded", "pii_scope", "promises", "prompt_echo", "stores_unchanged"})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Kill(_Frozen):
    """A case that the whole desk passes and the broken one fails, and who saw it."""

    case: str
    scorers: list[str]


class MutantReport(_Frozen):
    """How a broken desk did.

    Attributes:
        errors: cases that could not be judged, which says nothing for or against the mutant.
        missed_by: scorers meant for it that let it pass.
    """

    id: str
    group: Group
    does: str
    meant_for: list[str] = []
    cases: int
    passed: int
    kills: list[Kill] = []
    errors: list[str] = []
    ms: int = 0

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own order of decorators
    @property
    def scorers(self) -> list[str]:
        """Every scorer that noticed it."""
        return sorted({scorer for kill in self.kills for scorer in kill.scorers})

    @property
    def is_dumb(self) -> bool:
        """Whether it measures the whole suite."""
        return self.group == "dumb"

    @property
    def share_passed(self) -> float:
        """The part of all cases that it passes."""
        return self.passed / self.cases if self.cases else 1.0

    def kills_without(self, scorer: str) -> int:
        """How many cases would still kill it if there were no such scorer."""
        return sum(any(name != scorer for name in kill.scorers) for kill in self.kills)


class Problem(_Frozen):
    """Something that the suite does not notice; ``accepted`` is the reason why that is known."""

    kind: Literal["baseline", "mutant", "case", "scorer", "dumb", "survivors"]
    name: str
    message: str
    accepted: str = ""


class MutationReport(_Frozen):
    """A whole run over broken desks.

    Attributes:
        whole: whether all cases were held, so that the suite itself is judged.
        baseline_failed: cases that the desk fails as it is; they kill nothing.
    """

    version: Literal[1] = 1
    started: str
    ms: int
    model_id: str
    commit: str
    whole: bool
    cases: int
    baseline_failed: list[str] = []
    mutants: list[MutantReport]
    problems: list[Problem] = []

    @property
    def open_problems(self) -> list[Problem]:
        """What is wrong and has no reason in ``survivors.yaml``."""
        return [problem for problem in self.problems if not problem.accepted]


def mutant_report(mutant: Mutant, baseline: Report, held: Report) -> MutantReport:
    """Compares a run with a broken desk to the run with the desk as it is."""
    sound = {case.id for case in baseline.cases if case.status == "passed"}
    return MutantReport(
        id=mutant.id,
        group=mutant.group,
        does=mutant.does,
        meant_for=list(mutant.meant_for),
        cases=len(held.cases),
        passed=held.count("passed"),
        kills=[
            Kill(case=case.id, scorers=failing_scorers(case))
            for case in held.cases
            if case.id in sound and case.status == "failed"
        ],
        errors=[case.id for case in held.cases if case.status == "error"],
        ms=held.ms,
    )


def failing_scorers(case: CaseReport) -> list[str]:
    """The scorers that found something wrong in any trial of the case."""
    return sorted(
        {
            verdict.scorer
            for trial in case.trials
            for verdict in trial.verdicts
            if verdict.status == "failed"
        }
    )


def killing_cases(mutants: Iterable[MutantReport]) -> set[str]:
    """Cases that kill a broken desk by what they expect; dumb desks do not count."""
    return {
        kill.case
        for mutant in mutants
        for kill in mutant.kills
        if not mutant.is_dumb and set(kill.scorers) - UNASKED
    }


def killing_scorers(mutants: Iterable[MutantReport]) -> set[str]:
    """Scorers that kill a broken desk; those which do nothing at all do not count."""
    return {scorer for mutant in mutants if not mutant.is_dumb for scorer in mutant.scorers}


def needed_scorers(mutants: Sequence[MutantReport]) -> dict[str, list[str]]:
    """For each scorer the mutants that would live without it.

    A mutant also needs a scorer that alone is meant for it and does notice it: that others notice
    it too is then an accident of the cases.
    """
    needed: dict[str, list[str]] = {}
    for mutant in mutants:
        for scorer in mutant.scorers:
            alone = mutant.meant_for == [scorer]
            if not mutant.is_dumb and (alone or not mutant.kills_without(scorer)):
                needed.setdefault(scorer, []).append(mutant.id)
    return needed
