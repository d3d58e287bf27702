"""Progress is a line a trial in a log, and a bar at a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from evals.cases import Case
from evals.results import TrialReport
from evals.runner.progress import shown_progress

CASE = Case.model_validate(
    {
        "id": "one",
        "family": "orders",
        "now": "2026-11-22",
        "turns": [{"rep": "?", "outcome": "answered", "say": {"must": ["x"]}}],
    }
)
TRIALS = [
    TrialReport(number=1, status="passed", ms=120),
    TrialReport(number=2, status="failed", ms=80),
]


def shown(*, terminal: bool) -> tuple[list[str], str]:
    """The lines said, and what was drawn."""
    said: list[str] = []
    drawn = io.StringIO()
    console = Console(file=drawn, force_terminal=terminal, width=80)
    with shown_progress(console, said.append) as progress:
        progress.begin(2)
        for trial in TRIALS:
            progress.ended(CASE, trial)
    return said, drawn.getvalue()


def test_a_log_gets_a_line_for_each_trial() -> None:
    """With its place, its end and its time; nothing is drawn."""
    assert shown(terminal=False) == (
        ["[1/2] passed one 0.1 s", "[2/2] failed one (trial 2) 0.1 s"],
        "",
    )


def test_a_terminal_gets_a_bar_and_keeps_what_did_not_pass() -> None:
    """What passed is in the bar alone."""
    said, drawn = shown(terminal=True)
    assert said == []
    assert "2/2" in drawn
    assert "one (trial 2)" in drawn
    assert "passed" not in drawn
