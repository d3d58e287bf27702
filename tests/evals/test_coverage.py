"""The coverage table knows every way a call ended, and a hole in it is explained or a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.systems import offered_tools
from evals.coverage import KINDS, Cell, coverage, explanations, kind_of
from evals.loader import SuiteError
from evals.record import CallRecord
from evals.results import CoverageKind, Report
from tests.evals.reports.made import call, case, report, trial, turn


def calling(*calls: tuple[str, CoverageKind]) -> Report:
    """A run with these calls."""
    made = [call(tool, kind) for tool, kind in calls]
    return report(case("a", trials=[trial(turns=[turn(calls=made)])]))


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"rows": 2}, "ok"),
        ({"rows": 0}, "empty"),
        ({"rows": None, "data": {"status": "verified"}}, "ok"),
        ({"rows": None, "data": {"reviews": 0, "average_rating": None}}, "empty"),
        ({"rows": None, "data": {"reviews": 4}}, "ok"),
        ({"rows": None, "data": {"found": False}}, "empty"),
        ({"rows": 1, "data": {"found": True}}, "ok"),
        ({"rows": 3, "data": {"reviews": [1, 2, 3]}}, "ok"),
        ({"ok": False, "error": "refused"}, "refused"),
        *[
            ({"ok": False, "error": kind}, "error")
            for kind in ("invalid_input", "unavailable", "timeout", "busy", "internal")
        ],
    ],
)
def test_every_call_has_one_kind(changed: dict[str, Any], kind: CoverageKind) -> None:
    """Found something, found nothing, broke, or was refused."""
    known: dict[str, Any] = {
        "system": "aurora",
        "tool": "list_orders",
        "input": {},
        "ok": True,
        "ms": 1,
    }
    assert kind_of(CallRecord(**known | changed)) == kind


def test_calls_of_all_trials_and_turns_are_counted() -> None:
    """A cell is filled by any call of the run."""
    one = trial(turns=[turn(calls=[call(), call()]), turn(calls=[call(kind="empty")])])
    table = coverage(report(case("a", trials=[one, one]), case("b")), explained={})
    counts = {kind: table.count(Cell("list_orders", kind)) for kind in KINDS}
    assert counts == {"ok": 5, "empty": 2, "error": 0, "refused": 0}


def test_a_tool_that_was_never_called_is_all_holes() -> None:
    """It is known from the offer, not from the run."""
    table = coverage(calling(("list_orders", "ok")), tools=["get_order"], explained={})
    assert [cell for cell in table.gaps if cell.tool == "get_order"] == [
        Cell("get_order", kind) for kind in KINDS
    ]


def test_an_explained_hole_is_no_gap() -> None:
    """Every other hole is one."""
    explained = {Cell("list_orders", "refused"): "it only reads"}
    table = coverage(calling(("list_orders", "ok"), ("list_orders", "error")), explained=explained)
    assert table.gaps == [Cell("list_orders", "empty")]
    assert table.stale == []


def test_an_explanation_of_a_filled_cell_is_stale() -> None:
    """So is one about a tool that nobody offers any more."""
    explained = {Cell("list_orders", "ok"): "never", Cell("old_tool", "ok"): "gone"}
    run = calling(("list_orders", "ok"))
    assert coverage(run, explained=explained).stale == [
        Cell("list_orders", "ok"),
        Cell("old_tool", "ok"),
    ]
    part = coverage(run, explained=explained, whole=False)
    assert part.stale == [Cell("list_orders", "ok")]


def test_a_part_of_the_suite_owes_no_coverage() -> None:
    """Its holes are there, and fail nothing."""
    table = coverage(calling(("list_orders", "ok")), explained={}, whole=False)
    assert table.gaps == []
    assert len(table.empty) == 3


def written(folder: Path, text: str) -> Path:
    """A file of explanations."""
    path = folder / "coverage.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_explanation_covers_its_tools_and_kinds(tmp_path: Path) -> None:
    """One reason may stand for several cells."""
    path = written(
        tmp_path,
        'version: "1"\nexplained:\n'
        "  - {tools: [a, b], kinds: [error, refused], reason: they cannot break}\n",
    )
    assert set(explanations(path)) == {
        ("a", "error"),
        ("a", "refused"),
        ("b", "error"),
        ("b", "refused"),
    }


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{tools: [a], kinds: [ok], reason: because}", "reason"),
        ("{tools: [a], kinds: [denied], reason: they cannot break}", "kinds"),
        ("{tools: [], kinds: [ok], reason: they cannot break}", "tools"),
        ("{tool: a, kinds: [ok], reason: they cannot break}", "tool"),
        ("{tools: [a, a], kinds: [ok], reason: they cannot break}", "explained twice"),
        ("{tools: [a", "expected"),
    ],
)
def test_explanations_that_explain_nothing_are_refused(
    entry: str, said: str, tmp_path: Path
) -> None:
    """A reason is a sentence, a kind is one of four, and nothing is misspelt in silence."""
    path = written(tmp_path, f'version: "1"\nexplained:\n  - {entry}\n')
    with pytest.raises(SuiteError, match=said) as wrong:
        explanations(path)
    assert str(path) in str(wrong.value)


def test_a_missing_file_of_explanations_is_an_error(tmp_path: Path) -> None:
    """Not a table without explanations."""
    with pytest.raises(SuiteError, match="coverage.yaml"):
        explanations(tmp_path / "coverage.yaml")


def test_the_projects_own_explanations_name_tools_that_are_offered() -> None:
    """A tool that was renamed takes its explanation along."""
    named = {cell.tool for cell in explanations()}
    assert named <= {tool.name for tool in offered_tools()}
