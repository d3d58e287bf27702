"""A stored turn as a DynamoDB item, and which turns of a long conversation the model sees."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from strands.types.content import Message

from agent.turns import Answer, FinishedCall, Outcome, Thumb, ToolCall, Usage

HEAD = "head"
TURN = "turn#"
MOST_TURNS = 40
KEPT_TURNS = 20
MOST_CHARACTERS = 240_000
MOST_BYTES = 300_000  # of a turn's packed data; question and answer come on top


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A whole turn: what a reader sees of it, and the messages that the model sees.

    ``at`` is an ISO time in UTC; ``messages`` begin with the rep's and end with the assistant's.
    What stands below ``messages`` is for showing the turn again; turns of older versions have none.
    """

    turn_id: str
    question: str
    answer: str
    outcome: str
    at: str
    messages: tuple[Message, ...]
    calls: tuple[FinishedCall, ...] = ()
    unavailable: tuple[str, ...] = ()
    usage: Usage = Usage()
    model_id: str = ""
    prompt_hash: str = ""
    stopped: bool = False
    thumb: Thumb | None = None

    def as_answer(self, conversation_id: str) -> Answer:
        """The answer as the desk gave it."""
        shared = set(ToolCall.model_fields)
        return Answer(
            conversation_id=conversation_id,
            turn_id=self.turn_id,
            answer=self.answer,
            outcome=cast("Outcome", self.outcome),
            unavailable=list(self.unavailable),
            tool_calls=[ToolCall(**call.model_dump(include=shared)) for call in self.calls],
            usage=self.usage,
            model_id=self.model_id,
            prompt_hash=self.prompt_hash,
        )


@dataclass(slots=True)
class OpenTurn:
    """A turn that holds its conversation's lock; ``stored`` is false while the store is down.

    ``turns`` counts those that stay before it, and not one that it replaces. ``titled`` says that
    the rep has given the conversation a title. ``writing`` is held while the head is written to: a
    transaction is refused when another write meets it.
    """

    conversation_id: str
    rep_id: str
    owner: str
    stored: bool
    turns: int
    window: int
    history: list[Message]
    unsaved: list[StoredTurn] = field(default_factory=list)
    saved: bool = False
    last: StoredTurn | None = None
    titled: bool = False
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)


def turn_item(conversation_id: str, number: int, turn: StoredTurn) -> dict[str, Any]:
    """The item of one turn, its messages packed: DynamoDB takes 400 KB an item.

    A turn whose tools gave more than that is kept without what they gave.
    """
    messages, shown = _packed(turn.messages), _packed(_shown(turn))
    if len(messages) + len(shown) > MOST_BYTES:
        calls = tuple(call.model_copy(update={"data": None}) for call in turn.calls)
        turn = replace(turn, messages=_without_tools(turn), calls=calls)
        messages, shown = _packed(turn.messages), _packed(_shown(turn))
    item: dict[str, Any] = {
        "conversation_id": {"S": conversation_id},
        "item": {"S": f"{TURN}{number:06d}"},
        "turn_id": {"S": turn.turn_id},
        "question": {"S": turn.question},
        "answer": {"S": turn.answer},
        "outcome": {"S": turn.outcome},
        "at": {"S": turn.at},
        "messages": {"B": messages},
        "shown": {"B": shown},
    }
    return item | ({"thumb": thumb_value(turn.thumb)} if turn.thumb else {})


def read_turn(item: dict[str, Any]) -> tuple[int, StoredTurn]:
    """The turn's number in its conversation, and the turn, with as much of it as the item has."""
    messages = tuple(_unpacked(item["messages"]["B"]))
    shown = _unpacked(item["shown"]["B"]) if "shown" in item else {}
    results = dict(_results(messages)) if shown else {}
    calls = [{"data": results.get(call["id"]), **call} for call in shown.get("calls", [])]
    thumb = item.get("thumb", {}).get("M")
    turn = StoredTurn(
        turn_id=item["turn_id"]["S"],
        question=item["question"]["S"],
        answer=item["answer"]["S"],
        outcome=item["outcome"]["S"],
        at=item["at"]["S"],
        messages=messages,
        calls=tuple(FinishedCall.model_validate(call) for call in calls),
        unavailable=tuple(shown.get("unavailable", ())),
        usage=Usage.model_validate(shown.get("usage", {})),
        model_id=shown.get("model_id", ""),
        prompt_hash=shown.get("prompt_hash", ""),
        stopped=shown.get("stopped", False),
        thumb=Thumb(value=thumb["value"]["S"], reason=thumb["reason"]["S"]) if thumb else None,
    )
    return int(item["item"]["S"].removeprefix(TURN)), turn


def _without_tools(turn: StoredTurn) -> tuple[Message, ...]:
    """The rep's words and the answer alone."""
    return (turn.messages[0], {"role": "assistant", "content": [{"text": turn.answer}]})


def thumb_value(thumb: Thumb) -> dict[str, Any]:
    """A thumb as DynamoDB keeps it."""
    return {"M": {"value": {"S": thumb.value}, "reason": {"S": thumb.reason}}}


def _shown(turn: StoredTurn) -> dict[str, Any]:
    """What shows the turn again; results that stand in its messages are not kept twice."""
    results = dict(_results(turn.messages))
    calls = [
        call.model_dump(mode="json", exclude={"data"} if call.id in results else set())
        for call in turn.calls
    ]
    return {
        "calls": calls,
        "unavailable": list(turn.unavailable),
        "usage": turn.usage.model_dump(mode="json"),
        "model_id": turn.model_id,
        "prompt_hash": turn.prompt_hash,
        "stopped": turn.stopped,
    }


def _results(messages: Sequence[Message]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The data of each tool result, by the id of its call; ``None`` for an error."""
    for message in messages:
        for block in message["content"]:
            if found := block.get("toolResult"):
                text = "".join(str(part.get("text", "")) for part in found["content"])
                yield (
                    found["toolUseId"],
                    json.loads(text) if found["status"] == "success" else None,
                )


def _packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _unpacked(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


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
