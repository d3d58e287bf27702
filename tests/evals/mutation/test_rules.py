"""The rules of a suite that can fail, each broken once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from evals.mutation import exit_code, read_survivors, run_mutants
from evals.mutation.kill_table import MutantReport, Problem
from evals.mutation.mutant import Mutant
from evals.mutation.rules import problems
from evals.mutation.survivors import Survivors, SurvivorsError
from evals.results import Report
from tests.evals.mutation.held import killed, mutant, run_of

REASON = "No question of the suite can show this, because nobody asks it."
TWO = {"a": ["facts"], "b": ["facts"]}
SOUND = killed("x", TWO, "facts")


def found(
    *mutants: MutantReport,
    baseline: Mapping[str, Sequence[str]] | None = None,
    scorers: Iterable[str] = ("facts",),
    whole: bool = True,
    **known: dict[str, str],
) -> list[Problem]:
    """What is wrong with a suite of the cases a and b."""
    run = run_of(baseline if baseline is not None else {"a": [], "b": []})
    return problems(run, mutants, scorers, Survivors(**known), whole=whole)


def messages(wrong: Iterable[Problem]) -> list[str]:
    """What is said of them."""
    return [problem.message for problem in wrong]


def test_a_suite_that_keeps_all_rules_has_no_problem() -> None:
    """Two cases kill, the scorer meant for it notices, every case and scorer is of use."""
    assert found(SOUND) == []


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (killed("y", {}, "facts"), "y is killed by no case"),
        (killed("y", {"a": ["facts"]}, "facts"), "y is killed by only one case"),
        (
            killed("y", TWO, "budget", "promises"),
            "y is killed, but not by budget nor promises, which is meant for it",
        ),
        (killed("y", {}, group="dumb", passed=2), "y passes 20% of the cases"),
    ],
)
def test_a_mutant_that_gets_away_is_a_problem(made: MutantReport, message: str) -> None:
    """Too few cases, the wrong scorer, or a desk that does nothing and does well."""
    assert messages(found(SOUND, made)) == [message]


def test_fifteen_of_a_hundred_are_too_many_for_a_dumb_desk() -> None:
    """Fourteen are not."""
    dumb = [killed("z", {}, group="dumb", cases=100, passed=passed) for passed in (14, 15)]
    assert [len(found(SOUND, one)) for one in dumb] == [0, 1]


def test_a_case_that_kills_nothing_is_a_problem() -> None:
    """It passes whatever the desk does."""
    idle = found(SOUND, baseline={"a": [], "b": [], "idle": []})
    assert messages(idle) == ["the case idle kills nothing by what it expects"]


def test_a_scorer_without_use_is_a_problem() -> None:
    """It notices nothing, or nothing that others do not; a judge is asked live only."""
    both = killed("x", {"a": ["facts", "outcome"], "b": ["facts"]}, "facts")
    assert messages(found(both, scorers=["facts", "outcome", "budget", "judge"])) == [
        "without the scorer outcome every mutant would be killed all the same",
        "the scorer budget kills nothing",
    ]


def test_a_case_that_the_desk_fails_as_it_is_is_a_problem() -> None:
    """It cannot notice anything; a part of the suite is judged by that alone."""
    wrong = found(whole=False, baseline={"a": [], "b": ["facts"]})
    assert messages(wrong) == ["the desk as it is does not pass the case b: failed"]
    nothing = found(whole=False, baseline={"b": ["facts"]})
    assert nothing[0].message == "no case passes, so none can kill"


def test_a_reason_accepts_a_problem_and_only_its_own() -> None:
    """The problem stays in the report, with its reason."""
    lone = killed("y", {}, "facts")
    [known] = found(SOUND, lone, mutant={"y": REASON})
    assert (known.name, known.accepted) == ("y", REASON)
    [open_one] = [problem for problem in found(SOUND, lone, case={"y": REASON})][:1]
    assert open_one.accepted == ""


def test_a_reason_for_nothing_is_a_problem() -> None:
    """What is noticed by now must not be excused any longer."""
    stale = found(SOUND, mutant={"x": REASON}, scorer={"facts": REASON})
    assert messages(stale) == [
        "survivors.yaml has a reason for the mutant x, which needs none",
        "survivors.yaml has a reason for the scorer facts, which needs none",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mutant: {x: ''}", "mutant.x: String should have at least 20 characters"),
        ("mutants: {}", "mutants: Extra inputs are not permitted"),
        ("mutant: [", "is no YAML"),
    ],
)
def test_a_file_of_reasons_that_says_nothing_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """Unknown keys, empty reasons and broken files are errors with the place in them."""
    file = tmp_path / "survivors.yaml"
    file.write_text(text)
    with pytest.raises(SurvivorsError, match=message):
        read_survivors(file)


def test_the_reasons_of_the_project_can_be_read() -> None:
    """Nothing but reasons stands in the file."""
    assert isinstance(read_survivors(), Survivors)


async def test_each_mutant_is_held_once_and_compared() -> None:
    """The desk as it is comes first; a mutant that nobody notices makes the run fail."""
    runs: list[Any] = []

    async def hold(broken: Mutant | None) -> Report:
        runs.append(broken.id if broken else None)
        noticed = broken is not None and broken.id == "changed-date"
        return run_of({"a": ["facts"] if noticed else [], "b": ["facts"] if noticed else []})

    heard: list[str] = []
    report = await run_mutants(
        [mutant("changed-date"), mutant("lost-history")],
        hold,
        scorers=["facts"],
        survivors=Survivors(),
        progress=lambda held: heard.append(held.id),
    )
    assert runs == [None, "changed-date", "lost-history"]
    assert heard == ["changed-date", "lost-history"]
    assert messages(report.open_problems) == ["lost-history is killed by no case"]
    assert exit_code(report) == 1
    assert exit_code(report.model_copy(update={"problems": []})) == 0
