"""Mutants that mix up what was said before, and who is meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncGenerator, Sequence

from agent import Answered, Question, Rep, ToolFinished, ToolStarted, TurnEvent, Usage
from evals.mutation.mutant import Mutant
from evals.mutation.people import people, stranger_to
from evals.mutation.wrapped_desks import WrappedDesk
from evals.runner import AskedDesk

# A run's own random part, before the name that the case gives to one of its conversations.
_CONVERSATION = re.compile(r"(-[0-9a-f]{12})-[a-z0-9-]+$")
_CUSTOMER = re.compile(r"\bCUST\d+\b")


class LostHistory(WrappedDesk):
    """Every question opens a conversation of its own."""

    def __init__(self, inner: AskedDesk) -> None:
        super().__init__(inner)
        self._asked: Counter[str] = Counter()

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """Asks as if nothing had been said before."""
        self._asked[question.conversation_id] += 1
        return self.inner.ask(_elsewhere(question, self._asked[question.conversation_id]))


class ForeignHistory(WrappedDesk):
    """Every conversation goes on from one that somebody else has held about another customer."""

    def __init__(self, inner: AskedDesk) -> None:
        super().__init__(inner)
        self._begun: set[str] = set()

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """Asks about a stranger first, where the conversation has not begun yet."""
        if question.conversation_id not in self._begun:
            self._begun.add(question.conversation_id)
            stranger = stranger_to(question.text)
            about = (stranger or people()[0]).customer_id
            await self.hold(question.model_copy(update={"text": f"Which orders has {about}?"}))
        for event in await self.hold(question):
            yield event


class OneConversation(WrappedDesk):
    """All conversations of a case are one, whoever holds them."""

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """Asks where everybody else asks."""
        shared = _CONVERSATION.sub(r"\1", question.conversation_id)
        return self.inner.ask(
            question.model_copy(update={"conversation_id": shared, "rep": Rep(rep_id="everybody")})
        )


class PicksFirst(WrappedDesk):
    """Goes on with the first of several customers where an honest desk asks which one."""

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """Answers its own question back with the first candidate."""
        events = await self.hold(question)
        if candidate := _first_candidate(events[-1]):
            chosen = await self.hold(question.model_copy(update={"text": candidate}))
            events = _joined(events, chosen)
        for event in events:
            yield event


def _elsewhere(question: Question, number: int) -> Question:
    conversation = f"{question.conversation_id}-{number}"
    return question.model_copy(update={"conversation_id": conversation})


def _first_candidate(last: TurnEvent) -> str | None:
    if not isinstance(last, Answered) or last.answer.outcome != "clarify":
        return None
    candidates = dict.fromkeys(_CUSTOMER.findall(last.answer.answer))
    return next(iter(candidates)) if len(candidates) > 1 else None


def _joined(asked: Sequence[TurnEvent], chosen: Sequence[TurnEvent]) -> list[TurnEvent]:
    """Both turns as one that says what the second one says."""
    first, last = asked[-1], chosen[-1]
    calls = [event for event in asked if isinstance(event, (ToolStarted, ToolFinished))]
    if not isinstance(first, Answered) or not isinstance(last, Answered):
        return [*calls, *chosen]
    used = (first.answer.usage, last.answer.usage)
    usage = {name: sum(getattr(one, name) for one in used) for name in Usage.model_fields}
    listed = [*first.answer.tool_calls, *last.answer.tool_calls]
    answer = last.answer.model_copy(update={"tool_calls": listed, "usage": Usage(**usage)})
    return [*calls, *chosen[:-1], Answered(answer=answer)]


CONTEXT_MUTANTS = (
    Mutant(
        id="lost-history",
        group="context",
        does="Forgets everything that was said before.",
        meant_for=("facts", "outcome", "trajectory"),
        desk=LostHistory,
    ),
    Mutant(
        id="foreign-history",
        group="context",
        does="Begins each conversation with what somebody else asked about another customer.",
        meant_for=("facts", "outcome", "pii_scope"),
        desk=ForeignHistory,
    ),
    Mutant(
        id="mixed-conversations",
        group="context",
        does="Takes all conversations for one, whoever holds them.",
        meant_for=("facts", "outcome", "pii_scope"),
        desk=OneConversation,
    ),
    Mutant(
        id="picks-first",
        group="answer",
        does="Answers for the first of several customers instead of asking which one is meant.",
        meant_for=("outcome", "pii_scope"),
        desk=PicksFirst,
    ),
)
