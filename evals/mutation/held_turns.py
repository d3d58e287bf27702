"""A desk whose turns are changed after they were held, so that a rep sees something else."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Self

from agent import (
    Answer,
    Answered,
    Outcome,
    Question,
    TextDelta,
    ToolCall,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)
from evals.mutation.mutant import MutableDesk, WrapDesk


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """A turn that the desk has held: the question, the events of its tool calls, the answer."""

    question: Question
    calls: tuple[ToolStarted | ToolFinished, ...]
    answer: Answer

    @property
    def text(self) -> str:
        """What the rep reads."""
        return self.answer.answer

    @property
    def results(self) -> list[dict[str, Any]]:
        """What tools gave."""
        return [call.data for call in self.calls if isinstance(call, ToolFinished) and call.data]

    @property
    def has_asked(self) -> bool:
        """Whether any tool answered."""
        return any(isinstance(call, ToolFinished) and call.ok for call in self.calls)

    def saying(self, text: str, outcome: Outcome | None = None, **changed: Any) -> Self:
        """The same turn with another answer."""
        changed |= {"answer": text, "outcome": outcome or self.answer.outcome}
        return replace(self, answer=self.answer.model_copy(update=changed))

    def adding(self, sentence: str) -> Self:
        """The same turn with a sentence more."""
        return self.saying(f"{self.text}\n\n{sentence}")

    def calling(self, system: str, tool: str, arguments: dict[str, Any]) -> Self:
        """The same turn after one more tool call, which found nothing."""
        call_id = f"mutant-{len(self.calls)}"
        began = ToolStarted(id=call_id, system=system, tool=tool, input=arguments)
        ended = ToolFinished(id=call_id, ok=True, ms=0, rows=0, data={"rows": []})
        listed = ToolCall(system=system, tool=tool, input=arguments, ok=True, ms=0)
        calls = [*self.answer.tool_calls, listed]
        answer = self.answer.model_copy(update={"tool_calls": calls})
        return replace(self, calls=(*self.calls, began, ended), answer=answer)

    def events(self) -> list[TurnEvent]:
        """The turn as a desk would stream it."""
        said = [TextDelta(text=self.text)] if self.text else []
        return [*self.calls, *said, Answered(answer=self.answer)]


Change = Callable[[HeldTurn], HeldTurn]


class WrappedDesk:
    """A desk that is another one but for what a subclass changes."""

    def __init__(self, inner: MutableDesk) -> None:
        self.inner = inner
        self.model_id = inner.model_id
        self.stack = inner.stack

    @property
    def tools(self) -> Sequence[Any]:
        """The tools of the desk within."""
        return self.inner.tools

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The events of the desk within."""
        return self.inner.ask(question)

    async def hold(self, question: Question) -> list[TurnEvent]:
        """All events of the desk within, at once."""
        async with aclosing(self.inner.ask(question)) as events:
            return [event async for event in events]


class ChangedTurns(WrappedDesk):
    """A desk that shows every turn changed; a turn that the change leaves alone is the same."""

    def __init__(self, inner: MutableDesk, change: Change) -> None:
        super().__init__(inner)
        self._change = change

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The changed turn; one that failed has no answer to change."""
        events = await self.hold(question)
        held = held_turn(question, events)
        if held is not None:
            changed = self._change(held)
            if changed is not held:
                events = changed.events()
        for event in events:
            yield event


def held_turn(question: Question, events: Sequence[TurnEvent]) -> HeldTurn | None:
    """The events as one turn, or nothing when it ended without an answer."""
    last = events[-1] if events else None
    if not isinstance(last, Answered):
        return None
    calls = tuple(event for event in events if isinstance(event, (ToolStarted, ToolFinished)))
    return HeldTurn(question, calls, last.answer)


def changing(change: Change) -> WrapDesk:
    """Wraps a desk so that each of its turns is changed."""
    return lambda desk: ChangedTurns(desk, change)
