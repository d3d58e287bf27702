"""A stored turn as the page draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.stored_turns import StoredTurn


def turn_as_json(turn: StoredTurn, conversation_id: str) -> dict[str, Any]:
    """One turn with its answer and every tool call."""
    return {
        "turn_id": turn.turn_id,
        "question": turn.question,
        "at": turn.at,
        "answer": turn.as_answer(conversation_id).model_dump(mode="json"),
        "calls": [call.model_dump(mode="json") for call in turn.calls],
        "stopped": turn.stopped,
        "thumb": turn.thumb.model_dump() if turn.thumb else None,
    }


def one_line(text: str) -> str:
    """A text without line breaks, control signs and marks that turn its direction around."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
