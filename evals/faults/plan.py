"""Decides which calls of a trial break, and keeps what really broke."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from evals.cases import Fault
from evals.record import FiredFault
from evals.scope import current_scope

# How late a slow answer is: long enough to be out of order, short enough for a suite of hundreds.
SLOW_SECONDS = 0.1


class ToolRun:
    """One call of an offered tool, with everything that it asks of systems."""

    def __init__(self, tool: str) -> None:
        self.tool = tool


_RUN: ContextVar[ToolRun | None] = ContextVar("evals_tool_run", default=None)


def current_run() -> ToolRun | None:
    """The tool call that the caller works for."""
    return _RUN.get()


@contextmanager
def tool_run(tool: str) -> Iterator[ToolRun]:
    """Everything asked within the context belongs to one call of this tool."""
    run = ToolRun(tool)
    token = _RUN.set(run)
    try:
        yield run
    finally:
        _RUN.reset(token)


class FaultPlan:
    """The faults of one trial. Calls are counted from 1, over all turns and conversations.

    Attributes:
        turn: the turn that is being held, counted from 0; the runner moves it on.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = faults
        self._numbers: Counter[str] = Counter()
        self._decided: dict[Hashable, Fault | None] = {}
        self._fired: dict[int, FiredFault] = {}
        self._lock = threading.Lock()
        self.turn = 0

    @property
    def fired(self) -> tuple[FiredFault, ...]:
        """The faults that really happened, each with the turn in which it first did."""
        with self._lock:
            return tuple(self._fired[index] for index in sorted(self._fired))

    @property
    def dormant(self) -> list[Fault]:
        """The faults that nothing has met: what they were to show was not shown."""
        with self._lock:
            return [fault for index, fault in enumerate(self._faults) if index not in self._fired]

    def decide(self, system: str, tool: str | None, *, call: Hashable = None) -> Fault | None:
        """What happens to a call; the same ``call`` tried again gets the same, and counts once.

        Args:
            system: the system that is asked.
            tool: the tool by its offered name; the model is no tool.
            call: what is the same for every try of one call; None makes each one its own.
        """
        with self._lock:
            key = (system, tool, call)
            if call is not None and key in self._decided:
                return self._decided[key]
            self._numbers[f"system {system}"] += 1
            if tool is not None:
                self._numbers[f"tool {tool}"] += 1
            decided = self._decided[key] = self._meets(system, tool)
            return decided

    def _meets(self, system: str, tool: str | None) -> Fault | None:
        for index, fault in enumerate(self._faults):
            if fault.tool is not None and fault.tool != tool:
                continue
            if fault.system is not None and fault.system != system:
                continue
            counted = f"tool {tool}" if fault.tool is not None else f"system {system}"
            if not fault.calls or self._numbers[counted] in fault.calls:
                self._fired.setdefault(index, FiredFault(fault, system, self.turn))
                return fault
        return None


def decide(system: str, tool: str | None = None, *, call: Hashable = None) -> Fault | None:
    """What happens to a call in the trial that the caller works for."""
    scope = current_scope()
    if scope is None or scope.faults is None:
        return None
    return scope.faults.decide(system, tool, call=call)
