"""Turns what was held and what scorers said of it into the report's data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evals.cases import Case
from evals.coverage import kind_of
from evals.record import CallRecord, Finding, Scorer, TurnRecord, Verdict
from evals.results import (
    CallReport,
    CaseReport,
    FindingReport,
    Status,
    TrialReport,
    TurnReport,
    Usage,
    VerdictReport,
)
from evals.runner.holding import Held


def case_report(case: Case, trials: Iterable[TrialReport]) -> CaseReport:
    """A case with all its trials."""
    return CaseReport(
        id=case.id,
        family=case.family,
        tags=list(case.tags),
        severity=case.severity,
        seed=case.seed,
        now=case.now.isoformat(),
        trials=sorted(trials, key=lambda trial: trial.number),
    )


def trial_report(held: Held, verdicts: Sequence[tuple[Scorer, Verdict]]) -> TrialReport:
    """A trial: one that could not be judged is an error, whatever scorers would say of it."""
    return TrialReport(
        number=held.trial,
        status=_status(held, [verdict for _, verdict in verdicts]),
        error=held.error or _error(verdict for _, verdict in verdicts),
        turns=[_turn(held.case, turn) for turn in held.turns],
        verdicts=[_verdict(scorer, verdict) for scorer, verdict in verdicts],
        ms=round(held.seconds * 1000),
    )


def unheld(case: Case, number: int, reason: str) -> TrialReport:
    """A trial that was never begun."""
    return TrialReport(number=number, status="error", error=f"not run: {reason}")


def _status(held: Held, verdicts: Sequence[Verdict]) -> Status:
    statuses = {verdict.status for verdict in verdicts}
    if held.error:
        return "error"
    if "failed" in statuses:
        return "failed"
    # Without any verdict that is a pass nothing was judged.
    return "error" if "error" in statuses or "passed" not in statuses else "passed"


def _error(verdicts: Iterable[Verdict]) -> str:
    return "; ".join(
        f"{verdict.scorer}: {finding.message}"
        for verdict in verdicts
        if verdict.status == "error"
        for finding in verdict.findings or (Finding("could not judge"),)
    )


def _verdict(scorer: Scorer, verdict: Verdict) -> VerdictReport:
    return VerdictReport(
        scorer=verdict.scorer,
        safety=scorer.safety,
        status=verdict.status,
        findings=[
            FindingReport(message=finding.message, turn=finding.turn, text=finding.text)
            for finding in verdict.findings
        ],
    )


def _turn(case: Case, record: TurnRecord) -> TurnReport:
    answer, failed = record.answer, record.failed
    usage = answer.usage if answer else None
    return TurnReport(
        rep=record.turn.rep,
        conversation=record.turn.conversation,
        by=record.turn.by or case.rep,
        answer=answer.answer if answer else "",
        outcome=answer.outcome if answer else "",
        failed=f"{failed.code}: {failed.message}" if failed else "",
        unavailable=list(answer.unavailable) if answer else [],
        calls=[_call(call) for call in record.calls],
        usage=Usage(
            model_calls=usage.model_calls if usage else 0,
            tool_calls=len(record.calls),
            input_tokens=usage.input_tokens if usage else 0,
            output_tokens=usage.output_tokens if usage else 0,
            ms=round(record.seconds * 1000),
        ),
    )


def _call(call: CallRecord) -> CallReport:
    return CallReport(
        system=call.system,
        tool=call.tool,
        input=dict(call.input),
        ok=call.ok,
        kind=kind_of(call),
        error=call.error,
        rows=call.rows,
        ms=call.ms,
    )
