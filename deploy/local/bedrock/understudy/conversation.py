"""Reads a Converse request into turns: what was said, which tools were called, what came back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Result = Mapping[str, Any]

_TURN = re.compile(r"""^\s*<turn\s+today=["'](\d{4}-\d{2}-\d{2})["']\s*/?>\s*""")
UNKNOWN_DAY = date(1970, 1, 1)
_LOST: Result = {
    "error": {"kind": "internal", "message": "The result cannot be read.", "retryable": True}
}


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call of a turn and its result, when it has one."""

    id: str
    name: str
    input: Mapping[str, Any]
    result: Result


@dataclass(slots=True)
class Turn:
    """One question of the rep and what happened since."""

    today: date
    text: str
    rounds: int = 0
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns of a request, oldest first, and the argument schemas of the offered tools."""

    turns: Sequence[Turn]
    schemas: Mapping[str, Mapping[str, Any]]


def since_question(request: Mapping[str, Any]) -> list[Any]:
    """The messages of a request after the rep's last question; none when nothing was asked."""
    messages = _list(request, "messages")
    asked = (at for at in range(len(messages), 0, -1) if _question(messages[at - 1]))
    return messages[next(asked, len(messages)) :]


def read_conversation(request: Mapping[str, Any]) -> Conversation:
    """The turns and tools of a Converse request body; parts of a wrong shape are left out."""
    messages = _list(request, "messages")
    results = _results(messages)
    turns: list[Turn] = []
    for message in messages:
        if texts := _question(message):
            _take_question(turns, texts)
        elif turns:
            _take_calls(turns[-1], message, results)
    return Conversation(turns=turns, schemas=dict(_schemas(request)))


def with_calls(turn: Turn, messages: Sequence[Any]) -> Turn:
    """A question with what happened since, by the messages after it."""
    results, after = _results(messages), Turn(turn.today, turn.text)
    for message in messages:
        _take_calls(after, message, results)
    return after


def _results(messages: Sequence[Any]) -> dict[str, Result]:
    return {str(r.get("toolUseId")): _result(r) for r in _blocks(messages, "toolResult")}


def _question(message: Any) -> list[str]:
    """The texts of a message that is a question of the rep; none of any other."""
    if not isinstance(message, Mapping) or message.get("role") != "user":
        return []
    content = _list(message, "content")
    if any(_is(block, "toolResult") for block in content):
        return []
    return [str(block["text"]) for block in content if _is(block, "text")]


def _take_question(turns: list[Turn], texts: list[str]) -> None:
    today = turns[-1].today if turns else UNKNOWN_DAY
    if stamp := _TURN.match(texts[0]):
        today = _day(stamp[1], today)
        texts[0] = texts[0][stamp.end() :]
    turns.append(Turn(today=today, text="\n".join(part for part in texts if part)))


def _take_calls(turn: Turn, message: Any, results: Mapping[str, Result]) -> None:
    if not isinstance(message, Mapping) or message.get("role") == "user":
        return
    uses = [b["toolUse"] for b in _list(message, "content") if _is(b, "toolUse")]
    turn.rounds += bool(uses)
    for use in uses:
        given = use.get("input")
        found = results.get(str(use.get("toolUseId")), _LOST)
        inputs = given if isinstance(given, Mapping) else {}
        turn.calls.append(Call(str(use.get("toolUseId")), str(use.get("name")), inputs, found))


def _result(block: Mapping[str, Any]) -> Result:
    for content in _list(block, "content"):
        if _is(content, "json") and isinstance(content["json"], Mapping):
            return content["json"]
        if _is(content, "text"):
            return _parsed(str(content["text"]))
    return _LOST


def _parsed(text: str) -> Result:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return _LOST
    return found if isinstance(found, Mapping) else _LOST


def _schemas(request: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    config = request.get("toolConfig")
    for tool in _list(config, "tools") if isinstance(config, Mapping) else []:
        spec = tool.get("toolSpec") if isinstance(tool, Mapping) else None
        if isinstance(spec, Mapping) and isinstance(spec.get("name"), str):
            schema = spec.get("inputSchema")
            inner = schema.get("json") if isinstance(schema, Mapping) else None
            yield spec["name"], inner if isinstance(inner, Mapping) else {}


def _blocks(messages: Sequence[Any], kind: str) -> Iterator[Mapping[str, Any]]:
    for message in messages:
        if isinstance(message, Mapping):
            yield from (b[kind] for b in _list(message, "content") if _is(b, kind))


def _is(block: Any, kind: str) -> bool:
    if not isinstance(block, Mapping) or kind not in block:
        return False
    return isinstance(block[kind], str if kind == "text" else Mapping)


def _list(parent: Mapping[str, Any], key: str) -> list[Any]:
    found = parent.get(key)
    return found if isinstance(found, list) else []


def _day(text: str, fallback: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return fallback
