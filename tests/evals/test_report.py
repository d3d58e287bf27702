"""The report says what did not pass, and its exit code says the same."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from evals.report import CaseResult, Report, Status, TurnResult, exit_code, show


def report(*statuses: Status, model_id: str = "some.model") -> Report:
    """A report with one case of each status."""
    cases = [
        CaseResult(
            id=f"case-{number}",
            family="orders",
            status=status,
            turns=[TurnResult(rep="orders?", answer="None [bold].", findings=["wrong total"])]
            if status == "failed"
            else [],
            error="no model" if status == "error" else "",
        )
        for number, status in enumerate(statuses)
    ]
    return Report(model_id=model_id, stack="local", prompt_hashes=["h"], ms=1500, cases=cases)


def shown(told: Report) -> str:
    """What a person reads."""
    page = io.StringIO()
    show(told, Console(file=page, width=100))
    return page.getvalue()


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (("passed", "passed"), 0),
        (("passed", "failed"), 1),
        (("failed", "error"), 1),
        (("passed", "error"), 3),
        (("error",), 3),
        ((), 3),
    ],
)
def test_the_exit_code_follows_the_worst_that_is_known(
    statuses: tuple[Status, ...], code: int
) -> None:
    """Nothing judged, something failed, something unjudged, and all right are told apart."""
    assert exit_code(report(*statuses)) == code


def test_a_person_reads_what_failed_and_why() -> None:
    """The page names the case, the rep's words, the answer as it was, and the finding."""
    page = shown(report("passed", "failed", "error"))
    for part in ("case-1", "orders?", "None [bold].", "wrong total", "case-2", "no model"):
        assert part in page
    assert "3 conversations: 1 passed, 1 failed, 1 error, in 1.5 s" in page
    assert "case-0" not in page


def test_a_run_with_the_understudy_says_what_it_does_not_show() -> None:
    """Nobody takes rules for a language model."""
    assert "nothing about a language model" in shown(report("passed", model_id="local.understudy"))
    assert "nothing about a language model" not in shown(report("passed"))


def test_the_report_is_json() -> None:
    """Programs read the same as people."""
    data = json.loads(report("failed").model_dump_json())
    assert data["version"] == 1
    assert data["cases"][0]["turns"][0]["findings"] == ["wrong total"]
