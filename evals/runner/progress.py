"""Shows how a run comes along: a bar at a terminal, a line a trial elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from evals.cases import Case
from evals.results import Status, TrialReport

_STYLES: dict[Status, str] = {"passed": "green", "failed": "red", "error": "yellow"}


class Lines:
    """A line for each trial, for logs; those of a suite that passes are short."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._done = self._all = 0

    def begin(self, trials: int) -> None:
        """Notes how many there are."""
        self._all = trials

    def ended(self, case: Case, trial: TrialReport) -> None:
        """Says how it ended."""
        self._done += 1
        place = f"[{self._done}/{self._all}]"
        self._say(f"{place} {trial.status:<6} {_named(case, trial)} {trial.ms / 1000:.1f} s")


class Bar:
    """A bar; only what did not pass stays on the screen."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task = bars.add_task("conversations", total=None)

    def begin(self, trials: int) -> None:
        """Draws the bar."""
        self._bars.update(self._task, total=trials)

    def ended(self, case: Case, trial: TrialReport) -> None:
        """Moves the bar on."""
        self._bars.advance(self._task)
        if trial.status != "passed":
            style = _STYLES[trial.status]
            self._bars.console.print(
                f"[{style}]{trial.status:<6}[/] {_named(case, trial)}", highlight=False
            )


def _named(case: Case, trial: TrialReport) -> str:
    return case.id if trial.number == 1 else f"{case.id} (trial {trial.number})"


@contextmanager
def shown_progress(console: Console, say: Callable[[str], None]) -> Iterator[Bar | Lines]:
    """Progress on stderr, as it can be shown there."""
    if not console.is_terminal:
        yield Lines(say)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        yield Bar(bars)
