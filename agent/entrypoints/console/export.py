"""A conversation as a file to keep: Markdown to read, JSON to work with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.responses import Response

from agent.entrypoints.console.telling import one_line, turn_as_json

if TYPE_CHECKING:
    from agent.stored_turns import StoredTurn
    from agent.turns import FinishedCall

_TYPES = {"markdown": ("text/markdown", "md"), "json": ("application/json", "json")}


def as_json(conversation_id: str, title: str, turns: Sequence[StoredTurn]) -> str:
    """Everything that is stored of it."""
    told = [turn_as_json(turn, conversation_id) for turn in turns]
    document = {"id": conversation_id, "title": title, "turns": told}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_markdown(conversation_id: str, title: str, turns: Sequence[StoredTurn]) -> str:
    """What was asked and answered, and where the answers come from."""
    parts = [f"# {one_line(title) or conversation_id}"]
    for turn in turns:
        parts.append(f"## {turn.at}")
        parts.append("\n".join(f"> {line}" for line in turn.question.splitlines()))
        if turn.calls:
            parts.append("\n".join(_call_line(call) for call in turn.calls))
        if turn.answer:
            parts.append(turn.answer)
        if turn.stopped:
            parts.append("*(stopped here by the rep)*")
        if turn.thumb:
            reason = f": {one_line(turn.thumb.reason)}" if turn.thumb.reason else ""
            parts.append(f"*(thumb {turn.thumb.value}{reason})*")
    return "\n\n".join(parts) + "\n"


def _call_line(call: FinishedCall) -> str:
    arguments = json.dumps(call.input, ensure_ascii=False)
    state = "" if call.ok else f", failed: {call.error}"
    return f"- {call.system} `{call.tool}` `{arguments}` ({call.ms} ms{state})"


def attachment(text: str, name: str, kind: str) -> Response:
    """A file for the browser to save under a plain name."""
    media_type, ending = _TYPES[kind]
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60] or "conversation"
    headers = {"Content-Disposition": f'attachment; filename="{plain}.{ending}"'}
    return Response(text, media_type=f"{media_type}; charset=utf-8", headers=headers)
