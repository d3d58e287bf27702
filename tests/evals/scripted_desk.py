"""A desk that gives prepared events, for tests of what judges a desk."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from agent import (
    Answer,
    Answered,
    Failed,
    Question,
    Settings,
    ToolCall,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)

Prepared = Answer | Failed | Callable[[], Answer]


@dataclass(frozen=True)
class NamedTool:
    """As much of a tool as a run looks at."""

    name: str


def called(tool: str, *, ok: bool = True, **arguments: Any) -> ToolCall:
    """A tool call as an answer lists it."""
    return ToolCall(system="aurora", tool=tool, input=arguments, ok=ok, ms=3)


def answered(text: str, *calls: ToolCall, **changed: Any) -> Answer:
    """An answer with this text, after these calls."""
    known: dict[str, Any] = {
        "conversation_id": "conversation",
        "turn_id": "turn",
        "answer": text,
        "outcome": "answered",
        "tool_calls": list(calls),
        "model_id": "scripted",
        "prompt_hash": "hash",
    }
    return Answer(**known | changed)


@dataclass
class ScriptedDesk:
    """Answers by the rep's words; what is not in the script ends the turn without any event.

    Attributes:
        results: what each tool found, by its name.
    """

    script: Mapping[str, Prepared]
    results: Mapping[str, Any] = field(default_factory=dict)
    model_id: str = "scripted"
    stack: str = "none"
    asked: list[Question] = field(default_factory=list)
    settings: list[Settings] = field(default_factory=list)

    @property
    def tools(self) -> list[NamedTool]:
        """Two tools are enough to tell a known name from an unknown one."""
        return [NamedTool("find_customers"), NamedTool("list_orders")]

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The prepared events of the question."""
        self.asked.append(question)
        prepared = self.script.get(question.text)
        if isinstance(prepared, Failed):
            yield prepared
        elif prepared is not None:
            answer = prepared if isinstance(prepared, Answer) else prepared()
            for event in self._calls(answer):
                yield event
            yield Answered(answer=answer)

    def _calls(self, answer: Answer) -> list[TurnEvent]:
        events: list[TurnEvent] = []
        for number, call in enumerate(answer.tool_calls):
            events.append(
                ToolStarted(id=str(number), system=call.system, tool=call.tool, input=call.input)
            )
            data = self.results.get(call.tool, {}) if call.ok else None
            error = None if call.ok else "unavailable"
            events.append(
                ToolFinished(id=str(number), ok=call.ok, ms=call.ms, data=data, error=error)
            )
        return events

    @asynccontextmanager
    async def open(self, settings: Settings, **wraps: Any) -> AsyncIterator[ScriptedDesk]:
        """Itself, in the place of ``open_desk``."""
        self.settings.append(settings)
        yield self
