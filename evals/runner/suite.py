"""Runs a suite: every trial of every case on its seed's stack, scored, as one report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol, cast

from agent import open_desk as open_real_desk
from evals.cases import Case
from evals.cassette import Cassette
from evals.data import data_hash, records_of
from evals.judge import Judge
from evals.oracle import open_oracle
from evals.record import CaseRecord, Finding, Scorer, Verdict
from evals.results import CaseReport, Report, TrialReport
from evals.runner.desks import Desks, Mutation, OpenDesk, Unchanged
from evals.runner.holding import Held, hold
from evals.runner.provenance import commit
from evals.runner.reporting import case_report, trial_report, unheld
from evals.runner.stacks import OpenStack, Rows, SeededStack
from evals.runner.turnstile import Work, do_in_order
from evals.scope import Scope, entered

AT_ONCE = 4
CASE_SECONDS = 120.0
# What it says of a case is known when the stores have been looked at once more, after all cases.
AFTER_ALL = "stores_unchanged"

Scored = list[tuple[Scorer, Verdict]]


class Progress(Protocol):
    """Hears how a run comes along."""

    def begin(self, trials: int) -> None:
        """So many trials will be held."""

    def ended(self, case: Case, trial: TrialReport) -> None:
        """A trial has ended."""


class Silent:
    """Progress that nobody hears."""

    def begin(self, trials: int) -> None:
        """Says nothing."""

    def ended(self, case: Case, trial: TrialReport) -> None:
        """Says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a suite is run.

    Attributes:
        scorers: what judges each trial.
        judge: what judges with a model, after the scorers.
        trials: how often each case is held that does not say it itself.
        at_once: how many trials go on at the same time.
        seconds: the most that one trial may take.
        prompt: the system prompt's text, which no answer may repeat.
        mutation: makes the desk another one.
        cassette: where model calls are recorded, or replayed from.
    """

    scorers: Sequence[Scorer]
    judge: Judge | None = None
    trials: int = 1
    at_once: int = AT_ONCE
    seconds: float = CASE_SECONDS
    prompt: str = ""
    mutation: Mutation = field(default_factory=Unchanged)
    cassette: Cassette | None = None
    open_desk: OpenDesk = open_real_desk
    progress: Progress = field(default_factory=Silent)


async def run_suite(cases: Sequence[Case], open_stack: OpenStack, plan: Plan) -> Report:
    """Hold and judge every case. Cases with rows of their own are held while no other is.

    Args:
        open_stack: gives the stack of a seed for the time of a context; one at a time is open.
    """
    started, clock = time.monotonic(), datetime.now(UTC)
    run = _Run(plan)
    plan.progress.begin(sum(case.trials or plan.trials for case in cases))
    for seed in dict.fromkeys(case.seed for case in cases):
        async with open_stack(seed) as stack:
            await run.hold_on(stack, [case for case in cases if case.seed == seed])
    return Report(
        started=clock.isoformat(timespec="seconds"),
        ms=round((time.monotonic() - started) * 1000),
        model_id=run.model_id,
        stack=run.stack,
        prompt_hashes=sorted(run.prompt_hashes),
        data_hashes={seed: data_hash(records_of(seed)) for seed in sorted({c.seed for c in cases})},
        commit=commit(),
        trials=plan.trials,
        replayed=plan.cassette is not None and plan.cassette.mode == "replay",
        cases=[run.report_of(case) for case in cases],
    )


class _Run:
    """What is known so far."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._trials: dict[str, dict[int, TrialReport]] = {}
        self.model_id = self.stack = ""
        self.prompt_hashes: set[str] = set()

    def report_of(self, case: Case) -> CaseReport:
        return case_report(case, self._trials[case.id].values())

    async def hold_on(self, stack: SeededStack, cases: Sequence[Case]) -> None:
        """Hold all cases of one seed."""
        self.model_id, self.stack = stack.settings.model_id, stack.settings.stack
        desks = Desks(
            stack.settings,
            open_desk=self._plan.open_desk,
            mutation=self._plan.mutation,
            cassette=self._plan.cassette,
        )
        async with desks:
            seed = _SeedRun(self._plan, stack, desks, self._keep)
            await seed.hold(cases)
            self.prompt_hashes |= seed.prompt_hashes
            self.model_id = seed.model_id or self.model_id

    def _keep(self, case: Case, trial: TrialReport) -> None:
        self._trials.setdefault(case.id, {})[trial.number] = trial


