"""A run tells passed, failed and unjudged conversations apart, and never takes one for another."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent import Answer, Failed, Question, Settings, TurnEvent
from evals import Case, Plan, Report, exit_code, load_cases, run_suite
from evals.record import CaseRecord, Finding, Verdict
from evals.results import TrialReport
from evals.runner import one_stack
from evals.runner.stacks import Overlay, Rows
from tests.evals.scripted_desk import ScriptedDesk, answered, called

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


class SaysAmount:
    """A scorer for these tests: the answer says ``299.99`` and ends as the turn expects."""

    name = "amount"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """A finding for each turn that does not."""
        findings = [
            Finding(f"turn {number} says {turn.text!r}", number)
            for number, turn in enumerate(record.turns)
            if "299.99" not in turn.text
        ]
        return Verdict("amount", "failed" if findings else "passed", tuple(findings))


class Heard:
    """Progress that is kept."""

    def __init__(self) -> None:
        self.trials: list[TrialReport] = []
        self.all = 0

    def begin(self, trials: int) -> None:
        """Keeps how many there are."""
        self.all = trials

    def ended(self, case: Case, trial: TrialReport) -> None:
        """Keeps the trial."""
        self.trials.append(trial)


async def run(
    desk: ScriptedDesk,
    paths: list[Path],
    *,
    overlay: Overlay | None = None,
    private: bool = True,
    **plan: Any,
) -> Report:
    """The report of the desk on the files."""
    stack = one_stack(Settings(), overlay=overlay, private=private)
    wanted: dict[str, Any] = {"scorers": [SaysAmount()], "open_desk": desk.open} | plan
    return await run_suite(load_cases(paths), stack, Plan(**wanted))


@pytest.mark.parametrize(
    ("ended", "status", "code", "said"),
    [
        (RIGHT, "passed", 0, ""),
        (WRONG, "failed", 1, "turn 0 says 'It is 199.99.'"),
        (failed("internal"), "failed", 1, "A plain sentence."),
        (failed("turn_timeout"), "failed", 1, "A plain sentence."),
        (failed("model_unavailable"), "error", 3, "model_unavailable: A plain sentence."),
        (failed("model_busy"), "error", 3, "model_busy"),
        (failed("model_refused"), "error", 3, "model_refused"),
        (None, "error", 3, "the turn ended without an answer"),
    ],
)
async def test_each_end_of_a_turn_has_its_verdict(
    tmp_path: Path, ended: Answer | Failed | None, status: str, code: int, said: str
) -> None:
    """Right, wrong, failed and broken turns give the status and exit code of their kind."""
    script = {} if ended is None else {"q": ended}
    report = await run(ScriptedDesk(script), suite(tmp_path, one="q"))
    (trial,) = report.cases[0].trials
    assert (trial.status, exit_code(report)) == (status, code)
    findings = [finding.message for verdict in trial.verdicts for finding in verdict.findings]
    assert any(said in line for line in [trial.error, *findings])


async def test_a_fault_of_one_case_leaves_the_others_their_verdict(tmp_path: Path) -> None:
    """A crash is the error of its own conversation."""

    def crash() -> Answer:
        raise RuntimeError("broken")

    report = await run(ScriptedDesk({"a": crash, "b": RIGHT}), suite(tmp_path, one="a", two="b"))
    assert [case.status for case in report.cases] == ["error", "passed"]
    assert report.cases[0].trials[0].error == "RuntimeError: broken"
    assert exit_code(report) == 3


async def test_one_wrong_case_among_many_fails_the_run(tmp_path: Path) -> None:
    """The run is as good as its worst conversation."""
    desk = ScriptedDesk({"a": RIGHT, "b": WRONG, "c": failed("model_busy")})
    report = await run(desk, suite(tmp_path, one="a", two="b", three="c"))
    assert [case.status for case in report.cases] == ["passed", "failed", "error"]
    assert exit_code(report) == 1


async def test_every_trial_has_conversations_of_its_own(tmp_path: Path) -> None:
    """No conversation sees another's turns, nor those of another trial or an earlier run."""
    desk = ScriptedDesk({"a": RIGHT})
    paths = suite(tmp_path, one="a", two="a")
    await run(desk, paths, trials=2)
    await run(desk, paths, trials=2)
    assert len({question.conversation_id for question in desk.asked}) == 8


async def test_turns_belong_to_the_conversation_and_the_rep_that_they_name(tmp_path: Path) -> None:
    """Two conversations of one case may even be those of two reps."""
    (path,) = suite(tmp_path, one="a")
    turn = """\
      - {rep: "a", conversation: other, by: "rep-2", outcome: answered, say: {must: ["299.99"]}}
      - {rep: "a", outcome: answered, say: {must: ["299.99"]}}
"""
    path.write_text(path.read_text() + turn)
    desk = ScriptedDesk({"a": RIGHT})
    await run(desk, [path])
    first, second, third = desk.asked
    assert first.conversation_id == third.conversation_id != second.conversation_id
    assert [question.rep.rep_id for question in desk.asked] == ["evals", "rep-2", "evals"]


