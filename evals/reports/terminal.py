"""A run as people read it in a terminal: tables first, then every conversation that went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evals.baseline import Change, Comparison
from evals.coverage import KINDS, Cell, Coverage
from evals.figures import (
    FamilyFigures,
    ScorerFigures,
    by_family,
    by_scorer,
    family_figures,
    is_unsafe,
    not_scored,
    short_commit,
    totals,
    verdict_words,
    what_it_shows,
)
from evals.reports.transcript import case_lines
from evals.results import CaseReport, Report, Status

STYLES: dict[Status, str] = {"passed": "green", "failed": "red", "error": "yellow"}
IN_FULL = 25


def show(
    report: Report,
    console: Console,
    *,
    coverage: Coverage | None = None,
    comparison: Comparison | None = None,
    files: Sequence[Path] = (),
    in_full: int = IN_FULL,
) -> None:
    """Tell a run: what went wrong first needs no scrolling up, so the totals come last.

    Args:
        coverage: which cells of the coverage table were filled.
        comparison: what changed since the baseline.
        files: where the reports were written.
        in_full: so many of the conversations that did not pass are shown with their turns.
    """
    for part in _parts(report, coverage, comparison, in_full):
        console.print(part)
        console.print()
    gaps = len(coverage.gaps) if coverage is not None else 0
    worse = comparison is not None and comparison.worse
    wrong = bool(report.count("failed") or gaps or worse or not report.cases)
    style = "bold red" if wrong else "bold yellow" if report.count("error") else "bold green"
    console.print(Text(verdict_words(report, gaps=gaps, worse=worse), style))
    _print_end(report, console, files)


def _parts(
    report: Report, coverage: Coverage | None, comparison: Comparison | None, in_full: int
) -> Iterable[RenderableType]:
    wrong = [case for case in report.cases if case.status != "passed"]
    for case in wrong[:in_full]:
        yield case_lines(case)
    if wrong[in_full:]:
        yield _only_named(wrong[in_full:])
    scorers = by_scorer(report)
    yield _titled("Conversations by family", _families(report))
    yield _titled("Safety (counted by itself, never averaged with the rest)", _safety(report))
    yield _titled("Quality", _scorers([scorer for scorer in scorers if not scorer.safety]))
    if coverage is not None and coverage.calls:
        yield _titled("Coverage: calls of each tool that ended so", _coverage(coverage))
    if comparison is not None:
        yield _titled("Against the baseline", _comparison(comparison))


def _titled(title: str, body: RenderableType) -> RenderableType:
    return Group(Text(title, "bold"), Padding(body, (0, 0, 0, 2)))


def _table(first: str, columns: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(first, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _count(count: int, style: str) -> Text:
    return Text(str(count), style if count else "dim")


def _families(report: Report) -> Table:
    columns = ["cases", "passed", "failed", "error", "of these unsafe"]
    if report.trials > 1:
        columns += ["pass^1", f"pass^{report.trials}"]
    table = _table("family", columns)
    for family in by_family(report):
        _add_family(table, family, report.trials)
    if report.cases:
        table.add_section()
        _add_family(table, family_figures("all", report.cases, report.trials), report.trials)
    return table


def _add_family(table: Table, family: FamilyFigures, trials: int) -> None:
    cells = [
        Text(str(family.cases)),
        _count(family.passed, "green"),
        _count(family.failed, "red"),
        _count(family.error, "yellow"),
        _count(family.unsafe, "bold red"),
    ]
    if trials > 1:
        cells += [Text(_share(family.pass_1)), Text(_share(family.pass_k))]
    table.add_row(Text(family.family), *cells)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _safety(report: Report) -> RenderableType:
    unsafe = [case.id for case in report.cases if is_unsafe(case)]
    about = [case for case in report.cases if case.severity == "safety"]
    passed = sum(case.status == "passed" for case in about)
    line = Text.assemble(
        f"{passed} of {len(about)} conversations about safety passed; ",
        (f"{len(unsafe)} unsafe", "bold red")
        if unsafe
        else ("no unsafe conversation among those scored", "green"),
        f": {', '.join(unsafe)}" if unsafe else "",
    )
    return Group(_scorers([scorer for scorer in by_scorer(report) if scorer.safety]), line)


def _scorers(scorers: Sequence[ScorerFigures]) -> Table:
    table = _table("scorer", ["judged", "passed", "failed", "error", "nothing to judge"])
    for scorer in scorers:
        table.add_row(
            Text(scorer.scorer),
            str(scorer.judged),
            _count(scorer.passed, "green"),
            _count(scorer.failed, "red"),
            _count(scorer.error, "yellow"),
            Text(str(scorer.not_applicable), "dim"),
        )
    return table


def _coverage(coverage: Coverage) -> RenderableType:
    table = _table("tool", KINDS)
    for tool in sorted(coverage.calls):
        cells = [_coverage_cell(coverage, Cell(tool, kind)) for kind in KINDS]
        table.add_row(Text(tool), *cells)
    lines = [Text("-  empty, and explained in evals/coverage.yaml", "dim")]
    if coverage.gaps:
        named = ", ".join(f"{cell.tool} x {cell.kind}" for cell in coverage.gaps)
        lines.append(Text(f"{len(coverage.gaps)} empty and not explained: {named}", "red"))
    if coverage.stale:
        named = ", ".join(f"{cell.tool} x {cell.kind}" for cell in coverage.stale)
        lines.append(Text(f"explained for nothing, take out: {named}", "yellow"))
    if not coverage.whole:
        lines.append(Text("Only a part of the suite ran: empty cells do not count.", "dim"))
    return Group(table, *lines)


def _coverage_cell(coverage: Coverage, cell: Cell) -> Text:
    count = coverage.count(cell)
    if count:
        return Text(str(count))
    if cell in coverage.explained:
        return Text("-", "dim")
    return Text("0", "red" if coverage.whole else "dim")


def _comparison(comparison: Comparison) -> RenderableType:
    rows = (
        ("passed before, not now", comparison.lost, "red"),
        ("of these safety or critical", comparison.grave, "bold red"),
        ("did not pass before, passes now", comparison.gained, "green"),
        ("new, nothing to compare with", comparison.new, ""),
        ("gone", comparison.gone, "yellow"),
        ("not judged now", comparison.not_compared, "yellow"),
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    for label, ids, style in rows:
        table.add_row(label, _count(len(ids), style), Text(", ".join(ids[:12]) + _more(ids)))
    outcome = Text("WORSE than the baseline", "bold red") if comparison.worse else Text("not worse")
    tests = (
        f" ({comparison.compared} compared; exact tests: flips p = {comparison.p_flips:.3f}, "
        f"passing less often p = {comparison.p_worse:.3f})"
    )
    remarks = [Text(f"note: {remark}", "yellow") for remark in comparison.remarks]
    took = Text(
        f"sums over cases: tokens {_change(comparison.tokens)}; ms {_change(comparison.ms)}",
        "dim",
    )
    return Group(table, outcome.append(tests, "dim"), took, *remarks)


def _change(change: Change) -> str:
    share = f" ({change.now / change.before - 1:+.1%})" if change.before else ""
    return f"{change.before:,} -> {change.now:,}{share}"


def _more(ids: Sequence[str]) -> str:
    return f" and {len(ids) - 12} more" if len(ids) > 12 else ""


def _only_named(cases: Sequence[CaseReport]) -> Text:
    named = ", ".join(case.id for case in cases)
    return Text(f"{len(cases)} more did not pass (the reports show them in full): {named}")


def _print_end(report: Report, console: Console, files: Sequence[Path]) -> None:
    console.print(Text(totals(report)))
    console.print(Text(not_scored(report), "yellow" if report.count("error") else ""))
    replayed = ", replayed" if report.replayed else ""
    commit = f", commit {short_commit(report)}" if report.commit else ""
    console.print(Text(f"model {report.model_id}{replayed}, stack {report.stack}{commit}", "dim"))
    if words := what_it_shows(report):
        console.print(Text(words, "dim"))
    for path in files:
        console.print(Text(f"report: {path}"), soft_wrap=True)
