"""Holds one trial of a case: asks its turns one after the other, and writes down all that shows."""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import aclosing
from dataclasses import dataclass, field

from agent import (
    Answered,
    Failed,
    Question,
    Rep,
    Reset,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)
from evals.cases import Case, Turn
from evals.faults import FaultPlan
from evals.record import CallRecord, FiredFault, TurnRecord
from evals.runner.desks import AskedDesk
from evals.scope import Scope, entered

# The model's side broke down: this says nothing about the desk.
INFRASTRUCTURE_CODES = frozenset({"model_busy", "model_unavailable", "model_refused"})


class Unjudged(Exception):
    """A trial that cannot be judged, with the reason."""


@dataclass(slots=True)
class Held:
    """What became of a trial: its turns as far as they went, and why it cannot be judged if so."""

    case: Case
    trial: int
    turns: list[TurnRecord] = field(default_factory=list)
    fired: tuple[FiredFault, ...] = ()
    error: str = ""
    seconds: float = 0.0


async def hold(case: Case, trial: int, desk: AskedDesk, *, seconds: float) -> Held:
    """Hold a trial within so many seconds; trouble that is not the desk's becomes its error."""
    held = Held(case, trial)
    plan = FaultPlan(case.faults)
    started = time.monotonic()
    with entered(Scope(case.id, trial, plan)) as scope:
        try:
            async with asyncio.timeout(seconds):
                await _hold_turns(held, desk, plan, scope)
            if plan.dormant:
                raise Unjudged(f"never happened: {', '.join(map(str, plan.dormant))}")
        except TimeoutError:
            held.error = f"the conversation took more than {seconds:g} seconds"
        except Unjudged as reason:
            held.error = str(reason)
        except Exception as fault:  # a fault of one case must not hide the verdict on the others
            held.error = f"{type(fault).__name__}: {fault}"
    held.fired = plan.fired
    held.seconds = time.monotonic() - started
    return held


async def _hold_turns(held: Held, desk: AskedDesk, plan: FaultPlan, scope: Scope) -> None:
    ids = _Conversations(held.case, held.trial)
    for number, turn in enumerate(held.case.turns):
        plan.turn = number
        reps = turn.by or held.case.rep
        question = Question(
            rep=Rep(rep_id=reps, name=reps), conversation_id=ids.of(turn), text=turn.rep
        )
        record = await _turn(turn, question, desk)
        held.turns.append(record)
        if scope.troubles:
            raise Unjudged("; ".join(scope.troubles))
        if record.answer is None and record.failed is None:
            raise Unjudged("the turn ended without an answer and without a failure")
        if record.failed and record.failed.code in INFRASTRUCTURE_CODES:
            if not any(fired.system == "model" for fired in plan.fired):
                raise Unjudged(f"{record.failed.code}: {record.failed.message}")


class _Conversations:
    """The ids of a trial's conversations, which no other trial and no earlier run has."""

    def __init__(self, case: Case, trial: int) -> None:
        self._stem = f"evals-{case.id}-{trial}-{uuid.uuid4().hex[:12]}"

    def of(self, turn: Turn) -> str:
        return f"{self._stem}-{turn.conversation}"


async def _turn(turn: Turn, question: Question, desk: AskedDesk) -> TurnRecord:
    started = time.monotonic()
    seen = _Seen()
    async with aclosing(desk.ask(question)) as events:
        async for event in events:
            seen.take(event)
    return TurnRecord(
        turn=turn,
        calls=tuple(seen.calls),
        answer=seen.answered.answer if seen.answered else None,
        failed=seen.failed,
        streamed="".join(seen.streamed),
        resets=seen.resets,
        seconds=time.monotonic() - started,
    )


class _Seen:
    """The events of one turn, sorted into what a record holds."""

    def __init__(self) -> None:
        self._started: dict[str, ToolStarted] = {}
        self._finished: dict[str, CallRecord] = {}
        self.streamed: list[str] = []
        self.resets = 0
        self.answered: Answered | None = None
        self.failed: Failed | None = None

    @property
    def calls(self) -> list[CallRecord]:
        """The calls in the order in which they were begun: they end in another one each time."""
        return [self._finished[call] for call in self._started if call in self._finished]

    def take(self, event: TurnEvent) -> None:
        match event:
            case ToolStarted():
                self._started[event.id] = event
            case ToolFinished():
                self._finish(event)
            case TextDelta():
                self.streamed.append(event.text)
            case Reset():
                self.streamed.clear()
                self.resets += 1
            case Answered():
                self.answered = event
            case Failed():
                self.failed = event

    def _finish(self, event: ToolFinished) -> None:
        started = self._started[event.id]
        self._finished[event.id] = CallRecord(
            system=started.system,
            tool=started.tool,
            input=started.input,
            ok=event.ok,
            ms=event.ms,
            rows=event.rows,
            error=event.error,
            data=event.data,
        )
