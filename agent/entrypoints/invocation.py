"""Reads and judges a request to ``/invocations`` before any of it reaches the desk."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.entrypoints.questions import CONVERSATION_ID_RULE, conversation_problem
from agent.question_text import text_problem

MOST_BODY_BYTES = 1_000_000
SESSION_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
_MOST_RUN_ID = 256


class BadRequest(Exception):
    """A request that cannot be taken; the message is for its sender.

    Args:
        status: the HTTP status, a 4xx, or 503 when who sent it cannot be found out.
        code: a short word for programs.
        message: one plain sentence.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a request asks: the rep's words, the conversation, and the client's id of the run."""

    text: str
    conversation_id: str
    run_id: str


def read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        BadRequest: it is none.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in {"", "application/json"}:
        raise BadRequest(415, "wrong_content_type", "Send the body as application/json.")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(400, "invalid_json", "The body is not valid JSON in UTF-8.") from None
    if not isinstance(payload, dict):
        raise BadRequest(400, "invalid_request", 'The body must be an object like {"prompt": "…"}.')
    return payload


def read_invocation(
    payload: Mapping[str, Any], conversation_id: str | None, *, most_characters: int
) -> Invocation:
    """What is asked: a ``prompt``, or the last user message of an AG-UI run.

    History, system messages, tools, state and context that a client sends are not read: all of it
    can be forged. History comes from our own store.

    Raises:
        BadRequest: something is missing or wrong.
    """
    if not conversation_id:
        raise BadRequest(
            400, "session_missing", f"Name the conversation in the header {SESSION_HEADER}."
        )
    if conversation_problem(conversation_id):
        raise BadRequest(
            400, "session_invalid", f"The header {SESSION_HEADER} takes {CONVERSATION_ID_RULE}."
        )
    if "prompt" in payload:
        text, run_id = payload["prompt"], str(uuid.uuid4())
        if not isinstance(text, str):
            raise BadRequest(400, "invalid_request", '"prompt" must be a text.')
    elif "messages" in payload:
        text, run_id = _last_user_text(payload["messages"]), _run_id(payload)
    else:
        raise BadRequest(
            400, "invalid_request", 'The body needs "prompt", or the "messages" of an AG-UI run.'
        )
    if problem := text_problem(text, most=most_characters):
        raise BadRequest(400, "bad_question", problem)
    return Invocation(text, conversation_id, run_id)


def _run_id(payload: Mapping[str, Any]) -> str:
    run_id = payload.get("runId", None) or str(uuid.uuid4())
    if not isinstance(run_id, str) or len(run_id) > _MOST_RUN_ID or not run_id.isprintable():
        raise BadRequest(
            422, "invalid_run", f'"runId" must be a text of at most {_MOST_RUN_ID} characters.'
        )
    return run_id


def _last_user_text(messages: Any) -> str:
    if not isinstance(messages, list) or not all(isinstance(item, dict) for item in messages):
        raise BadRequest(422, "invalid_run", '"messages" must be a list of messages.')
    from_user = [message for message in messages if message.get("role") == "user"]
    if not from_user:
        raise BadRequest(422, "invalid_run", '"messages" holds no message of the user.')
    content = from_user[-1].get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list) and content and all(map(_is_text_part, content)):
        return "\n".join(part["text"] for part in content)
    raise BadRequest(422, "invalid_run", "The user's last message must be text.")


def _is_text_part(part: Any) -> bool:
    return (
        isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)
    )
