"""Held conversations as a scorer sees them, made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from agent import Answer, Failed, Usage
from evals.cases import Case, Fault, Outcome, Turn
from evals.data import records_of
from evals.oracle import open_oracle
from evals.record import CallRecord, CaseRecord, FiredFault, TurnRecord, Verdict

TODAY = date(2026, 11, 22)
NOTHING: Mapping[str, Any] = MappingProxyType({})

CUSTOMER = {
    "customer_id": "CUST003",
    "username": "bob_johnson",
    "email": "bob.johnson@example.com",
    "first_name": "Bob",
    "last_name": "Johnson",
    "created_at": "2021-09-05",
}
ORDERS = {
    "customer_id": "CUST001",
    "customer_known": True,
    "orders": [
        {
            "order_id": 4,
            "customer_id": "CUST001",
            "total_amount": "89.99",
            "status": "completed",
            "order_date": "2024-02-14",
        },
        {
            "order_id": 1,
            "customer_id": "CUST001",
            "total_amount": "1329.98",
            "status": "completed",
            "order_date": "2024-01-10",
        },
    ],
    "total": 2,
    "sum": "1419.97",
    "truncated": False,
}


def call(
    tool: str = "list_orders",
    data: Mapping[str, Any] | None = NOTHING,
    *,
    ok: bool = True,
    system: str = "aurora",
    error: str | None = None,
    **arguments: Any,
) -> CallRecord:
    """A tool call with its result; one that is not ``ok`` has none."""
    kind = None if ok else error or "unavailable"
    return CallRecord(
        system=system,
        tool=tool,
        input=arguments,
        ok=ok,
        ms=3,
        error=kind,
        data=data if ok else None,
    )


def turn(
    said: str = "orders of CUST001?",
    text: str = "",
    *calls: CallRecord,
    ended: Outcome = "answered",
    silent: Sequence[str] = (),
    failed: Failed | None = None,
    usage: Usage | None = None,
    streamed: str = "",
    seconds: float = 0.5,
    **expected: Any,
) -> TurnRecord:
    """A turn that a rep began and the desk answered; what is expected comes by name.

    ``silent`` are the systems that the answer lists as not asked.
    """
    known = {"rep": said, "outcome": ["answered"], "say": {"must_not": ["zzz"]}}
    answer = Answer(
        conversation_id="conversation",
        turn_id="turn",
        answer=text,
        outcome=ended,
        unavailable=list(silent),
        usage=usage or Usage(),
        model_id="scripted",
        prompt_hash="hash",
    )
    return TurnRecord(
        turn=Turn.model_validate(known | expected),
        calls=calls,
        answer=None if failed else answer,
        failed=failed,
        streamed=streamed,
        seconds=seconds,
    )


def held(
    *turns: TurnRecord,
    prompt: str = "",
    fired: Sequence[Fault] = (),
    before: Mapping[str, str] = NOTHING,
    after: Mapping[str, str] = NOTHING,
    **case: Any,
) -> CaseRecord:
    """A case of these turns over the sample data; what else the case says comes by name."""
    known = {"id": "case", "family": "orders", "now": TODAY, "turns": [each.turn for each in turns]}
    made = Case.model_validate(known | case)
    oracle = open_oracle(made)
    return CaseRecord(
        case=made,
        turns=turns,
        oracle=oracle,
        records=oracle.records if made.overlay else records_of("base"),
        prompt=prompt,
        fired=tuple(FiredFault(fault, "profile", 0) for fault in fired),
        stores_before=before,
        stores_after=after,
    )


def messages(verdict: Verdict) -> list[str]:
    """What the verdict found."""
    return [finding.message for finding in verdict.findings]
