"""Holds the conversations of the cases with a desk, several at once, and judges every answer."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from datetime import date
from itertools import groupby
from typing import Any, Protocol

from agent import Answer, Answered, Failed, Question, Rep, Settings, TurnEvent, open_desk
from evals.cases import Case, Turn
from evals.checks import called_tools, findings
from evals.loader import SuiteError
from evals.oracle import Oracle
from evals.report import CaseResult, Report, TurnResult


class AskedDesk(Protocol):
    """What a run needs of a desk; its own tests hold a scripted one."""

    model_id: str
    stack: str

    @property
    def tools(self) -> Sequence[Any]:
        """The tools that the model is offered, each with its ``name``."""

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The turn events of one question."""


OpenDesk = Callable[[Settings], AbstractAsyncContextManager[AskedDesk]]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Overlay = Callable[[Rows], AbstractAsyncContextManager[None]]
Progress = Callable[[CaseResult], None]

REP = Rep(rep_id="evals", name="Scripted conversations")
AT_ONCE = 4
TURN_SECONDS = 120.0

# The model's side broke down: this says nothing about the desk.
INFRASTRUCTURE_CODES = frozenset({"model_busy", "model_unavailable", "model_refused"})


class Unjudged(Exception):
    """A turn that cannot be judged, with the reason."""


async def run_suite(
    cases: Sequence[Case],
    settings: Settings,
    *,
    open_desk: OpenDesk = open_desk,
    overlay: Overlay | None = None,
    progress: Progress = lambda result: None,
) -> Report:
    """Hold every case against the stack that the settings name.

    Cases with rows of their own run alone, after the others. Each has its own conversation.

    Args:
        overlay: adds rows to the stack for the time of a context; without it such cases are errors.
        progress: hears of each case as it ends.

    Raises:
        SuiteError: a case expects a tool that the desk does not offer.
    """
    started = time.monotonic()
    results: dict[str, CaseResult] = {}
    model_id, stack, hashes = settings.model_id, settings.stack, set()
    for now, group in groupby(sorted(cases, key=lambda case: case.now), key=lambda case: case.now):
        async with open_desk(_frozen(settings, now)) as desk:
            model_id, stack = desk.model_id, desk.stack
            run = _Run(desk, overlay, progress)
            for result in await run.hold(list(group)):
                results[result.id] = result
            hashes |= run.prompt_hashes
    return Report(
        model_id=model_id,
        stack=stack,
        prompt_hashes=sorted(hashes),
        ms=_since(started),
        cases=[results[case.id] for case in cases],
    )


class _Run:
    """The cases of one frozen date, held with one desk."""

    def __init__(self, desk: AskedDesk, overlay: Overlay | None, progress: Progress) -> None:
        self._desk = desk
        self._overlay = overlay
        self._progress = progress
        self._places = asyncio.Semaphore(AT_ONCE)
        self.prompt_hashes: set[str] = set()

    async def hold(self, cases: Sequence[Case]) -> list[CaseResult]:
        """Hold every case: plain ones several at once, then those with an overlay, one by one."""
        self._refuse_unknown_tools({case.id: case.turns for case in cases})
        plain = [case for case in cases if not case.overlay]
        results = list(await asyncio.gather(*map(self._in_its_place, plain)))
        for case in cases:
            if case.overlay:
                results.append(await self._in_its_place(case))
        return results

    def _refuse_unknown_tools(self, turns: Mapping[str, Sequence[Turn]]) -> None:
        unknown = called_tools(turns) - {tool.name for tool in self._desk.tools}
        if unknown:
            raise SuiteError(f"no such tool: {', '.join(sorted(unknown))}")

    async def _in_its_place(self, case: Case) -> CaseResult:
        async with self._places:
            result = await self._judge(case)
        self._progress(result)
        return result

    async def _judge(self, case: Case) -> CaseResult:
        started = time.monotonic()
        turns: list[TurnResult] = []
        error = ""
        try:
            async with self._rows_of(case):
                with Oracle(case) as oracle:
                    conversation = f"evals-{case.id}-{uuid.uuid4().hex[:12]}"
                    for turn in case.turns:
                        turns.append(await self._turn(turn, conversation, oracle))
        except Unjudged as reason:
            error = str(reason)
        except Exception as fault:  # a fault of one case must not hide the verdict on the others
            error = f"{type(fault).__name__}: {fault}"
        wrong = any(turn.findings for turn in turns)
        return CaseResult(
            id=case.id,
            family=case.family,
            status="error" if error else "failed" if wrong else "passed",
            turns=turns,
            error=error,
            ms=_since(started),
        )

    def _rows_of(self, case: Case) -> AbstractAsyncContextManager[None]:
        if not case.overlay:
            return nullcontext()
        if self._overlay is None:
            raise Unjudged("the case needs rows of its own, which this stack does not take")
        return self._overlay({table: rows for table, rows in case.overlay.items()})

    async def _turn(self, turn: Turn, conversation: str, oracle: Oracle) -> TurnResult:
        started = time.monotonic()
        ended = await self._ask(Question(rep=REP, conversation_id=conversation, text=turn.rep))
        if isinstance(ended, Failed):
            if ended.code in INFRASTRUCTURE_CODES:
                raise Unjudged(f"{ended.code}: {ended.message}")
            wrong = [f"the turn failed: {ended.code}: {ended.message}"]
            return TurnResult(rep=turn.rep, ms=_since(started), findings=wrong)
        self.prompt_hashes.add(ended.prompt_hash)
        return TurnResult(
            rep=turn.rep,
            answer=ended.answer,
            outcome=ended.outcome,
            tool_calls=ended.tool_calls,
            ms=_since(started),
            findings=findings(turn, ended, oracle),
        )

    async def _ask(self, question: Question) -> Answer | Failed:
        async with asyncio.timeout(TURN_SECONDS), aclosing(self._desk.ask(question)) as events:
            async for event in events:
                if isinstance(event, Answered):
                    return event.answer
                if isinstance(event, Failed):
                    return event
        raise Unjudged("the turn ended without an answer and without a failure")


def _frozen(settings: Settings, now: date) -> Settings:
    return settings.model_copy(update={"today": now})


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
