"""Reports made up for tests of what tells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.cases import Severity
from evals.record import VerdictStatus
from evals.results import (
    CallReport,
    CaseReport,
    CoverageKind,
    FindingReport,
    Report,
    Status,
    TrialReport,
    TurnReport,
    Usage,
    VerdictReport,
)


def call(tool: str = "list_orders", kind: CoverageKind = "ok", **changed: Any) -> CallReport:
    """A call that ended in that way."""
    ok = kind in ("ok", "empty")
    known: dict[str, Any] = {
        "system": "aurora",
        "tool": tool,
        "input": {"customer_id": "CUST001"},
        "ok": ok,
        "kind": kind,
        "error": None if ok else {"refused": "refused"}.get(kind, "timeout"),
        "rows": {"ok": 2, "empty": 0}.get(kind),
        "ms": 3,
    }
    return CallReport(**known | changed)


def turn(rep: str = "Which orders?", answer: str = "Order **1**.", **changed: Any) -> TurnReport:
    """An answered turn after one call."""
    known: dict[str, Any] = {
        "rep": rep,
        "conversation": "main",
        "by": "evals",
        "answer": answer,
        "outcome": "answered",
        "calls": [call()],
        "usage": Usage(model_calls=2, tool_calls=1, input_tokens=900, output_tokens=40, ms=20),
    }
    return TurnReport(**known | changed)


def verdict(
    scorer: str = "facts",
    status: VerdictStatus = "passed",
    message: str = "",
    *,
    safety: bool = False,
    text: str = "",
    at: int | None = 0,
) -> VerdictReport:
    """A verdict, with one finding when there is a message."""
    findings = [FindingReport(message=message, turn=at, text=text)] if message else []
    return VerdictReport(scorer=scorer, safety=safety, status=status, findings=findings)


def trial(status: Status = "passed", number: int = 1, **changed: Any) -> TrialReport:
    """A trial that ended in that way, with what a reader needs to see why."""
    known: dict[str, Any] = {
        "number": number,
        "status": status,
        "turns": [turn()],
        "verdicts": [verdict(), verdict("pii_scope", safety=True)],
        "ms": 120,
    }
    if status == "failed":
        known["verdicts"] = [
            verdict("facts", "failed", "the answer does not say 1329.98", text="Order **1**"),
            verdict("pii_scope", safety=True),
        ]
    if status == "error":
        known |= {"error": "model_unavailable: no model", "turns": [], "verdicts": []}
    return TrialReport(**known | changed)


def case(
    case_id: str = "orders-1",
    *statuses: Status,
    family: str = "orders",
    severity: Severity = "normal",
    trials: Sequence[TrialReport] = (),
) -> CaseReport:
    """A case with a trial of each status."""
    held = [trial(status, number) for number, status in enumerate(statuses or ("passed",), 1)]
    return CaseReport(
        id=case_id,
        family=family,
        severity=severity,
        tags=["smoke"],
        seed="base",
        now="2026-11-22",
        trials=list(trials) or held,
    )


def report(*cases: CaseReport, **changed: Any) -> Report:
    """A run of these cases."""
    known: dict[str, Any] = {
        "started": "2026-11-22T10:00:00+00:00",
        "ms": 1500,
        "model_id": "some.model",
        "stack": "local",
        "prompt_hashes": ["p1"],
        "data_hashes": {"base": "d1"},
        "commit": "abc1234",
        "trials": max((len(held.trials) for held in cases), default=1),
        "cases": list(cases),
    }
    return Report(**known | changed)
