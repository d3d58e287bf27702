"""People read in a terminal what went wrong, where, and what the run does not show."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evals.baseline import Baseline, CaseBaseline, compare
from evals.coverage import Cell, coverage
from evals.reports import show
from evals.results import Report
from tests.evals.reports.made import call, case, report, trial, turn, verdict

HOSTILE = [
    held["text"]
    for held in json.loads(
        (Path(__file__).parents[2] / "data" / "injections.json").read_text(encoding="utf-8")
    )["cases"]
]


def shown(told: Report, **also: Any) -> str:
    """What a person reads, without what only a terminal sees."""
    page = io.StringIO()
    show(told, Console(file=page, width=120), **also)
    return page.getvalue()


def row(page: str, first: str) -> list[str]:
    """The cells of the table line that begins so."""
    lines = [line.split() for line in page.splitlines() if line.split()[:1] == [first]]
    assert len(lines) == 1
    return lines[0][1:]


def test_a_case_that_failed_is_shown_with_its_turns_and_every_finding() -> None:
    """The rep's words, the calls, the answer as it was, and which scorer found what."""
    held = trial(
        "failed",
        turns=[turn("orders?", "None [bold].\nReally."), turn("and hers?", calls=[])],
        verdicts=[
            verdict("facts", "failed", "1329.98 is not said", at=0),
            verdict("grounded", "failed", "says 77", at=1),
            verdict("stores_unchanged", "failed", "a row was added", safety=True, at=None),
        ],
    )
    page = shown(report(case("held-1", trials=[held]), case("fine-1")))
    parts = [
        "FAILED held-1",
        "1. orders?",
        '> list_orders {"customer_id": "CUST001"} -> ok (2 rows)',
        "| None [bold].",
        "| Really.",
        "facts: 1329.98 is not said",
        "2. and hers?",
        "grounded: says 77",
        "stores_unchanged (safety): a row was added",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "fine-1" not in page


def test_a_case_that_was_not_judged_says_why() -> None:
    """An error is neither a pass nor a failure, and its reason is read."""
    page = shown(report(case("a"), case("b", "error")))
    assert "ERROR b" in page
    assert "not scored: model_unavailable: no model" in page
    assert "2 conversations: 1 passed, 0 failed, 1 error, in 1.5 s" in page
    assert "1 of 2 conversations not scored" in page


def test_families_are_counted_apart_and_together() -> None:
    """Cases, passed, failed, error, and how many of them were unsafe."""
    told = report(
        case("a"), case("b", "failed"), case("c", "error"), case("d", family="joins"), trials=1
    )
    page = shown(told)
    assert row(page, "orders") == ["3", "1", "1", "1", "0"]
    assert row(page, "joins") == ["1", "1", "0", "0", "0"]
    assert row(page, "all") == ["4", "2", "1", "1", "0"]
    assert "pass^" not in page


def test_several_trials_show_how_often_all_of_them_pass() -> None:
    """pass^1 and pass^4 are means over the cases."""
    always = case("a", "passed", "passed", "passed", "passed")
    told = report(always, case("b", "passed", "failed", "passed", "passed"))
    page = shown(told)
    assert row(page, "all") == ["2", "1", "1", "0", "0", "0.875", "0.500"]
    assert "trial 2; 3 of 4 trials passed" in page
    assert "2 conversations x 4 trials" in page
    assert "0 of 8 trials not scored" in page


def test_safety_stands_by_itself() -> None:
    """A safety scorer is not among those of quality, and names what was unsafe."""
    unsafe = trial("failed", verdicts=[verdict("pii_scope", "failed", "a phone", safety=True)])
    page = shown(report(case("a"), case("leak-1", trials=[unsafe], severity="safety")))
    safety, quality = page.split("Safety (")[1].split("Quality")
    assert row(safety, "pii_scope") == ["2", "1", "1", "0", "0"]
    assert "facts" not in safety
    assert row(quality, "facts") == ["1", "1", "0", "0", "0"]
    assert "pii_scope" not in quality
    assert "0 of 1 conversations about safety passed; 1 unsafe: leak-1" in safety


def test_a_scorer_with_nothing_to_judge_is_not_counted_as_a_pass() -> None:
    """A pass is something that was judged."""
    held = trial(verdicts=[verdict("injection", "not_applicable", safety=True)])
    page = shown(report(case("a", trials=[held])))
    assert row(page, "injection") == ["0", "0", "0", "0", "1"]


def test_holes_in_the_coverage_are_named() -> None:
    """Explained holes are marked, the others are listed, so are explanations of nothing."""
    told = report(case("a", trials=[trial(turns=[turn(calls=[call(), call(kind="error")])])]))
    explained = {Cell("list_orders", "refused"): "reads only", Cell("list_orders", "ok"): "never"}
    page = shown(told, coverage=coverage(told, explained=explained))
    assert row(page, "list_orders") == ["1", "0", "1", "-"]
    assert "1 empty and not explained: list_orders x empty" in page
    assert "explained for nothing, take out: list_orders x ok" in page
    part = shown(told, coverage=coverage(told, explained={}, whole=False))
    assert "not explained" not in part
    assert "Only a part of the suite ran" in part


def test_the_comparison_names_flips_both_ways() -> None:
    """What is lost, gained, new and gone, and whether that is worse."""
    told = report(case("a", "failed"), case("b"), case("new-1"))
    past = {name: (1, 1) for name in ("a", "gone-1")} | {"b": (0, 1)}
    baseline = Baseline(
        model_id="other.model",
        prompt_hashes=["p1"],
        data_hashes={},
        commit="",
        cases={
            name: CaseBaseline(passes=passes, trials=held, p50_ms=1, tokens=1)
            for name, (passes, held) in past.items()
        },
    )
    page = shown(told, comparison=compare(told, baseline))
    assert row(page, "gone") == ["1", "gone-1"]
    assert row(page, "new,")[-2:] == ["1", "new-1"]
    assert row(page, "passed")[-2:] == ["1", "a"]
    assert row(page, "did")[-2:] == ["1", "b"]
    assert "another model: other.model before, some.model now" in page
    assert "not worse (2 compared" in page
    assert "tokens 2 -> 1,880 (+93900.0%); ms 2 -> 240 (+11900.0%)" in page


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ("", "Nothing was held"),
        ("passed passed", "All 2 conversations passed"),
        ("passed error", "None failed, but not all could be judged"),
        ("failed error passed", "1 of 3 conversations failed"),
    ],
)
def test_one_line_says_what_it_came_to(statuses: str, words: str) -> None:
    """Whoever reads nothing else reads this."""
    held: list[Any] = statuses.split()
    cases = [case(f"case-{number}", status) for number, status in enumerate(held)]
    assert words in shown(report(*cases)).splitlines()


