"""Holds the suite with the desk as it is, then with every broken one, and compares."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from evals.mutation.kill_table import MutantReport, MutationReport, mutant_report
from evals.mutation.mutant import Mutant
from evals.mutation.rules import problems
from evals.mutation.survivors import Survivors
from evals.results import Report

Hold = Callable[[Mutant | None], Awaitable[Report]]
Progress = Callable[[MutantReport], None]


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
        reports.append(mutant_report(mutant, baseline, await hold(mutant)))
        progress(reports[-1])
    return MutationReport(
        started=started,
        ms=round((time.monotonic() - began) * 1000),
        model_id=baseline.model_id,
        commit=baseline.commit,
        whole=whole,
        cases=len(baseline.cases),
        baseline_failed=[case.id for case in baseline.cases if case.status != "passed"],
        mutants=reports,
        problems=problems(baseline, reports, scorers, survivors, whole=whole),
    )
