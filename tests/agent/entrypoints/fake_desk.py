"""A fake desk for the entry points: it follows a script and remembers what it was asked.

The agent framework is not imported here: programs that a test starts must start at once.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from agent.entrypoints.stack import OpenStack, Say, Stack, StackChoice
from agent.errors import ConversationNotFound, DeskhandError
from agent.observing import Observer
from agent.settings import Settings
from agent.turns import (
    Answer,
    Answered,
    Failed,
    Question,
    Rep,
    TextDelta,
    ToolCall,
    ToolFinished,
    ToolStarted,
    TurnEvent,
    Usage,
)
from tools.contract import Result, Tool, error

if TYPE_CHECKING:
    from agent.desk import Desk
    from agent.system_check import SystemCheck

Script = Callable[[Question], AsyncIterator[TurnEvent]]

BOB = "**Bob Johnson** is `CUST003`.\n\n| order | total |\n|---|---|\n| 3 | 89.99 |\n"


def answer_of(question: Question, text: str, **fields: Any) -> Answer:
    """An answer as a desk makes it."""
    return Answer(
        **{
            "conversation_id": question.conversation_id,
            "turn_id": "turn-1",
            "answer": text.strip(),
            "outcome": "answered",
            "usage": Usage(model_calls=2, input_tokens=900, output_tokens=80, ms=1234),
            "model_id": "local.understudy",
            "prompt_hash": "abc123def456",
            **fields,
        }
    )


async def about_bob(question: Question) -> AsyncIterator[TurnEvent]:
    """Asks two systems, then streams an answer with a table in small pieces."""
    calls = []
    for number, (system, tool) in enumerate(
        [("aurora", "find_customers"), ("profile", "profile___get_customer_profile")]
    ):
        arguments = {"query": "CUST003"}
        yield ToolStarted(id=f"call-{number}", system=system, tool=tool, input=arguments)
        calls.append(ToolCall(system=system, tool=tool, input=arguments, ok=True, ms=12))
    yield ToolFinished(id="call-0", ok=True, ms=12, rows=1, data={"customers": [{}], "total": 1})
    yield ToolFinished(id="call-1", ok=True, ms=12, rows=1, data={"found": True})
    for start in range(0, len(BOB), 7):
        yield TextDelta(text=BOB[start : start + 7])
    yield Answered(answer=answer_of(question, BOB, tool_calls=calls))


def saying(text: str, **fields: Any) -> Script:
    """A script that answers every question with the same text."""

    async def script(question: Question) -> AsyncIterator[TurnEvent]:
        yield TextDelta(text=text)
        yield Answered(answer=answer_of(question, text, **fields))

    return script


def failing(code: str, message: str = "It did not work.", *, retryable: bool = False) -> Script:
    """A script whose every turn fails."""

    async def script(question: Question) -> AsyncIterator[TurnEvent]:
        yield Failed(code=code, message=message, retryable=retryable)

    return script


async def never_ending(question: Question) -> AsyncIterator[TurnEvent]:
    """Says a word and then nothing, until it is stopped."""
    yield TextDelta(text="Looking")
    await asyncio.Event().wait()


@dataclass(frozen=True)
class FakeTurn:
    """What a chat shows of a stored turn."""

    question: str
    answer: str
    at: str = "2026-11-22T09:00:00+00:00"


@dataclass(frozen=True)
class FakeSummary:
    """A line of the list of conversations."""

    conversation_id: str
    title: str
    updated_at: str
    turns: int


@dataclass
class FakeConversations:
    """Stored conversations in memory.

    Attributes:
        down: the store does not answer.
    """

    turns: dict[str, list[FakeTurn]] = field(default_factory=dict)
    down: bool = False

    async def list(self, rep_id: str) -> Sequence[FakeSummary]:
        """All of them, the newest first."""
        self._answer()
        return [
            FakeSummary(name, turns[0].question, turns[-1].at, len(turns))
            for name, turns in reversed(self.turns.items())
        ]

    async def transcript(self, rep_id: str, conversation_id: str) -> Sequence[FakeTurn]:
        """The turns of one."""
        self._answer()
        if conversation_id not in self.turns:
            raise ConversationNotFound("There is no such conversation.")
        return self.turns[conversation_id]

    def _answer(self) -> None:
        if self.down:
            raise DeskhandError("the table did not answer")


@dataclass
class FakeDesk:
    """Follows a script for every turn.

    Attributes:
        asked: every question, in order.
        stopped: set when a turn was closed before its end.
    """

    script: Script = about_bob
    stack: str = "local"
    model_id: str = "local.understudy"
    tools: Sequence[Tool] = ()
    checks: Sequence[SystemCheck] = ()
    results: Mapping[str, Result] = field(default_factory=dict)
    conversations: FakeConversations = field(default_factory=FakeConversations)
    asked: list[Question] = field(default_factory=list)
    called: list[tuple[str, Any]] = field(default_factory=list)
    called_for: list[Rep | None] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    observer: Observer = field(default_factory=Observer)

    async def ask(
        self, question: Question, *, stop: asyncio.Event | None = None
    ) -> AsyncGenerator[TurnEvent]:
        """Yields the script's events and keeps the turn when it ends."""
        self.asked.append(question)
        ended = False
        try:
            async for event in self.script(question):
                ended = isinstance(event, (Answered, Failed))
                if isinstance(event, Answered):
                    self._keep(question, event.answer)
                yield event
        finally:
            if not ended:
                self.stopped.set()

    async def call_tool(
        self, name: str, arguments: Mapping[str, Any], *, rep: Rep | None = None
    ) -> Result:
        """The result that was laid down for the tool."""
        self.called.append((name, arguments))
        self.called_for.append(rep)
        return self.results.get(name, error("invalid_input", f"There is no tool named {name!r}."))

    async def check(self) -> Sequence[SystemCheck]:
        """The checks that were laid down."""
        return self.checks

    def _keep(self, question: Question, answer: Answer) -> None:
        stored = FakeTurn(question.text, answer.answer)
        self.conversations.turns.setdefault(question.conversation_id, []).append(stored)

    def as_desk(self) -> Desk:
        """The fake in the place of a desk."""
        return cast("Desk", self)


@asynccontextmanager
async def opened(desk: FakeDesk) -> AsyncIterator[Desk]:
    """An open fake desk."""
    yield desk.as_desk()


def stack_with(desk: FakeDesk, **settings: Any) -> OpenStack:
    """Opens a stack whose desk is the fake one."""

    def open_desk(settings: Settings) -> AbstractAsyncContextManager[Desk]:
        return opened(desk)

    @contextmanager
    def open_stack(choice: StackChoice, say: Say, *, for_desk: bool = True) -> Iterator[Stack]:
        say("Opening a fake stack.")
        yield Stack(Settings.model_construct(**settings), dict(os.environ), open_desk)

    return open_stack