class _SeedRun:
    """The cases of one seed on its stack."""

    def __init__(
        self,
        plan: Plan,
        stack: SeededStack,
        desks: Desks,
        keep: Callable[[Case, TrialReport], None],
    ) -> None:
        self._plan = plan
        self._stack = stack
        self._desks = desks
        self._keep = keep
        self._shared: list[tuple[Held, CaseRecord, Scored]] = []
        self.prompt_hashes: set[str] = set()
        self.model_id = ""

    async def hold(self, cases: Sequence[Case]) -> None:
        """Hold all trials; those that shared the stores are judged on them together, at the end."""
        before = await self._stack.fingerprint()
        work = [
            Work(lambda case=case, number=number: self._trial(case, number), _has_rows(case))  # type: ignore[misc]  # mypy cannot tell the defaults
            for case in cases
            for number in range(1, (case.trials or self._plan.trials) + 1)
        ]
        await do_in_order(work, at_once=self._plan.at_once)
        after = await self._stack.fingerprint()
        for held, record, scored in self._shared:
            seen = replace(record, stores_before=before, stores_after=after)
            again = [
                (scorer, _said(scorer, seen) if scorer.name == AFTER_ALL else verdict)
                for scorer, verdict in scored
            ]
            self._keep(held.case, trial_report(held, again))

    async def _trial(self, case: Case, number: int) -> None:
        if reason := self._refusal(case):
            self._ended(case, unheld(case, number, reason))
            return
        desk = await self._desks.on(case.now)
        self.model_id = desk.model_id
        if _has_rows(case) and self._stack.overlay is not None:
            async with self._stack.overlay(cast("Rows", case.overlay)):
                before = await self._stack.fingerprint()
                held = await hold(case, number, desk, seconds=self._plan.seconds)
                after = await self._stack.fingerprint()
            await self._score(held, before, after)
        else:
            held = await hold(case, number, desk, seconds=self._plan.seconds)
            await self._score(held, {}, {})
        self.prompt_hashes |= {turn.answer.prompt_hash for turn in held.turns if turn.answer}

    def _refusal(self, case: Case) -> str:
        """Why a case cannot be held on this stack; empty when it can."""
        if self._stack.private:
            return ""
        if case.seed != "base":
            return f"this stack does not hold the data {case.seed}"
        if _has_rows(case):
            return "this stack takes no rows of a case's own"
        return "this stack is not ours to break" if case.faults else ""

    async def _score(self, held: Held, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        if held.error:
            self._ended(held.case, trial_report(held, []))
            return
        with open_oracle(held.case) as oracle:
            record = CaseRecord(
                case=held.case,
                turns=tuple(held.turns),
                oracle=oracle,
                records=oracle.records,
                prompt=self._plan.prompt,
                fired=held.fired,
                stores_before=before,
                stores_after=after,
            )
            scored: Scored = [(scorer, _said(scorer, record)) for scorer in self._plan.scorers]
            if self._plan.judge is not None:
                with entered(Scope(held.case.id, held.trial)):
                    scored.append((self._plan.judge, await self._plan.judge.judge(record)))
        if not _has_rows(held.case):
            self._shared.append((held, record, scored))
        self._ended(held.case, trial_report(held, scored))

    def _ended(self, case: Case, trial: TrialReport) -> None:
        self._keep(case, trial)
        self._plan.progress.ended(case, trial)


def _said(scorer: Scorer, record: CaseRecord) -> Verdict:
    """The scorer's verdict; one that breaks has none, and hides no other's."""
    try:
        return scorer.score(record)
    except Exception as fault:
        broken = Finding(f"the scorer broke: {type(fault).__name__}: {fault}")
        return Verdict(scorer.name, "error", (broken,))


def _has_rows(case: Case) -> bool:
    return any(case.overlay.values())
