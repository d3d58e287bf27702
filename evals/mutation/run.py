"""Holds the suite with the desk as it is, then with every broken one, and compares."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from evals.cases import Case
from evals.mutation.kill_table import MutantReport, MutationReport, mutant_report
from evals.mutation.mutant import Mutant
from evals.mutation.replaying import Keeper, judged_again
from evals.mutation.rules import problems
from evals.mutation.survivors import Survivors
from evals.results import Report
from evals.runner import OpenStack, Plan, run_suite

Hold = Callable[[Mutant | None], Awaitable[Report]]
Progress = Callable[[MutantReport], None]


def holding(cases: Sequence[Case], open_stack: OpenStack, plan: Plan) -> Hold:
    """Holds the cases as the plan says, with the desk that a mutant makes of it.

    The desk as it is comes first: what was held then is judged again for mutants that change no
    more than what is shown.

    Args:
        open_stack: gives the stack of a seed; kept open, so that no mutant waits for its start.
    """
    keeper = Keeper()
    kept: list[Report] = []

    async def hold(mutant: Mutant | None) -> Report:
        if mutant is None:
            first = replace(plan, scorers=(*plan.scorers, keeper))
            kept.append(await run_suite(cases, open_stack, first))
            return kept[-1]
        if mutant.change is not None:
            return judged_again(kept[-1], keeper.records, mutant.change, plan.scorers)
        return await run_suite(cases, mutant.stacks(open_stack), replace(plan, mutation=mutant))

    return hold


async def run_mutants(
    mutants: Sequence[Mutant],
    hold: Hold,
    *,
    scorers: Sequence[str],
    survivors: Survivors,
    whole: bool = True,
    progress: Progress = lambda held: None,
) -> MutationReport:
    """The kill table of all mutants.

    Args:
        hold: holds every case with the desk that the mutant makes of it; without one, as it is.
        scorers: the names of all scorers.
        whole: the cases are all that there are, so that the suite itself is judged.
        progress: hears of each mutant as its run ends.
    """
    began, started = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    baseline = await hold(None)
    reports: list[MutantReport] = []
    for mutant in mutants:
        clock = time.monotonic()
        held = mutant_report(mutant, baseline, await hold(mutant))
        reports.append(held.model_copy(update={"ms": _since(clock)}))
        progress(reports[-1])
    return MutationReport(
        started=started,
        ms=_since(began),
        model_id=baseline.model_id,
        commit=baseline.commit,
        whole=whole,
        cases=len(baseline.cases),
        baseline_failed=[case.id for case in baseline.cases if case.status != "passed"],
        mutants=reports,
        problems=problems(baseline, reports, scorers, survivors, whole=whole),
    )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
