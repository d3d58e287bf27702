"""The exit code says the worst that is known."""

from __future__ import annotations

import pytest

from evals.reports import exit_code
from evals.results import Status
from tests.evals.reports.made import case, report


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (("passed", "passed"), 0),
        (("passed", "failed"), 1),
        (("failed", "error"), 1),
        (("passed", "error"), 3),
        (("error", "error"), 3),
        ((), 3),
    ],
)
def test_it_follows_how_the_cases_ended(statuses: tuple[Status, ...], code: int) -> None:
    """Nothing judged, something failed, something not judged, and all right are told apart."""
    cases = [case(f"case-{number}", status) for number, status in enumerate(statuses)]
    assert exit_code(report(*cases)) == code


def test_a_trial_that_could_not_be_judged_is_no_pass() -> None:
    """Three good trials do not speak for the fourth."""
    assert exit_code(report(case("a", "passed", "passed", "error"))) == 3
    assert exit_code(report(case("a", "passed", "failed", "error"))) == 1


def test_a_hole_in_the_coverage_fails_a_run_that_passed() -> None:
    """All right over less than was promised is not all right."""
    assert exit_code(report(case()), coverage_gaps=["list_orders x error"]) == 1


def test_what_was_not_judged_goes_before_a_hole_in_the_coverage() -> None:
    """A case that was not held may be the very one that fills the hole."""
    told = report(case("a"), case("b", "error"))
    assert exit_code(told, coverage_gaps=["list_orders x error"]) == 3


@pytest.mark.parametrize("status", ["passed", "failed"])
def test_worse_than_the_baseline_has_a_code_of_its_own(status: Status) -> None:
    """A live model fails some cases every time; the change is what counts."""
    assert exit_code(report(case("a", status)), regression=True) == 4


def test_nothing_judged_is_not_worse() -> None:
    """A broken network says nothing about the desk."""
    assert exit_code(report(case("a", "error")), regression=True) == 3
