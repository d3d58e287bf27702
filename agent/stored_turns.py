"""A stored turn as a DynamoDB item, and which turns of a long conversation the model sees."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from strands.types.content import Message

HEAD = "head"
MOST_TURNS = 40
KEPT_TURNS = 20
MOST_CHARACTERS = 240_000


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A whole turn: what a reader sees of it, and the messages that the model sees.

    ``at`` is an ISO time in UTC; ``messages`` begin with the rep's and end with the assistant's.
    """

    turn_id: str
    question: str
    answer: str
    outcome: str
    at: str
    messages: tuple[Message, ...]


@dataclass(slots=True)
class OpenTurn:
    """A turn that holds its conversation's lock; ``stored`` is false while the store is down."""

    conversation_id: str
    rep_id: str
    owner: str
    stored: bool
    turns: int
    window: int
    history: list[Message]
    unsaved: list[StoredTurn] = field(default_factory=list)
    saved: bool = False


def turn_item(conversation_id: str, number: int, turn: StoredTurn) -> dict[str, Any]:
    """The item of one turn, its messages packed: DynamoDB takes 400 KB an item."""
    packed = zlib.compress(
        json.dumps(turn.messages, ensure_ascii=False, separators=(",", ":")).encode()
    )
    return {
        "conversation_id": {"S": conversation_id},
        "item": {"S": f"turn#{number:06d}"},
        "turn_id": {"S": turn.turn_id},
        "question": {"S": turn.question},
        "answer": {"S": turn.answer},
        "outcome": {"S": turn.outcome},
        "at": {"S": turn.at},
        "messages": {"B": packed},
    }


def read_turn(item: dict[str, Any]) -> tuple[int, StoredTurn]:
    """The turn's number in its conversation, and the turn."""
    turn = StoredTurn(
        turn_id=item["turn_id"]["S"],
        question=item["question"]["S"],
        answer=item["answer"]["S"],
        outcome=item["outcome"]["S"],
        at=item["at"]["S"],
        messages=tuple(json.loads(zlib.decompress(item["messages"]["B"]))),
    )
    return int(item["item"]["S"].removeprefix("turn#")), turn


def window_start(turns: Sequence[tuple[int, StoredTurn]], start: int) -> int:
    """The first turn that the model still sees.

    It moves rarely and far: each move voids the model's prompt cache, and a window that moves with
    every turn never uses it.
    """
    sizes = [len(json.dumps(turn.messages)) for _, turn in turns]
    if len(turns) <= MOST_TURNS and sum(sizes) <= MOST_CHARACTERS:
        return start
    room, kept = MOST_CHARACTERS // 2, 0
    for size in reversed(sizes[-KEPT_TURNS:]):
        if size > room:
            break
        room -= size
        kept += 1
    return turns[-kept][0] if kept else turns[-1][0] + 1
