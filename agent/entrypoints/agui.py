"""Maps the events of one turn to AG-UI 1.0 events, in the order that AG-UI clients verify."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from ag_ui.core import (
    PROTOCOL_VERSION,
    BaseEvent,
    CustomEvent,
    RunErrorEvent,
    RunFinishedCancelledOutcome,
    RunFinishedEvent,
    RunFinishedSuccessOutcome,
    RunStartedEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
    TokenUsage,
    ToolCallArgsEvent,
    ToolCallEndEvent,
    ToolCallResultEvent,
    ToolCallStartEvent,
)

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

RESET_NAME = "deskhand.reset"
HEARTBEAT = ": still here\n\n"
PROVIDER = "bedrock"


class AguiRun:
    """One turn as one AG-UI run.

    It knows what is open: a text message is closed before a tool call and before the end, and a
    reset names every message that is to be thrown away.

    Args:
        thread_id: the conversation.
        run_id: the client's id of this run.
        now_ms: milliseconds since the epoch, stamped on every event.
        new_id: makes ids of messages.
    """

    def __init__(
        self,
        thread_id: str,
        run_id: str,
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._thread_id = thread_id
        self._run_id = run_id
        self._now_ms = now_ms
        self._new_id = new_id
        self._open_message: str | None = None
        self._messages: list[str] = []

    def started(self) -> list[BaseEvent]:
        """The run's first event."""
        return [
            RunStartedEvent(
                thread_id=self._thread_id,
                run_id=self._run_id,
                protocol_version=PROTOCOL_VERSION,
                timestamp=self._now_ms(),
            )
        ]

    def cancelled(self) -> list[BaseEvent]:
        """The run's last events when the rep stopped it."""
        finished = self._finished(outcome=RunFinishedCancelledOutcome())
        return [*self._close_message(), finished]

    def mapped(self, event: TurnEvent) -> list[BaseEvent]:
        """What one turn event is in AG-UI."""
        match event:
            case TextDelta():
                return list(self._text(event.text))
            case ToolStarted():
                return [*self._close_message(), *self._tool_started(event)]
            case ToolFinished():
                return [self._tool_finished(event)]
            case Reset():
                return [*self._close_message(), self._reset()]
            case Answered():
                return [*self._close_message(), self._answered(event.answer, stopped=event.stopped)]
            case Failed():
                return [self._failed(event)]

    def _text(self, text: str) -> Iterator[BaseEvent]:
        if not text:
            return
        if self._open_message is None:
            self._open_message = self._new_id()
            self._messages.append(self._open_message)
            yield TextMessageStartEvent(
                message_id=self._open_message, role="assistant", timestamp=self._now_ms()
            )
        yield TextMessageContentEvent(
            message_id=self._open_message, delta=text, timestamp=self._now_ms()
        )

    def _close_message(self) -> list[BaseEvent]:
        if self._open_message is None:
            return []
        closed, self._open_message = self._open_message, None
        return [TextMessageEndEvent(message_id=closed, timestamp=self._now_ms())]

    def _tool_started(self, event: ToolStarted) -> list[BaseEvent]:
        return [
            ToolCallStartEvent(
                tool_call_id=event.id,
                tool_call_name=event.tool,
                parent_message_id=self._messages[-1] if self._messages else None,
                metadata={"deskhand": {"system": event.system}},
                timestamp=self._now_ms(),
            ),
            ToolCallArgsEvent(
                tool_call_id=event.id, delta=_json(event.input), timestamp=self._now_ms()
            ),
            ToolCallEndEvent(tool_call_id=event.id, timestamp=self._now_ms()),
        ]

    def _tool_finished(self, event: ToolFinished) -> BaseEvent:
        content = event.data if event.ok else {"error": {"kind": event.error}}
        outcome = {"ok": event.ok, "ms": event.ms, "rows": event.rows, "error": event.error}
        return ToolCallResultEvent(
            message_id=self._new_id(),
            tool_call_id=event.id,
            content=_json(content),
            metadata={"deskhand": outcome},
            timestamp=self._now_ms(),
        )

    def _reset(self) -> BaseEvent:
        thrown_away, self._messages = self._messages, []
        return CustomEvent(name=RESET_NAME, value=thrown_away, timestamp=self._now_ms())

    def _answered(self, answer: Answer, *, stopped: bool) -> BaseEvent:
        usage = TokenUsage(
            provider=PROVIDER,
            model=answer.model_id,
            input_tokens=answer.usage.input_tokens,
            output_tokens=answer.usage.output_tokens,
        )
        return self._finished(
            outcome=RunFinishedCancelledOutcome() if stopped else RunFinishedSuccessOutcome(),
            result=answer.model_dump(mode="json"),
            usage=[usage],
        )

    def _finished(self, **fields: Any) -> BaseEvent:
        return RunFinishedEvent(
            thread_id=self._thread_id, run_id=self._run_id, timestamp=self._now_ms(), **fields
        )

    def _failed(self, event: Failed) -> BaseEvent:
        return RunErrorEvent(
            message=event.message,
            code=event.code,
            metadata={"deskhand": {"retryable": event.retryable}},
            timestamp=self._now_ms(),
        )


def frame(event: BaseEvent, number: int) -> str:
    """The event as a numbered server-sent event.

    ASCII only: U+2028 and U+0085 inside the JSON end a line for some clients.
    """
    return f"id: {number}\ndata: {_json(event.model_dump(mode='json', by_alias=True))}\n\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
