"""Which tools the suite has seen answer, find nothing, break and be refused.

An empty cell of a whole run is a gap, unless ``evals/coverage.yaml`` says why it cannot be filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

import yaml
from pydantic import Field, ValidationError

from evals.facts import Strict, Text
from evals.loader import SuiteError
from evals.record import CallRecord
from evals.results import CoverageKind, Report

KINDS: tuple[CoverageKind, ...] = get_args(CoverageKind)
EXPLAINED = Path(__file__).with_suffix(".yaml")


class Cell(NamedTuple):
    """One cell of the coverage table."""

    tool: str
    kind: CoverageKind


class _Explanation(Strict):
    tools: Annotated[list[Text], Field(min_length=1)]
    kinds: Annotated[list[CoverageKind], Field(min_length=1)]
    reason: Annotated[str, Field(min_length=10)]


class _Explanations(Strict):
    version: Literal["1"]
    explained: list[_Explanation]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each tool was seen ending in each way.

    Attributes:
        calls: by tool, then by kind; a tool that was never called is there too when it is known.
        explained: why a cell may be empty.
        whole: whether the whole suite ran; a part of it owes no coverage.
    """

    calls: Mapping[str, Mapping[CoverageKind, int]]
    explained: Mapping[Cell, str]
    whole: bool = True

    def count(self, cell: Cell) -> int:
        """How often this was seen."""
        return self.calls.get(cell.tool, {}).get(cell.kind, 0)

    @property
    def empty(self) -> list[Cell]:
        """The cells that nothing has filled, explained or not."""
        cells = (Cell(tool, kind) for tool in sorted(self.calls) for kind in KINDS)
        return [cell for cell in cells if not self.count(cell)]

    @property
    def gaps(self) -> list[Cell]:
        """The empty cells that fail the run: those of a whole suite without an explanation."""
        return [cell for cell in self.empty if cell not in self.explained] if self.whole else []

    @property
    def stale(self) -> list[Cell]:
        """Explained cells that are filled after all, or whose tool is not there any more."""
        return sorted(
            cell
            for cell in self.explained
            if self.count(cell) or (self.whole and cell.tool not in self.calls)
        )


def coverage(
    report: Report,
    *,
    tools: Iterable[str] = (),
    explained: Mapping[Cell, str] | None = None,
    whole: bool = True,
) -> Coverage:
    """The coverage of a run.

    Args:
        tools: the tools that the desk offers, so that one that was never called shows as empty.
        explained: why cells may be empty; those of ``evals/coverage.yaml`` when not given.
        whole: whether the whole suite ran.
    """
    calls: dict[str, dict[CoverageKind, int]] = {tool: {} for tool in tools}
    for case in report.cases:
        for trial in case.trials:
            for call in (call for turn in trial.turns for call in turn.calls):
                of_tool = calls.setdefault(call.tool, {})
                of_tool[call.kind] = of_tool.get(call.kind, 0) + 1
    known = explanations() if explained is None else explained
    return Coverage(calls=calls, explained=known, whole=whole)


def kind_of(call: CallRecord) -> CoverageKind:
    """The cell that a call belongs to: found something, found nothing, broke, or was refused."""
    if not call.ok:
        return "refused" if call.error == "refused" else "error"
    return "empty" if call.rows == 0 or _found_nothing(call.data or {}) else "ok"


def _found_nothing(data: Mapping[str, Any]) -> bool:
    # A summary of no reviews lists nothing that could be counted as rows.
    return data.get("found") is False or data.get("reviews") == 0


def explanations(path: Path = EXPLAINED) -> dict[Cell, str]:
    """Why cells may be empty.

    Raises:
        SuiteError: the file cannot be read, or explains a cell twice.
    """
    try:
        read = _Explanations.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError, ValidationError) as wrong:
        raise SuiteError(f"{path}: {_sentence(wrong)}") from None
    cells: dict[Cell, str] = {}
    for entry in read.explained:
        for cell in (Cell(tool, kind) for tool in entry.tools for kind in entry.kinds):
            if cell in cells:
                raise SuiteError(f"{path}: {cell.tool} x {cell.kind} is explained twice")
            cells[cell] = entry.reason
    return cells


def _sentence(wrong: Exception) -> str:
    if isinstance(wrong, ValidationError):
        first = wrong.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return " ".join(str(wrong).split())
