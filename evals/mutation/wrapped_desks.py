"""A desk that is another one but for what a mutant changes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from agent import Question, TurnEvent
from evals.runner import AskedDesk


class WrappedDesk:
    """The desk within, whose questions and events a subclass may change."""

    def __init__(self, inner: AskedDesk) -> None:
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
