"""The kill table as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.mutation.kill_table import MutantReport, MutationReport, Problem, killing_cases

_SAMPLES = 2


def show_mutation(report: MutationReport, console: Console) -> None:
    """The table, the desks that do nothing, and what the suite does not notice."""
    console.print(_table([mutant for mutant in report.mutants if not mutant.is_dumb]))
    dumb = [mutant for mutant in report.mutants if mutant.is_dumb]
    if dumb:
        console.print()
    for mutant in dumb:
        passed = f"passes {mutant.passed} of {mutant.cases} cases ({mutant.share_passed:.1%})"
        console.print(Text(f"{mutant.id}: {passed}"))
    console.print()
    for problem in report.problems:
        console.print(_problem(problem))
    console.print(Text(_summary(report)))


def _table(mutants: Sequence[MutantReport]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("broken desk", no_wrap=True)
    table.add_column("group", no_wrap=True)
    table.add_column("cases", justify="right", no_wrap=True)
    table.add_column("killed by")
    table.add_column("such as", overflow="ellipsis")
    for mutant in mutants:
        killed = bool(mutant.kills)
        table.add_row(
            Text(mutant.id, "" if killed else "bold red"),
            mutant.group,
            Text(str(len(mutant.kills)), "green" if killed else "bold red"),
            Text(", ".join(mutant.scorers) if killed else "nobody"),
            Text(", ".join(kill.case for kill in mutant.kills[:_SAMPLES]), "dim"),
        )
    return table


def _problem(problem: Problem) -> Text:
    if problem.accepted:
        return Text(f"known: {problem.message}: {' '.join(problem.accepted.split())}", "dim")
    return Text(f"not good enough: {problem.message}", "bold red")


def _summary(report: MutationReport) -> str:
    mutants = [mutant for mutant in report.mutants if not mutant.is_dumb]
    killed = sum(bool(mutant.kills) for mutant in mutants)
    noticing = len(killing_cases(mutants))
    return (
        f"{killed} of {len(mutants)} broken desks are noticed; {noticing} of {report.cases} cases "
        f"notice one; {report.ms / 1000:.0f} s (model {report.model_id})"
        + ("" if report.whole else ". Only some cases were held: the suite itself is not judged.")
    )