async def test_a_case_may_want_more_trials_than_the_run(tmp_path: Path) -> None:
    """All of them are in the report, by number, and progress hears of each."""
    (path,) = suite(tmp_path, one="a", two="a")
    path.write_text(path.read_text().replace("- id: two", "- id: two\n    trials: 3"))
    heard = Heard()
    answers = iter([RIGHT, RIGHT, WRONG, RIGHT])
    desk = ScriptedDesk({"a": lambda: next(answers)})
    report = await run(desk, [path], progress=heard, at_once=1)
    numbers = [[trial.number for trial in case.trials] for case in report.cases]
    assert numbers == [[1], [1, 2, 3]]
    assert [case.status for case in report.cases] == ["passed", "failed"]
    assert (heard.all, len(heard.trials)) == (4, 4)


async def test_the_clock_of_a_case_reaches_the_desk(tmp_path: Path) -> None:
    """Each frozen day has a desk of its own, opened once."""
    (path,) = suite(tmp_path, one="a", two="a", three="a")
    path.write_text(path.read_text().replace("- id: two", "- id: two\n    now: 2026-12-05"))
    desk = ScriptedDesk({"a": RIGHT})
    await run(desk, [path])
    assert [str(settings.today) for settings in desk.settings] == ["2026-11-22", "2026-12-05"]


async def test_rows_of_a_case_are_there_for_its_turns_only_and_for_nobody_else(
    tmp_path: Path,
) -> None:
    """The overlay is added when all before it are done, and gone before the next begins."""
    (path,) = suite(tmp_path, one="a", two="b", three="c")
    rows = "\n    overlay: {users: [{customer_id: CUST901}]}"
    path.write_text(re.sub(r"(- id: two)", rf"\1{rows}", path.read_text()))
    seen: list[str] = []

    @asynccontextmanager
    async def overlay(rows: Rows) -> AsyncIterator[None]:
        seen.append(f"added {rows['users'][0]['customer_id']}")
        yield
        seen.append("removed")

    def asked(name: str) -> Callable[[], Answer]:
        def answer() -> Answer:
            seen.append(name)
            return RIGHT

        return answer

    desk = ScriptedDesk({name: asked(name) for name in "abc"})
    report = await run(desk, [path], overlay=overlay)
    assert seen == ["a", "added CUST901", "b", "removed", "c"]
    assert [case.status for case in report.cases] == ["passed"] * 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("overlay: {users: []}", ""),
        ("overlay: {users: [{customer_id: CUST901}]}", "takes no rows"),
        ("faults: [{tool: list_orders, kind: timeout}]", "not ours to break"),
        ('seed: "generated:40"', "does not hold the data generated:40"),
    ],
)
async def test_a_stack_that_is_not_ours_holds_the_plain_cases_only(
    tmp_path: Path, more: str, said: str
) -> None:
    """What cannot be held there is an error and never a pass."""
    (path,) = suite(tmp_path, one="a")
    path.write_text(path.read_text().replace("turns:", f"{more}\n    turns:"))
    report = await run(ScriptedDesk({"a": RIGHT}), [path], private=False)
    (trial,) = report.cases[0].trials
    assert said in trial.error
    assert trial.status == ("error" if said else "passed")
    assert trial.error.startswith("not run: ") == bool(said)


async def test_a_fault_that_never_happens_makes_its_case_an_error(tmp_path: Path) -> None:
    """What it was to show was not shown."""
    (path,) = suite(tmp_path, one="a")
    fault = "faults: [{tool: list_orders, calls: [2], kind: timeout}]"
    path.write_text(path.read_text().replace("turns:", f"{fault}\n    turns:"))
    report = await run(ScriptedDesk({"a": RIGHT}), [path])
    assert report.cases[0].status == "error"
    assert "never happened" in report.cases[0].trials[0].error


async def test_a_case_that_takes_too_long_is_an_error(tmp_path: Path) -> None:
    """One conversation that hangs does not hold up the run for good."""

    class Hanging(ScriptedDesk):
        async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
            await asyncio.Event().wait()
            yield failed("internal")

    report = await run(Hanging({}), suite(tmp_path, one="a"), seconds=0.05)
    assert "took more than 0.05 seconds" in report.cases[0].trials[0].error


async def test_a_case_that_nothing_judged_is_no_pass(tmp_path: Path) -> None:
    """Scorers that all have nothing to say have said nothing."""

    class Nothing(SaysAmount):
        def score(self, record: CaseRecord) -> Verdict:
            return Verdict("amount", "not_applicable")

    report = await run(ScriptedDesk({"a": RIGHT}), suite(tmp_path, one="a"), scorers=[Nothing()])
    assert report.cases[0].status == "error"


async def test_the_report_says_what_was_run(tmp_path: Path) -> None:
    """Calls, usage, hashes, trials: enough to tell two runs apart."""
    answer = answered("It is 299.99.", called("list_orders", customer_id="CUST001"))
    desk = ScriptedDesk({"a": answer}, results={"list_orders": {"orders": []}})
    report = await run(desk, suite(tmp_path, one="a"))
    (turn,) = report.cases[0].trials[0].turns
    assert [(call.tool, call.input, call.ok) for call in turn.calls] == [
        ("list_orders", {"customer_id": "CUST001"}, True)
    ]
    assert (turn.answer, turn.outcome, turn.by) == ("It is 299.99.", "answered", "evals")
    assert (report.prompt_hashes, list(report.data_hashes)) == (["hash"], ["base"])
    assert report.model_id == "scripted"
