"""The rules that a suite must keep for its verdicts to mean something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evals.mutation.kill_table import (
    MutantReport,
    Problem,
    killing_cases,
    killing_scorers,
    needed_scorers,
)
from evals.mutation.survivors import Survivors
from evals.results import Report

LEAST_KILLS = 2
MOST_DUMB = 0.15
# A judge is asked with a live model only, so that no mutant can show what it is good for.
LIVE_SCORERS = frozenset({"judge"})


def problems(
    baseline: Report,
    mutants: Sequence[MutantReport],
    scorers: Iterable[str],
    survivors: Survivors,
    *,
    whole: bool,
) -> list[Problem]:
    """Everything that breaks a rule, those with a reason marked as accepted.

    Args:
        whole: all cases were held; only then can the suite be judged by who kills what.
    """
    found = list(_baseline(baseline))
    if whole:
        found += [*_mutants(mutants), *_cases(baseline, mutants), *_scorers(mutants, scorers)]
        found += _dumb(mutants)
        stale = survivors.stale(found)
        found = [_with_reason(problem, survivors) for problem in found] + stale
    return found


def _with_reason(problem: Problem, survivors: Survivors) -> Problem:
    return problem.model_copy(update={"accepted": survivors.reason(problem)})


def _baseline(baseline: Report) -> Iterator[Problem]:
    if not baseline.count("passed"):
        yield Problem(kind="baseline", name="baseline", message="no case passes, so none can kill")
    for case in baseline.cases:
        if case.status != "passed":
            message = f"the desk as it is does not pass the case {case.id}: {case.status}"
            yield Problem(kind="baseline", name=case.id, message=message)


def _mutants(mutants: Sequence[MutantReport]) -> Iterator[Problem]:
    for mutant in mutants:
        if mutant.is_dumb:
            continue
        cases = len(mutant.kills)
        if cases < LEAST_KILLS:
            number = "no case" if not cases else "only one case"
            yield Problem(
                kind="mutant", name=mutant.id, message=f"{mutant.id} is killed by {number}"
            )
        elif not set(mutant.meant_for) & set(mutant.scorers):
            meant = " nor ".join(mutant.meant_for)
            message = f"{mutant.id} is killed, but not by {meant}, which is meant for it"
            yield Problem(kind="mutant", name=mutant.id, message=message)


def _cases(baseline: Report, mutants: Sequence[MutantReport]) -> Iterator[Problem]:
    killing = killing_cases(mutants)
    for case in baseline.cases:
        if case.status == "passed" and case.id not in killing:
            message = f"the case {case.id} kills nothing by what it expects"
            yield Problem(kind="case", name=case.id, message=message)


def _scorers(mutants: Sequence[MutantReport], scorers: Iterable[str]) -> Iterator[Problem]:
    killing, needed = killing_scorers(mutants), needed_scorers(mutants)
    for scorer in scorers:
        if scorer in LIVE_SCORERS:
            continue
        if scorer not in killing:
            yield Problem(kind="scorer", name=scorer, message=f"the scorer {scorer} kills nothing")
        elif scorer not in needed:
            message = f"without the scorer {scorer} every mutant would be killed all the same"
            yield Problem(kind="scorer", name=scorer, message=message)


def _dumb(mutants: Sequence[MutantReport]) -> Iterator[Problem]:
    for mutant in mutants:
        if mutant.is_dumb and mutant.share_passed >= MOST_DUMB:
            message = f"{mutant.id} passes {mutant.share_passed:.0%} of the cases"
            yield Problem(kind="dumb", name=mutant.id, message=message)
