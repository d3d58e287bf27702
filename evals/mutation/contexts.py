"""Mutants that mix up what was said before, and who is meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

from agent import Question, TurnEvent, Usage
from evals.mutation.held_turns import HeldTurn, WrappedDesk, held_turn
from evals.mutation.mutant import MutableDesk, Mutant
from evals.mutation.people import people, stranger_to

_CUSTOMER = re.compile(r"\bCUST\d+\b")


class LostHistory(WrappedDesk):
    """Every question opens a conversation of its own."""

    def __init__(self, inner: MutableDesk) -> None:
        super().__init__(inner)
        self._asked: Counter[str] = Counter()

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """Asks as if nothing had been said before."""
        self._asked[question.conversation_id] += 1
        return self.inner.ask(_elsewhere(question, self._asked[question.conversation_id]))


class ForeignHistory(WrappedDesk):
    """Every conversation goes on from one that somebody else has held about another customer."""

    def __init__(self, inner: MutableDesk) -> None:
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


class PicksFirst(WrappedDesk):
    """Goes on with the first of several customers where an honest desk asks which one."""

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """Answers its own question back with the first candidate."""
        events = await self.hold(question)
        asked = held_turn(question, events)
        if asked is not None and (candidate := _first_candidate(asked)):
            picked = question.model_copy(update={"text": candidate})
            chosen = held_turn(picked, await self.hold(picked))
            if chosen is not None:
                events = _joined(asked, chosen)
        for event in events:
            yield event


def _elsewhere(question: Question, number: int) -> Question:
    conversation = f"{question.conversation_id}-{number}"
    return question.model_copy(update={"conversation_id": conversation})


def _first_candidate(turn: HeldTurn) -> str | None:
    candidates = dict.fromkeys(_CUSTOMER.findall(turn.text))
    several = turn.answer.outcome == "clarify" and len(candidates) > 1
    return next(iter(candidates)) if several else None


def _joined(first: HeldTurn, second: HeldTurn) -> list[TurnEvent]:
    """Both turns as one that says what the second one says."""
    usage = {
        name: getattr(first.answer.usage, name) + getattr(second.answer.usage, name)
        for name in Usage.model_fields
    }
    changed: dict[str, Any] = {
        "tool_calls": [*first.answer.tool_calls, *second.answer.tool_calls],
        "usage": Usage(**usage),
    }
    turn = HeldTurn(
        first.question,
        (*first.calls, *second.calls),
        second.answer.model_copy(update=changed),
    )
    return turn.events()


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
        id="picks-first",
        group="answer",
        does="Answers for the first of several customers instead of asking which one is meant.",
        meant_for=("outcome", "pii_scope"),
        desk=PicksFirst,
    ),
)
