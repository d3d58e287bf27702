"""Desks that do nothing at all: a suite in which they do well measures nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from agent import Answer, Answered, Outcome, Question, TextDelta, TurnEvent
from evals.mutation.mutant import Mutant, WrapDesk
from evals.mutation.wrapped_desks import WrappedDesk
from evals.runner import AskedDesk


class DumbDesk(WrappedDesk):
    """Gives one and the same answer to everything, and asks no system."""

    def __init__(self, inner: AskedDesk, text: str, outcome: Outcome) -> None:
        super().__init__(inner)
        self._text = text
        self._outcome: Outcome = outcome

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The one answer."""
        if self._text:
            yield TextDelta(text=self._text)
        answer = Answer(
            conversation_id=question.conversation_id,
            turn_id="dumb",
            answer=self._text,
            outcome=self._outcome,
            model_id=self.model_id,
            prompt_hash="",
        )
        yield Answered(answer=answer)


def _saying(text: str, outcome: Outcome) -> WrapDesk:
    return lambda desk: DumbDesk(desk, text, outcome)


DUMB_DESKS = (
    Mutant(
        id="refuses-everything",
        group="dumb",
        does="Refuses everything.",
        desk=_saying("I am sorry, I cannot help with that.", "refused"),
    ),
    Mutant(
        id="knows-nothing",
        group="dumb",
        does="Does not know anything.",
        desk=_saying("I don't know.", "not_found"),
    ),
    Mutant(
        id="says-nothing",
        group="dumb",
        does="Answers with nothing.",
        desk=_saying("", "answered"),
    ),
)
