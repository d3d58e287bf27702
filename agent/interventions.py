"""Stands between model and tools: budgets, the record of calls, the last net for error texts."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
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

from agent.offering import to_text
from agent.turns import FinishedCall, Reset, ToolFinished, ToolStarted, TurnEvent
from tools.contract import Result, error

logger = logging.getLogger(__name__)

_DOWN = frozenset({"unavailable", "timeout", "busy"})
_LISTS = ("customers", "orders", "products", "groups", "rows", "reviews", "warranties", "profiles")


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
        self._started: dict[str, float] = {}
        self._running: dict[str, ToolStarted] = {}
        self._model_started = 0.0
        self.model_calls = 0
        self.model_seconds = 0.0
        self.tool_calls: list[FinishedCall] = []
        self.messages: list[Message] = []
        self._down: dict[str, list[str]] = {}

    @property
    def unavailable(self) -> list[str]:
        """The systems that could not be asked, in alphabetical order."""
        return sorted({system for systems in self._down.values() for system in systems})

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
        if len(self._started) >= self._max_tool_calls:
            event.cancel_tool = to_text(
                error(
                    "refused",
                    "The budget of tool calls for this turn is used up. Answer with what you have.",
                )
            )
        started = ToolStarted(
            id=use["toolUseId"],
            system=self._system_of(use["name"]),
            tool=use["name"],
            input=_as_object(use["input"]),
        )
        self._started[started.id] = time.monotonic()
        self._running[started.id] = started
        self._emit(started)

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
        self._note(
            event.tool_use["toolUseId"], event.tool_use["name"], event.tool_use["input"], result
        )

    def _note(self, call_id: str, tool: str, arguments: object, result: Result) -> None:
        system = self._system_of(tool)
        kind = result["error"]["kind"] if "error" in result else None
        self._running.pop(call_id, None)
        missing = result.get("unavailable")
        # By tool: a second call that succeeds takes the first one's failure back.
        self._down[tool] = (
            [system] if kind in _DOWN else missing if isinstance(missing, list) else []
        )
        finished = self._finished(
            FinishedCall(
                id=call_id,
                system=system,
                tool=tool,
                input=_as_object(arguments),
                ok=kind is None,
                ms=self._ms(call_id),
                rows=count_rows(result) if kind is None else None,
                error=kind,
                data=result if kind is None else None,
            )
        )
        self._emit(finished)

    def give_up(self) -> list[TurnEvent]:
        """Ends the calls that still run, for a turn that was stopped."""
        running = list(self._running.values())
        self._running.clear()
        return [
            self._finished(
                FinishedCall(
                    id=call.id,
                    system=call.system,
                    tool=call.tool,
                    input=call.input,
                    ok=False,
                    ms=self._ms(call.id),
                    error="stopped",
                )
            )
            for call in running
        ]

    def _finished(self, call: FinishedCall) -> ToolFinished:
        self.tool_calls.append(call)
        # In the order in which they were asked for: which of them answers first is chance.
        begun = {call_id: place for place, call_id in enumerate(self._started)}
        self.tool_calls.sort(key=lambda one: begun.get(one.id, len(begun)))
        return ToolFinished(**call.model_dump(include=set(ToolFinished.model_fields) - {"type"}))

    def _ms(self, call_id: str) -> int:
        return round((time.monotonic() - self._started.get(call_id, time.monotonic())) * 1000)


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
