"""The conversations of one chat with a deployed desk: its store is out of a terminal's reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.turns import Answer, Question


@dataclass(frozen=True, slots=True)
class RememberedTurn:
    """What a chat shows of a turn."""

    question: str
    answer: str
    at: str


@dataclass(frozen=True, slots=True)
class RememberedConversation:
    """A line of the list."""

    conversation_id: str
    title: str
    updated_at: str
    turns: int


class RememberedConversations:
    """What was said since the program began; of earlier turns the desk itself knows."""

    def __init__(self) -> None:
        self._turns: dict[str, list[RememberedTurn]] = {}

    def remember(self, question: Question, answer: Answer) -> None:
        """Keeps a turn; its conversation becomes the newest."""
        turns = self._turns.pop(question.conversation_id, [])
        turns.append(RememberedTurn(question.text, answer.answer, datetime.now(UTC).isoformat()))
        self._turns[question.conversation_id] = turns

    async def list(self, rep_id: str) -> Sequence[RememberedConversation]:
        """The newest first."""
        del rep_id  # the token says who asks
        return [
            RememberedConversation(name, turns[0].question, turns[-1].at, len(turns))
            for name, turns in reversed(self._turns.items())
        ]

    async def transcript(self, rep_id: str, conversation_id: str) -> Sequence[RememberedTurn]:
        """The turns that are known here: none of a conversation of an earlier chat."""
        del rep_id
        return self._turns.get(conversation_id, [])
