"""Held turns and small reports, for tests of what breaks a desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.cases import Case
from evals.mutation import Mutant, all_mutants
from evals.mutation.held_turns import HeldTurn
from evals.mutation.kill_table import Kill, MutantReport
from evals.record import CallRecord, TurnRecord
from evals.results import Report
from tests.evals.reports.made import case as case_report
from tests.evals.reports.made import report as run_report
from tests.evals.reports.made import trial, verdict
from tests.evals.scripted_desk import answered, called


def mutant(mutant_id: str) -> Mutant:
    """The mutant of that id."""
    return next(mutant for mutant in all_mutants() if mutant.id == mutant_id)


def a_case(rep: str = "Which orders has CUST001?", **changed: Any) -> Case:
    """A case of one turn."""
    turn = {"rep": rep, "outcome": "answered", "say": {"must": ["1"]}}
    known = {"id": "some-case", "family": "orders", "now": "2026-11-22", "turns": [turn]}
    return Case.model_validate(known | changed)


def held(
    text: str,
    *results: Mapping[str, Any],
    rep: str = "Which orders has CUST001?",
    case: Case | None = None,
    **answer: Any,
) -> HeldTurn:
    """A turn with this answer, after a call for each of the results."""
    case = case or a_case(rep)
    calls = tuple(
        CallRecord(system="aurora", tool="list_orders", input={}, ok=True, ms=1, data=result)
        for result in results
    )
    said = answered(text, *(called("list_orders") for _ in results), **answer)
    return HeldTurn(case, TurnRecord(turn=case.turns[0], calls=calls, answer=said), said)


def changed(mutant_id: str, turn: HeldTurn) -> HeldTurn:
    """What the mutant makes of the turn."""
    change = mutant(mutant_id).change
    assert change is not None
    return change(turn)


def run_of(cases: Mapping[str, Sequence[str]]) -> Report:
    """A run in which these scorers found something wrong in each case; none: the case passed."""
    held_cases = []
    for case_id, scorers in cases.items():
        verdicts = [verdict(scorer, "failed", "wrong") for scorer in scorers] or [verdict()]
        status = "failed" if scorers else "passed"
        held_cases.append(case_report(case_id, trials=[trial(status, verdicts=verdicts)]))  # type: ignore[arg-type]  # one of two words
    return run_report(*held_cases)


def killed(
    mutant_id: str, kills: Mapping[str, Iterable[str]], *meant_for: str, **changed: Any
) -> MutantReport:
    """A mutant that these cases killed, each by these scorers."""
    known: dict[str, Any] = {
        "id": mutant_id,
        "group": "answer",
        "does": "Is wrong.",
        "meant_for": list(meant_for),
        "cases": 10,
        "passed": 10 - len(kills),
        "kills": [Kill(case=case, scorers=list(scorers)) for case, scorers in kills.items()],
    }
    return MutantReport(**known | changed)
