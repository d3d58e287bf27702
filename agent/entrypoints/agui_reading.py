"""Reads AG-UI events of a desk back into turn events: the other direction of ``agui``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agent.entrypoints.agui import RESET_NAME
from agent.turns import (
    Answer,
    Answered,
    Failed,
    Reset,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)


class EventReader:
    """Reads the events of one run, in their order; kinds that it does not know are passed over."""

    def __init__(self) -> None:
        self._started: dict[str, Mapping[str, Any]] = {}
        self._arguments: dict[str, str] = {}

    def read(self, event: Mapping[str, Any]) -> list[TurnEvent]:
        """The turn events that an AG-UI event stands for.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is not an event of a desk.
        """
        match event["type"]:
            case "TEXT_MESSAGE_CONTENT":
                return [TextDelta(text=event["delta"])]
            case "TOOL_CALL_START":
                self._started[event["toolCallId"]] = event
            case "TOOL_CALL_ARGS":
                call = event["toolCallId"]
                self._arguments[call] = self._arguments.get(call, "") + event["delta"]
            case "TOOL_CALL_END":
                return [self._tool_started(event["toolCallId"])]
            case "TOOL_CALL_RESULT":
                return [_tool_finished(event)]
            case "CUSTOM" if event.get("name") == RESET_NAME:
                return [Reset()]
            case "RUN_FINISHED":
                stopped = (event.get("outcome") or {}).get("type") == "cancelled"
                answer = Answer.model_validate(event["result"])
                return [Answered(answer=answer, stopped=stopped)]
            case "RUN_ERROR":
                return [
                    Failed(
                        code=event.get("code") or "internal",
                        message=event["message"],
                        retryable=bool(_own(event).get("retryable")),
                    )
                ]
        return []

    def _tool_started(self, call: str) -> ToolStarted:
        begun = self._started.pop(call)
        return ToolStarted(
            id=call,
            system=_own(begun).get("system", ""),
            tool=begun["toolCallName"],
            input=json.loads(self._arguments.pop(call, "") or "{}"),
        )


def _tool_finished(event: Mapping[str, Any]) -> ToolFinished:
    outcome = _own(event)
    ok = bool(outcome["ok"])
    return ToolFinished(
        id=event["toolCallId"],
        ok=ok,
        ms=outcome["ms"],
        rows=outcome.get("rows"),
        error=outcome.get("error"),
        data=json.loads(event["content"]) if ok else None,
    )


def _own(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the desk has written beside an event's own fields."""
    held: Mapping[str, Any] = (event.get("metadata") or {}).get("deskhand") or {}
    return held
