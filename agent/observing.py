"""What the desk tells of its work: here a line in the log, and places where traces may look.

Nothing of a question, an answer, an argument or an exception's text passes through here: names,
kinds, counts and times only.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Context
from typing import TYPE_CHECKING, Any

from agent.log_ids import note_ids
from agent.turns import Answered, Failed, TextDelta, ToolFinished, ToolStarted, TurnEvent, Usage
from tools.contract import Result

if TYPE_CHECKING:
    from httpx2 import AsyncBaseTransport

logger = logging.getLogger(__name__)

LEFT = "left"
"""The outcome of a turn whose asker went away before its end."""


class TurnWatch:
    """One turn, by its events."""

    def __init__(self) -> None:
        self.outcome = LEFT
        self.error: str | None = None
        self.usage = Usage()
        self.first_text_ms: int | None = None
        self.tools: list[tuple[str, str | None]] = []
        self._systems: dict[str, str] = {}
        self._started = time.monotonic()

    @property
    def context(self) -> Context | None:
        """In which the work of the turn runs; ``None`` is wherever it was asked for."""
        return None

    @property
    def ms(self) -> int:
        """How long it has taken."""
        return round((time.monotonic() - self._started) * 1000)

    def see(self, event: TurnEvent) -> None:
        """Takes note of an event."""
        match event:
            case TextDelta() if self.first_text_ms is None:
                self.first_text_ms = self.ms
            case ToolStarted():
                self._systems[event.id] = event.system
            case ToolFinished():
                self.tools.append((self._systems.get(event.id, "local"), event.error))
            case Answered():
                self.usage = event.answer.usage
                self.outcome = "stopped" if event.stopped else event.answer.outcome
            case Failed():
                self.outcome, self.error = "failed", event.code

    def fields(self) -> dict[str, Any]:
        """What is logged of it; CloudWatch's metrics are made of these."""
        return {
            "event": "turn",
            "outcome": self.outcome,
            "code": self.error,
            "ms": self.ms,
            "first_text_ms": self.first_text_ms,
            "model_ms": self.usage.model_ms,
            "model_calls": self.usage.model_calls,
            "input_tokens": self.usage.input_tokens,
            "output_tokens": self.usage.output_tokens,
            "tool_calls": len(self.tools),
            "tool_errors": sum(error is not None for _, error in self.tools),
        }


class ModelWatch:
    """One model call, by the pieces of its stream."""

    def see(self, chunk: Mapping[str, Any]) -> None:
        """Takes note of a Converse event."""


class ToolWatch:
    """One tool call."""

    def see(self, result: Result) -> None:
        """Takes note of the result: whether it is an error, and of which kind."""


class RequestWatch:
    """One request to this process."""

    def see(self, status: int) -> None:
        """Takes note of the status that it was answered with."""


class Observer:
    """Sees each turn and writes one line about it; all else passes unseen, at no cost."""

    @contextmanager
    def turn(self, *, conversation_id: str, turn_id: str, model_id: str) -> Iterator[TurnWatch]:
        """Sees a turn from beginning to end."""
        del model_id
        note_ids(conversation_id=conversation_id, turn_id=turn_id)
        watch = TurnWatch()
        try:
            yield watch
        finally:
            log_turn(watch)

    def request(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> AbstractContextManager[RequestWatch]:
        """Sees a request, which may go on with its caller's trace."""
        del method, path, headers
        return nullcontext(RequestWatch())

    def model_call(self, model_id: str) -> AbstractContextManager[ModelWatch]:
        """Sees a model call."""
        del model_id
        return nullcontext(ModelWatch())

    def tool_call(self, tool: str, system: str, call_id: str) -> AbstractContextManager[ToolWatch]:
        """Sees a tool call."""
        del tool, system, call_id
        return nullcontext(ToolWatch())

    def statement(self) -> AbstractContextManager[object]:
        """Sees a statement at the database, without its text."""
        return nullcontext()

    def transport(self, transport: AsyncBaseTransport) -> AsyncBaseTransport:
        """Sees the requests to other servers."""
        return transport


def log_turn(watch: TurnWatch) -> None:
    """One line about a turn."""
    fields = watch.fields()
    logger.info(
        "outcome=<%s>, ms=<%d> | turn ended",
        fields["outcome"],
        fields["ms"],
        extra={"fields": fields},
    )
