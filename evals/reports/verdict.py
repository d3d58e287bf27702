"""The exit code of a run: the one word that a program hears of it."""

from __future__ import annotations

from collections.abc import Sequence

from evals.results import FAILED, INFRASTRUCTURE, PASSED, WORSE, Report


def exit_code(
    report: Report, *, coverage_gaps: Sequence[object] = (), regression: bool = False
) -> int:
    """0 all passed, 1 failures, 3 not everything could be judged, 4 worse than the baseline.

    What is known to be wrong goes before what is not known, and ``worse`` before ``failed``: a
    run with a live model may fail cases as it always did, and only the change is news.

    Args:
        coverage_gaps: cells that a whole run left empty without an explanation: a failure.
        regression: whether the run is worse than a baseline that it was compared with.
    """
    if not report.cases or report.count("error") == len(report.cases):
        return INFRASTRUCTURE
    if regression:
        return WORSE
    if report.count("failed"):
        return FAILED
    if report.count("error"):
        return INFRASTRUCTURE
    return FAILED if coverage_gaps else PASSED
