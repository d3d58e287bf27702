"""Reads what the page sends: small JSON objects with known fields, and ids in addresses."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import ClientDisconnect, Request

from agent.entrypoints.console.problems import Problem, not_found
from agent.entrypoints.questions import conversation_problem

MOST_BYTES = 16_000
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}", re.ASCII)


async def read_object(request: Request, *, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        Problem: it is none, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem(415, "wrong_content_type", "Send the body as application/json.")
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > most_bytes:
                raise Problem(413, "body_too_large", f"The body may have {most_bytes:,} bytes.")
    except ClientDisconnect:
        raise bad_request("The body did not arrive.") from None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request("The body is not valid JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise bad_request("The body must be an object.")
    return found


def text_field(body: dict[str, Any], name: str, *, default: str | None = None) -> str:
    """A text of the body.

    Raises:
        Problem: it is none, or not there.
    """
    value = body.get(name, default)
    if not isinstance(value, str):
        raise bad_request(f'"{name}" must be a text.')
    return value


def id_field(body: dict[str, Any], name: str) -> str:
    """An id that the page has made.

    Raises:
        Problem: it is none.
    """
    value = text_field(body, name)
    if not _ID.fullmatch(value):
        raise bad_request(f'"{name}" must have 1 to 128 letters, digits, dots or hyphens.')
    return value


def conversation_of(request: Request) -> str:
    """The conversation that the address names.

    Raises:
        Problem: it cannot be one.
    """
    conversation_id: str = request.path_params["conversation_id"]
    if conversation_problem(conversation_id):
        raise not_found("conversation")
    return conversation_id


def number_of(request: Request, name: str) -> int:
    """A whole number of the address's query, 0 when it is not there.

    Raises:
        Problem: it is none.
    """
    text = request.query_params.get(name, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise bad_request(f'"{name}" must be a whole number.')
    return int(text)


def bad_request(message: str) -> Problem:
    """The page sent something that cannot be taken."""
    return Problem(400, "bad_request", message)