def test_the_line_says_also_why_else_a_run_is_not_right() -> None:
    """Everything passed, and still the run fails."""
    told = report(case("a"), model_id="local.understudy")
    table = coverage(told, explained={Cell("list_orders", "refused"): "it only reads"})
    assert "The conversation passed, and the coverage has 2 holes" in shown(told, coverage=table)


def test_a_run_without_a_live_model_says_what_it_does_not_show() -> None:
    """Nobody takes rules, or a recording, for a language model of today."""
    offline = " ".join(shown(report(case(), model_id="local.understudy")).split())
    assert "It says nothing about how well a language model answers" in offline
    assert "would say today" in shown(report(case(), replayed=True))
    live = shown(report(case()))
    assert "understudy" not in live
    assert "recording" not in live


def test_a_broken_desk_does_not_fill_the_screen() -> None:
    """Beyond a number of cases only names are shown, and where the rest is."""
    told = report(*(case(f"case-{number}", "failed") for number in range(5)))
    page = shown(told, in_full=2, files=[Path("reports") / "report.html"])
    assert page.count("1. Which orders?") == 2
    assert "3 more did not pass" in page
    assert "case-4" in page
    assert "report: reports/report.html" in page


@pytest.mark.parametrize("text", [*HOSTILE, "\x1b[2J\x1b]0;title\x07", "\u202eevil", "\ud800"])
def test_no_text_acts_on_the_terminal(text: str) -> None:
    """Whatever data holds, no control character reaches the terminal, and markup is text."""
    held = trial(
        "failed",
        turns=[turn(text, f"[link=x]{text}[/link]", calls=[call(text, input={"q": text})])],
        verdicts=[verdict("facts", "failed", f"wrong: {text}", text=text)],
    )
    page = shown(report(case("a", trials=[held])))
    assert "[link=x]" in page
    assert [
        sign for sign in page if sign != "\n" and not sign.isprintable() and sign < "\xa0"
    ] == []
    assert not set(page) & {"\u202e", "\ud800"}
