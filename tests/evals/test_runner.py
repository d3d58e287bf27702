"""A run tells passed, failed and unjudged conversations apart, and never takes one for another."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent import Answer, Failed, Settings
from evals import SuiteError, load_cases, run_suite
from evals.report import CaseResult, Report, exit_code
from evals.runner import Rows
from tests.evals.scripted_desk import ScriptedDesk, answered

CASE = """\
  - id: {id}
    family: orders
    turns:
      - rep: "{rep}"
        outcome: answered
        say: {{must: ["299.99"]}}
"""
RIGHT = answered("It is 299.99.")
WRONG = answered("It is 199.99.")


def suite(folder: Path, **cases: str) -> list[Path]:
    """A file with one case for each id and words of the rep."""
    path = folder / "cases.yaml"
    listed = "".join(CASE.format(id=name, rep=rep) for name, rep in cases.items())
    path.write_text(f'version: "1"\nnow: 2026-11-22\ncases:\n{listed}')
    return [path]


def failed(code: str) -> Failed:
    """A turn that gave no answer."""
    return Failed(code=code, message="A plain sentence.", retryable=True)


async def run(desk: ScriptedDesk, paths: list[Path]) -> Report:
    """The report of the desk on the files."""
    return await run_suite(load_cases(paths), Settings(), open_desk=desk.open)


@pytest.mark.parametrize(
    ("ended", "status", "code", "said"),
    [
        (RIGHT, "passed", 0, ""),
        (WRONG, "failed", 1, "the answer does not say '299.99'"),
        (answered("299.99", outcome="refused"), "failed", 1, "the outcome is refused"),
        (answered(" "), "failed", 1, "the answer is empty"),
        (failed("internal"), "failed", 1, "the turn failed: internal: A plain sentence."),
        (failed("turn_timeout"), "failed", 1, "the turn failed: turn_timeout"),
        (failed("model_unavailable"), "error", 3, "model_unavailable: A plain sentence."),
        (failed("model_busy"), "error", 3, "model_busy"),
        (None, "error", 3, "the turn ended without an answer"),
    ],
)
async def test_each_end_of_a_turn_has_its_verdict(
    tmp_path: Path, ended: Answer | Failed | None, status: str, code: int, said: str
) -> None:
    """Right, wrong, failed and broken turns give the status and exit code of their kind."""
    script = {} if ended is None else {"q": ended}
    report = await run(ScriptedDesk(script), suite(tmp_path, one="q"))
    (case,) = report.cases
    assert (case.status, exit_code(report)) == (status, code)
    told = [case.error, *(finding for turn in case.turns for finding in turn.findings)]
    assert any(said in line for line in told)


async def test_a_fault_of_one_case_leaves_the_others_their_verdict(tmp_path: Path) -> None:
    """A crash is the error of its own conversation."""

    def crash() -> Answer:
        raise RuntimeError("broken")

    report = await run(ScriptedDesk({"a": crash, "b": RIGHT}), suite(tmp_path, one="a", two="b"))
    assert [case.status for case in report.cases] == ["error", "passed"]
    assert report.cases[0].error == "RuntimeError: broken"
    assert exit_code(report) == 3


async def test_one_wrong_case_among_many_fails_the_run(tmp_path: Path) -> None:
    """The run is as good as its worst conversation."""
    desk = ScriptedDesk({"a": RIGHT, "b": WRONG, "c": failed("model_busy")})
    report = await run(desk, suite(tmp_path, one="a", two="b", three="c"))
    assert [case.status for case in report.cases] == ["passed", "failed", "error"]
    assert exit_code(report) == 1


async def test_every_case_has_a_conversation_of_its_own(tmp_path: Path) -> None:
    """No conversation sees another's turns, nor those of an earlier run."""
    desk = ScriptedDesk({"a": RIGHT})
    paths = suite(tmp_path, one="a", two="a")
    await run(desk, paths)
    await run(desk, paths)
    assert len({question.conversation_id for question in desk.asked}) == 4


async def test_the_clock_of_a_case_reaches_the_desk(tmp_path: Path) -> None:
    """Each frozen day has a desk of its own."""
    (path,) = suite(tmp_path, one="a", two="a")
    path.write_text(path.read_text().replace("- id: two", "- id: two\n    now: 2026-12-05"))
    desk = ScriptedDesk({"a": RIGHT})
    await run(desk, [path])
    assert [str(settings.today) for settings in desk.settings] == ["2026-11-22", "2026-12-05"]


async def test_a_tool_that_the_desk_does_not_offer_is_refused(tmp_path: Path) -> None:
    """A misspelt tool name would be an expectation nobody can meet."""
    (path,) = suite(tmp_path, one="a")
    path.write_text(path.read_text() + "        tools: {must: [{tool: list_order}]}\n")
    with pytest.raises(SuiteError, match="no such tool: list_order$"):
        await run(ScriptedDesk({"a": RIGHT}), [path])


async def test_rows_of_a_case_are_there_for_its_turns_only(tmp_path: Path) -> None:
    """The overlay is added before the first turn and taken away after the last."""
    (path,) = suite(tmp_path, one="a")
    rows = "\n    overlay: {users: [{customer_id: CUST901}]}"
    path.write_text(re.sub(r"(family: orders)", rf"\1{rows}", path.read_text()))
    seen: list[str] = []

    @asynccontextmanager
    async def overlay(rows: Rows) -> AsyncIterator[None]:
        seen.append(f"added {rows['users'][0]['customer_id']}")
        yield
        seen.append("removed")

    def answer() -> Answer:
        seen.append("asked")
        return RIGHT

    desk = ScriptedDesk({"a": answer})
    told: list[CaseResult] = []
    report = await run_suite(
        load_cases([path]), Settings(), open_desk=desk.open, overlay=overlay, progress=told.append
    )
    assert seen == ["added CUST901", "asked", "removed"]
    assert [case.status for case in report.cases] == ["passed"]
    assert told == report.cases


async def test_a_case_with_rows_is_not_judged_without_them(tmp_path: Path) -> None:
    """A stack that takes no rows cannot pass such a case."""
    (path,) = suite(tmp_path, one="a")
    path.write_text(path.read_text().replace("turns:", "overlay: {users: []}\n    turns:"))
    report = await run(ScriptedDesk({"a": RIGHT}), [path])
    assert report.cases[0].status == "error"
    assert exit_code(report) == 3
