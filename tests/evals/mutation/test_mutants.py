"""The broken desks as a whole: enough of them, each with somebody who is to notice."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

from rich.console import Console

from evals.mutation import MutationReport, all_mutants, show_mutation, write_mutation
from evals.mutation.kill_table import Problem
from evals.mutation.mutant import GROUPS
from evals.scorers import SCORERS
from tests.evals.mutation.held import killed

REPORT = MutationReport(
    started="2026-11-22",
    ms=61_000,
    model_id="local.understudy",
    commit="",
    whole=True,
    cases=10,
    mutants=[
        killed("noticed", {"a": ["facts"], "b": ["facts"], "c": ["outcome"]}, "facts"),
        killed("unseen", {}, "facts"),
        killed("says-nothing", {}, group="dumb", passed=1),
    ],
    problems=[
        Problem(kind="mutant", name="unseen", message="unseen is killed by no case"),
        Problem(kind="case", name="c", message="the case c kills nothing", accepted="As it is."),
    ],
)


def test_the_desk_is_broken_in_many_ways() -> None:
    """At least twenty-four beside the three that do nothing, of every group, no id twice."""
    mutants = all_mutants()
    counted = Counter(mutant.group for mutant in mutants)
    assert set(counted) == set(GROUPS)
    assert (counted["dumb"], counted.total() - counted["dumb"] >= 24) == (3, True)
    assert len({mutant.id for mutant in mutants}) == len(mutants)


def test_somebody_is_to_notice_each_mutant() -> None:
    """The scorers that are named are there, and each scorer is meant for something."""
    known = {scorer.name for scorer in SCORERS}
    broken = [mutant for mutant in all_mutants() if mutant.group != "dumb"]
    assert all(mutant.meant_for for mutant in broken)
    assert {scorer for mutant in broken for scorer in mutant.meant_for} == known - {"judge"}


def test_every_mutant_says_what_it_does_in_one_sentence() -> None:
    """For readers who do not look into the code."""
    sentences = [mutant.does for mutant in all_mutants()]
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_the_table_shows_who_noticed_and_what_got_away() -> None:
    """At a terminal of eighty columns."""
    written = io.StringIO()
    show_mutation(REPORT, Console(file=written, width=100))
    shown = written.getvalue()
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "noticed answer 3 facts, outcome a, b" in lines
    assert "unseen answer 0 nobody" in lines
    assert "says-nothing: passes 1 of 10 cases (10.0%)" in lines
    assert "not good enough: unseen is killed by no case" in lines
    assert "known: the case c kills nothing: As it is." in lines
    assert "1 of 2 broken desks are noticed; 3 of 10 cases notice one; 61 s" in shown


def test_a_part_of_the_suite_is_said_to_be_one(tmp_path: Path) -> None:
    """Nobody takes it for a verdict on the whole; as JSON it is there as well."""
    written = io.StringIO()
    part = REPORT.model_copy(update={"whole": False, "mutants": [], "problems": []})
    show_mutation(part, Console(file=written, width=200))
    assert "the suite itself is not judged" in written.getvalue()
    path = tmp_path / "new" / "mutation.json"
    write_mutation(part, path)
    assert MutationReport.model_validate_json(path.read_text()) == part
