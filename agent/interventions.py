"""Stands between model and tools: budgets, the record of calls, the last net for error texts."""

from __future__ import annotations

import json
import logging
import time
from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from strands.hooks import (
    AfterModelCallEvent,
    AfterToolCallEvent,
    BeforeModelCallEvent,
    BeforeToolCallEvent,
    HookProvider,
    HookRegistry,
    MessageAddedEvent,
)
from strands.types.content import Message
from strands.types.tools import ToolUse

from agent.offering import to_text
from agent.turns import FinishedCall, Reset, ToolFinished, ToolStarted, TurnEvent
from tools.contract import Result, error

logger = logging.getLogger(__name__)

_DOWN = frozenset({"unavailable", "timeout", "busy"})
_LISTS = ("customers", "orders", "products", "groups", "rows", "reviews", "warranties", "profiles")


@dataclass(frozen=True, slots=True)
class _Running:
    """A call that has begun: which one of the turn, in which round, when, and what was told."""

    number: int
    round: int
    began: float
    call: ToolStarted


@dataclass(frozen=True, slots=True)
class _Down:
    """Systems that a tool could not ask, in the round of calls after so many model calls."""

    tool: str
    round: int
    systems: list[str]


class TurnRecord(HookProvider):
    """Watches one turn: counts and times it, holds it to its budget, and emits its tool events.

    Args:
        emit: takes each turn event as it happens.
        system_of: the system that a tool's name belongs to.
        max_tool_calls: calls beyond it are refused with a short error to the model.
    """

    def __init__(
        self,
        emit: Callable[[TurnEvent], None],
        *,
        system_of: Callable[[str], str],
        max_tool_calls: int,
    ) -> None:
        self._emit = emit
        self._system_of = system_of
        self._max_tool_calls = max_tool_calls
        self._asked_for = 0
        self._running: dict[str, _Running] = {}
        self._model_started = 0.0
        self.model_calls = 0
        self.model_seconds = 0.0
        self.tool_calls: list[FinishedCall] = []
        self._places: list[int] = []
        self.messages: list[Message] = []
        self._down: list[_Down] = []

    @property
    def unavailable(self) -> list[str]:
        """The systems that could not be asked, in alphabetical order."""
        return sorted({system for down in self._down for system in down.systems})

    def register_hooks(self, registry: HookRegistry, **kwargs: Any) -> None:
        """Registers with the agent of this turn."""
        registry.add_callback(BeforeModelCallEvent, self._before_model_call)
        registry.add_callback(AfterModelCallEvent, self._after_model_call)
        registry.add_callback(BeforeToolCallEvent, self._before_tool_call)
        registry.add_callback(AfterToolCallEvent, self._after_tool_call)
        registry.add_callback(MessageAddedEvent, self._message_added)

    def _before_model_call(self, event: BeforeModelCallEvent) -> None:
        self.model_calls += 1
        self._model_started = time.monotonic()
        if self.model_calls > 1:
            # Text of a try that broke off, or words before a tool call: neither is the answer.
            self._emit(Reset())

    def _after_model_call(self, event: AfterModelCallEvent) -> None:
        self.model_seconds += time.monotonic() - self._model_started
        if event.exception is not None:
            logger.warning("error=<%s> | model call failed", type(event.exception).__name__)

    def _message_added(self, event: MessageAddedEvent) -> None:
        self.messages.append(event.message)

    def _before_tool_call(self, event: BeforeToolCallEvent) -> None:
        use = event.tool_use
        self._asked_for += 1  # ids do not count them: a model may give one twice
        if self._asked_for > self._max_tool_calls:
            event.cancel_tool = to_text(
                error(
                    "refused",
                    "The budget of tool calls for this turn is used up. Answer with what you have.",
                )
            )
        running = self._begun(use)
        self._running[running.call.id] = running
        self._emit(running.call)

    def _begun(self, use: ToolUse) -> _Running:
        started = ToolStarted(
            id=use["toolUseId"],
            system=self._system_of(use["name"]),
            tool=use["name"],
            input=_as_object(use["input"]),
        )
        return _Running(self._asked_for, self.model_calls, time.monotonic(), started)

    def _after_tool_call(self, event: AfterToolCallEvent) -> None:
        if event.exception is not None and event.selected_tool is not None:
            logger.error(
                "tool=<%s>, error=<%s> | tool crashed",
                event.tool_use["name"],
                type(event.exception).__name__,
            )
        result = _read_result(event)
        # The framework's own texts carry exception messages; the model gets ours in every case.
        event.result = {
            "toolUseId": event.tool_use["toolUseId"],
            "status": "error" if "error" in result else "success",
            "content": [{"text": to_text(result)}],
        }
        begun = self._running.pop(event.tool_use["toolUseId"], None)
        self._note(begun or self._begun(event.tool_use), result)

    def _note(self, running: _Running, result: Result) -> None:
        call = running.call
        kind = result["error"]["kind"] if "error" in result else None
        if kind is None:
            # A later round's success takes a failure back; one that was asked beside it does not.
            self._down = [
                down for down in self._down if down.tool != call.tool or down.round == running.round
            ]
        missing = result.get("unavailable")
        self._note_down(
            call, [call.system] if kind in _DOWN else missing if isinstance(missing, list) else []
        )
        found = {"rows": count_rows(result), "data": result} if kind is None else {}
        self._emit(self._finished(running, kind, **found))

    def _note_down(self, call: ToolStarted, systems: list[str]) -> None:
        if systems:
            self._down.append(_Down(call.tool, self.model_calls, systems))

    def give_up(self, error_kind: str) -> list[TurnEvent]:
        """Ends the calls that still run, for a turn that was stopped or whose time is up."""
        running = list(self._running.values())
        self._running.clear()
        for one in running:
            # Which of the systems a call of several still waits for is not known here.
            known = error_kind in _DOWN and one.call.system != "local"
            self._note_down(one.call, [one.call.system] if known else [])
        return [self._finished(one, error_kind) for one in running]

    def _finished(self, running: _Running, error_kind: str | None, **found: Any) -> ToolFinished:
        told = running.call.model_dump(exclude={"type"})
        ms = round((time.monotonic() - running.began) * 1000)
        call = FinishedCall(**told, ok=error_kind is None, ms=ms, error=error_kind, **found)
        # In the order in which they were asked for: which of them answers first is chance.
        place = bisect(self._places, running.number)
        self._places.insert(place, running.number)
        self.tool_calls.insert(place, call)
        return ToolFinished(**call.model_dump(include=set(ToolFinished.model_fields) - {"type"}))


def count_rows(result: Mapping[str, Any]) -> int | None:
    """How many records a result holds: list lengths, or 0 and 1 for a single look-up."""
    lists = [len(result[name]) for name in _LISTS if isinstance(result.get(name), list)]
    if lists:
        return sum(lists)
    return int(bool(result["found"])) if "found" in result else None


def _as_object(arguments: object) -> dict[str, Any]:
    return dict(arguments) if isinstance(arguments, Mapping) else {}


def _read_result(event: AfterToolCallEvent) -> Result:
    """Our JSON out of the framework's result; anything else is an internal error."""
    if event.selected_tool is None and event.cancel_message is None:
        return error("invalid_input", "There is no tool of that name.")
    if event.exception is None:
        text = "".join(str(block.get("text", "")) for block in event.result["content"])
        try:
            result = json.loads(text)
        except ValueError:
            result = None
        if isinstance(result, dict):
            return result
    return error("internal", "The tool failed. Do not guess what it would have said.")
