"""Tells the result of an evaluation: files, a table, the comparison with an earlier run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from agent.entrypoints.command_line import WRONG_USE, CommandFailed
from agent.entrypoints.markdown import answer_console

if TYPE_CHECKING:
    from evals.baseline import Baseline, Comparison
    from evals.coverage import Coverage
    from evals.results import Report

_NAMES = {"json": "report.json", "junit": "junit.xml", "html": "report.html"}


def earlier_run(file: Path | None, model_id: str) -> Baseline | None:
    """The run to compare with: that of the file, or the project's own if it is of this model.

    Raises:
        CommandFailed: the file holds no baseline.
    """
    from evals.baseline import BASELINE, read_baseline
    from evals.loader import SuiteError

    try:
        if file is not None:
            return read_baseline(file)
        own = read_baseline(BASELINE) if BASELINE.exists() else None
    except SuiteError as wrong:
        raise CommandFailed("bad_baseline", str(wrong), exit_code=WRONG_USE) from None
    return own if own is not None and own.model_id == model_id else None


def tell(
    report: Report,
    earlier: Baseline | None,
    *,
    whole: bool,
    folder: Path,
    files: Mapping[str, Path | None],
    new_baseline: bool,
) -> int:
    """Write and show the report.

    Args:
        earlier: the run to compare with.
        whole: whether all of the project's own conversations were held.
        folder: where reports go that have no file of their own.
        files: by kind, where the user wants them.
        new_baseline: make this run the project's baseline.

    Returns:
        The exit code of the run.
    """
    from agent.systems import offered_tools
    from evals.baseline import compare
    from evals.coverage import coverage
    from evals.reports import exit_code, show

    covered = coverage(report, tools=[tool.name for tool in offered_tools()], whole=whole)
    compared = compare(report, earlier, whole=whole) if earlier else None
    places = {kind: files.get(kind) or folder / name for kind, name in _NAMES.items()}
    _write(report, covered, compared, places)
    show(
        report,
        answer_console(),
        coverage=covered,
        comparison=compared,
        files=list(places.values()),
    )
    if new_baseline:
        _keep(report, whole)
    return exit_code(
        report,
        coverage_gaps=covered.gaps,
        regression=compared is not None and compared.worse and not new_baseline,
    )


def _write(
    report: Report, covered: Coverage, compared: Comparison | None, places: Mapping[str, Path]
) -> None:
    from evals.reports import write_html, write_json, write_junit

    try:
        for place in places.values():
            place.parent.mkdir(parents=True, exist_ok=True)
        write_json(report, places["json"])
        write_junit(report, places["junit"])
        write_html(report, places["html"], coverage=covered, comparison=compared)
    except OSError as failure:
        raise CommandFailed(
            "output_failed", f"The report could not be written: {failure}.", exit_code=WRONG_USE
        ) from None


def _keep(report: Report, whole: bool) -> None:
    from evals.baseline import update_baseline
    from evals.loader import SuiteError

    try:
        update_baseline(report, whole=whole)
    except SuiteError as wrong:
        raise CommandFailed("bad_baseline", str(wrong)) from None
