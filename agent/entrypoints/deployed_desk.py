"""Asks a desk on AgentCore Runtime: ``InvokeAgentRuntime`` over HTTPS, with a rep's own token.

A runtime that takes JWTs cannot be asked through boto3, which signs its requests with AWS keys. It
takes one POST to the invocation address, with the access token, the conversation as session id and
``Accept: text/event-stream``; the answer is a stream of AG-UI events. ``./deskhand serve`` answers
the same requests.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import httpx2
from pydantic import ValidationError

from agent.entrypoints.agui_reading import EventReader
from agent.entrypoints.invocation import SESSION_HEADER
from agent.turns import Answered, Failed, Question, TurnEvent

LEAST_CONVERSATION_ID = 33
_MOST_ERROR_BYTES = 65_536
_ENDS = (Answered, Failed)
_BROKEN_OFF = Failed(
    code="internal", message="The desk broke off in mid-answer. Please ask again.", retryable=True
)
_UNREACHABLE = Failed(
    code="endpoint_unreachable",
    message="The desk cannot be reached; check the network and DESKHAND_ENDPOINT_URL.",
    retryable=True,
)
_LATE = Failed(
    code="turn_timeout",
    message="The desk did not answer in time. Please ask again.",
    retryable=True,
)
_WORDS: Mapping[int, Failed] = {
    401: Failed(
        code="token_refused",
        message="The desk does not take the token; it may have expired. Sign in again and set"
        " DESKHAND_REP_TOKEN to the new access token.",
        retryable=False,
    ),
    403: Failed(
        code="not_allowed",
        message="The token is good, but its rep may not ask; an administrator puts reps into the"
        " group rep.",
        retryable=False,
    ),
    404: Failed(
        code="endpoint_not_found",
        message="There is no desk at this address; check DESKHAND_ENDPOINT_URL.",
        retryable=False,
    ),
    429: Failed(
        code="too_many_requests",
        message="The desk has too much to do just now. Please ask again in a minute.",
        retryable=True,
    ),
}
_OURS = frozenset({400, 404, 409, 413, 422, 429, 502, 504})


class DeployedDesk:
    """A desk behind an invocation address.

    Args:
        http: sends the requests; it belongs to the caller.
        endpoint: the invocation address, with its query.
        token: a rep's access token.
        seconds: after this long the desk is given up.
    """

    def __init__(
        self, http: httpx2.AsyncClient, *, endpoint: str, token: str, seconds: float
    ) -> None:
        self._http = http
        self._endpoint = endpoint
        self._token = token
        self._seconds = seconds

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent]:
        """The turn's events; the last is ``Answered`` or ``Failed``.

        Who asks is in the token; the question's rep is not sent.
        """
        begun = ended = False
        deadline = asyncio.get_running_loop().time() + self._seconds
        sent = self._http.stream(
            "POST",
            self._endpoint,
            json={"prompt": question.text},
            headers=self._headers(question.conversation_id),
        )
        try:
            async with sent as response, aclosing(_events(response, deadline)) as events:
                async for event in events:
                    begun, ended = True, isinstance(event, _ENDS)
                    yield event
        except TimeoutError:
            yield _LATE
        except (httpx2.HTTPError, httpx2.InvalidURL):
            if not ended:
                yield _BROKEN_OFF if begun else _UNREACHABLE

    def _headers(self, conversation_id: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Accept": "text/event-stream",
            SESSION_HEADER: conversation_id,
        }


async def _events(response: httpx2.Response, deadline: float) -> AsyncGenerator[TurnEvent]:
    if response.status_code != 200:
        yield await _refusal(response)
        return
    reader = EventReader()
    try:
        async with aclosing(_documents(response, deadline)) as documents:
            async for document in documents:
                for event in reader.read(document):
                    yield event
                    if isinstance(event, _ENDS):
                        return
    except (ValueError, ValidationError, KeyError, TypeError, AttributeError):
        pass  # not the stream of a desk, or one of a later version
    yield _BROKEN_OFF


async def _documents(response: httpx2.Response, deadline: float) -> AsyncGenerator[Any]:
    """The JSON of each server-sent event; ours have one line of data each.

    Raises:
        TimeoutError: the deadline has passed.
    """
    lines = response.aiter_lines()
    while True:
        async with asyncio.timeout_at(deadline):
            line = await anext(lines, None)
        if line is None:
            return
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))


async def _refusal(response: httpx2.Response) -> Failed:
    """What a status means for the rep; the desk's own words where it has said some."""
    status = response.status_code
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _MOST_ERROR_BYTES:
            break
    try:
        said = json.loads(body)["error"]
        ours = Failed(
            code=said["code"], message=said["message"], retryable=bool(said.get("retryable"))
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        ours = None
    if ours is not None and status in _OURS:
        return ours
    if status in _WORDS:
        return _WORDS[status]
    if status < 500 and status != 424:
        message = f"The desk did not take the request (HTTP {status})."
        return Failed(code="request_refused", message=message, retryable=False)
    message = f"The desk cannot answer just now (HTTP {status}). Please ask again."
    return Failed(code="desk_unavailable", message=message, retryable=True)
