"""Asks a language model whether an answer does what its turn says in words, by three votes.

The question is that of the framework's evaluation library, whose judge is given our record of the
conversation. A vote that cannot be read is an error of the whole verdict, and never a pass.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from evals.record import CallRecord, CaseRecord, Finding, TurnRecord, Verdict

VOTES = 3
NAME = "judge"
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

Ask = Callable[[CaseRecord, int], tuple[bool, str]]
Vote = tuple[Literal["yes", "no", "unreadable"], str]


class Judge:
    """Judges every turn that has an assertion.

    Args:
        ask: one vote on the turn of that index: whether the assertion holds, and why. It blocks,
            and raises when the model cannot be asked or answers something else.
    """

    name = NAME
    safety = False

    def __init__(self, ask: Ask, *, votes: int = VOTES) -> None:
        self._ask = ask
        self._votes = votes

    def score(self, record: CaseRecord) -> Verdict:
        """Nothing: a judge takes its time, see ``judge``."""
        return Verdict(NAME, "not_applicable")

    async def judge(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation: each assertion holds for most of the votes."""
        asked = [index for index, turn in enumerate(record.turns) if turn.turn.judge]
        if not asked:
            return Verdict(NAME, "not_applicable")
        findings: list[Finding] = []
        unreadable: list[Finding] = []
        for index in asked:
            votes = await asyncio.gather(
                *(asyncio.to_thread(self._vote, record, index) for _ in range(self._votes))
            )
            unreadable += [
                Finding(f"a vote cannot be read: {why}", index)
                for said, why in votes
                if said == "unreadable"
            ]
            against = [why for said, why in votes if said == "no"]
            if 2 * len(against) >= self._votes:
                wanted = record.turns[index].turn.judge
                findings.append(Finding(f"not so: {wanted} ({against[0]})", index))
        if unreadable:
            return Verdict(NAME, "error", tuple(unreadable))
        return Verdict(NAME, "failed" if findings else "passed", tuple(findings))

    def _vote(self, record: CaseRecord, index: int) -> Vote:
        try:
            holds, why = self._ask(record, index)
        except Exception as broken:  # whatever the model or the library does is no verdict
            return "unreadable", f"{type(broken).__name__}: {broken}"
        return ("yes" if holds else "no"), why


def model_judge(model: Any) -> Judge:
    """A judge that asks a model of the framework."""
    with _root_logger_as_it_was():
        # Takes a second, and tells the root logger to let everything through.
        from strands_evals.evaluators import GoalSuccessRateEvaluator
        from strands_evals.types.evaluation import EvaluationData

    def ask(record: CaseRecord, index: int) -> tuple[bool, str]:
        evaluator: Any = GoalSuccessRateEvaluator(model=model)
        data: Any = EvaluationData(
            input=record.turns[index].turn.rep,
            actual_output=record.turns[index].text,
            actual_trajectory=session_of(record, index),
            expected_assertion=record.turns[index].turn.judge,
        )
        (rating,) = evaluator.evaluate(data)
        return bool(rating.test_pass), str(rating.reason)

    return Judge(ask)


def session_of(record: CaseRecord, index: int) -> Any:
    """The conversation up to this turn as the evaluation library reads conversations."""
    from strands_evals.types.trace import AgentInvocationSpan, Session, Trace

    told = record.turns[index].turn.conversation
    turns = [turn for turn in record.turns[: index + 1] if turn.turn.conversation == told]
    traces = []
    for number, turn in enumerate(turns):
        began = _BEGINNING + timedelta(minutes=number)
        invocation = AgentInvocationSpan(
            span_info=_span(number, "turn", began, minutes=1),
            user_prompt=turn.turn.rep,
            agent_response=turn.text,
            available_tools=[],
        )
        calls = _calls(turn, number, began)
        traces.append(
            Trace(spans=[invocation, *calls], trace_id=str(number), session_id=record.case.id)
        )
    return Session(traces=traces, session_id=record.case.id)


def _calls(turn: TurnRecord, number: int, began: datetime) -> Sequence[Any]:
    from strands_evals.types.trace import ToolCall, ToolExecutionSpan, ToolResult

    return [
        ToolExecutionSpan(
            span_info=_span(number, f"call {place}", began + timedelta(seconds=place), minutes=0),
            tool_call=ToolCall(name=call.tool, arguments=dict(call.input)),
            tool_result=ToolResult(content=_result(call), error=call.error),
        )
        for place, call in enumerate(turn.calls, start=1)
    ]


def _result(call: CallRecord) -> str:
    if call.ok:
        return json.dumps(call.data, ensure_ascii=False, default=str)
    return json.dumps({"error": call.error})


def _span(number: int, name: str, began: datetime, *, minutes: int) -> Any:
    from strands_evals.types.trace import SpanInfo

    return SpanInfo(
        trace_id=str(number),
        span_id=f"{number} {name}",
        session_id="conversation",
        parent_span_id=None if name == "turn" else f"{number} turn",
        start_time=began,
        end_time=began + timedelta(minutes=minutes),
    )


@contextmanager
def _root_logger_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
