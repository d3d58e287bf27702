"""The kill table says who noticed which broken desk."""

from __future__ import annotations

from evals.mutation.kill_table import (
    Kill,
    MutationReport,
    killing_cases,
    killing_scorers,
    mutant_report,
    needed_scorers,
)
from tests.evals.mutation.held import killed, mutant, run_of
from tests.evals.reports.made import case, report


def test_a_case_kills_when_it_fails_with_the_broken_desk_only() -> None:
    """A case that the whole desk fails too says nothing, and neither does one not judged."""
    baseline = report(case("a"), case("b", "failed"), case("c"), case("d"))
    broken = report(case("a", "failed"), case("b", "failed"), case("c", "error"), case("d"))
    held = mutant_report(mutant("changed-date"), baseline, broken)
    assert held.kills == [Kill(case="a", scorers=["facts"])]
    assert (held.errors, held.passed, held.cases) == (["c"], 1, 4)


def test_all_scorers_of_a_case_are_named_once() -> None:
    """In the order of their names, over all cases that kill."""
    baseline = run_of({"a": [], "b": []})
    broken = run_of({"a": ["outcome", "facts"], "b": ["facts"]})
    held = mutant_report(mutant("changed-date"), baseline, broken)
    assert [kill.scorers for kill in held.kills] == [["facts", "outcome"], ["facts"]]
    assert held.scorers == ["facts", "outcome"]


def test_desks_that_do_nothing_show_nothing_about_cases_and_scorers() -> None:
    """Every case would kill them, whatever it checks."""
    dumb = killed("says-nothing", {"a": ["outcome"]}, group="dumb")
    broken = killed("x", {"b": ["facts"]})
    assert killing_cases([dumb, broken]) == {"b"}
    assert killing_scorers([dumb, broken]) == {"facts"}
    assert needed_scorers([dumb]) == {}


def test_a_case_must_notice_something_by_what_it_expects() -> None:
    """Scorers that judge every answer alike would make any case fail."""
    kills = {"a": ["grounded", "promises"], "b": ["grounded", "outcome"]}
    assert killing_cases([killed("x", kills)]) == {"b"}


def test_a_scorer_is_needed_where_no_other_notices() -> None:
    """Or where it alone is meant to, although others happen to notice as well."""
    alone = killed("alone", {"a": ["facts"], "b": ["facts"]}, "facts", "outcome")
    both = killed("both", {"a": ["facts", "outcome"]}, "facts", "outcome")
    meant = killed("meant", {"a": ["facts", "budget"]}, "budget")
    assert needed_scorers([alone, both, meant]) == {"facts": ["alone"], "budget": ["meant"]}


def test_the_report_survives_json() -> None:
    """What programs read back is what was written."""
    made = MutationReport(
        started="2026-11-22",
        ms=1,
        model_id="m",
        commit="",
        whole=True,
        cases=10,
        mutants=[killed("x", {"a": ["facts"]}, "facts")],
    )
    assert MutationReport.model_validate_json(made.model_dump_json()) == made
    assert '"scorers":["facts"]' in made.model_dump_json()


def test_no_case_at_all_is_no_success() -> None:
    """A dumb desk that was asked nothing has not scored low."""
    assert killed("says-nothing", {}, group="dumb", cases=0, passed=0).share_passed == 1.0
