"""The result of a run: as data, as a table for people, as an exit code for programs."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent import ToolCall

Status = Literal["passed", "failed", "error"]
STYLES: dict[Status, str] = {"passed": "green", "failed": "red", "error": "yellow"}

PASSED, FAILED, BAD_INPUT, INFRASTRUCTURE = 0, 1, 2, 3


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class TurnResult(_Frozen):
    """One turn as it went, and what was wrong with it."""

    rep: str
    answer: str = ""
    outcome: str = ""
    tool_calls: list[ToolCall] = []
    ms: int = 0
    findings: list[str] = []


class CaseResult(_Frozen):
    """One conversation: ``error`` means that it could not be judged, which is never a pass."""

    id: str
    family: str
    status: Status
    turns: list[TurnResult] = []
    error: str = ""
    ms: int = 0


class Report(_Frozen):
    """A whole run."""

    version: Literal[1] = 1
    model_id: str
    stack: str
    prompt_hashes: list[str]
    ms: int
    cases: list[CaseResult]

    def count(self, status: Status) -> int:
        """How many cases ended that way."""
        return sum(case.status == status for case in self.cases)


def exit_code(report: Report) -> int:
    """0 all passed; 1 a case failed; 3 none failed, but not every case could be judged."""
    if not report.cases or report.count("error") == len(report.cases):
        return INFRASTRUCTURE
    if report.count("failed"):
        return FAILED
    return INFRASTRUCTURE if report.count("error") else PASSED


def show(report: Report, console: Console) -> None:
    """A table of the families, then every case that did not pass, with its findings."""
    console.print(_families(report))
    for case in report.cases:
        if case.status != "passed":
            _show_case(case, console)
    counts = ", ".join(f"{report.count(status)} {status}" for status in STYLES)
    console.print(
        f"{len(report.cases)} conversations: {counts}, in {report.ms / 1000:.1f} s "
        f"(model {report.model_id}, stack {report.stack})",
        markup=False,
        highlight=False,
    )
    if report.model_id == "local.understudy":
        console.print(
            "The understudy follows rules: this run says nothing about a language model.",
            style="dim",
        )


def _families(report: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("family")
    for column in ("cases", "passed", "failed", "error"):
        table.add_column(column, justify="right")
    statuses: dict[str, Counter[Status]] = {}
    for case in report.cases:
        statuses.setdefault(case.family, Counter())[case.status] += 1
    for family, counted in sorted(statuses.items()):
        cells = [
            Text(str(counted[status]), STYLES[status] if counted[status] else "dim")
            for status in STYLES
        ]
        table.add_row(family, str(counted.total()), *cells)
    return table


def _show_case(case: CaseResult, console: Console) -> None:
    console.print(
        Text.assemble("\n", (case.id, STYLES[case.status]), f" ({case.family}) {case.error}")
    )
    for number, turn in enumerate(case.turns, 1):
        if not turn.findings and case.status == "failed":
            continue
        console.print(Text(f"  {number}. {turn.rep}"))
        for line in turn.answer.splitlines():
            console.print(Text(f"     | {line}", "dim"))
        for finding in turn.findings:
            console.print(Text(f"     - {finding}", STYLES[case.status]))
