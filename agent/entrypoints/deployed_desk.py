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
from agent.entrypoints.questions import new_conversation_id
from agent.entrypoints.remembered_conversations import RememberedConversations
from agent.entrypoints.rep_tokens import RepTokens, SignedOut
from agent.entrypoints.signing_keys import IssuerUnavailable
from agent.turns import Answered, Failed, Question, Rep, TurnEvent

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
        message="The desk does not take the token; it may have expired. Set DESKHAND_REP_TOKEN to"
        " a new access token, or unset it to sign in at the terminal.",
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
_EMPTY = "bad_question"  # what a desk says to an empty question, after it has taken the token
_TOO_SHORT = Failed(
    code="bad_conversation",
    message=f"AgentCore takes conversation ids of {LEAST_CONVERSATION_ID} characters or more.",
    retryable=False,
)
_SIGNED_OUT = Failed(
    code="signed_out",
    message="Your sign-in has ended. Start ./deskhand chat --stack aws again to sign in.",
    retryable=False,
)
_NO_ISSUER = Failed(
    code="issuer_unavailable",
    message="The sign-in service does not answer. Please ask again in a moment.",
    retryable=True,
)
_OURS = frozenset({400, 404, 409, 413, 422, 429, 502, 504})


class DeployedDesk:
    """A desk behind an invocation address.

    Args:
        http: sends the requests; it belongs to the caller.
        endpoint: the invocation address, with its query.
        tokens: where the rep's access token comes from; after a refusal it is renewed, once.
        seconds: after this long the desk is given up.
        stack: its name, shown to reps.

    Attributes:
        model_id: the model of the last answer; empty before the first.
    """

    def __init__(
        self,
        http: httpx2.AsyncClient,
        *,
        endpoint: str,
        tokens: RepTokens,
        seconds: float,
        stack: str = "aws",
    ) -> None:
        self.stack = stack
        self.model_id = ""
        self.conversations = RememberedConversations()
        self._http = http
        self._endpoint = endpoint
        self._tokens = tokens
        self._seconds = seconds

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent]:
        """The turn's events; the last is ``Answered`` or ``Failed``.

        Who asks is in the token; the question's rep is not sent.
        """
        if len(question.conversation_id) < LEAST_CONVERSATION_ID:
            yield _TOO_SHORT
            return
        try:
            async with aclosing(self._tried(question)) as events:
                async for event in events:
                    if isinstance(event, Answered):
                        self.model_id = event.answer.model_id
                        self.conversations.remember(question, event.answer)
                    yield event
        except SignedOut:
            yield _SIGNED_OUT
        except IssuerUnavailable:
            yield _NO_ISSUER

    async def check(self) -> Failed | None:
        """Why the desk would not answer this rep; nothing when it would. No model is asked."""
        nothing = Question(rep=Rep(rep_id=""), conversation_id=new_conversation_id(), text="")
        async with aclosing(self.ask(nothing)) as events:
            async for event in events:
                if isinstance(event, Failed):
                    return None if event.code == _EMPTY else event
        return None

    async def _tried(self, question: Question) -> AsyncGenerator[TurnEvent]:
        """Asks, and once more with a new token where the first one is refused."""
        renewed = None
        async with aclosing(self._asked(question, await self._tokens.token())) as events:
            async for event in events:
                if event is _WORDS[401] and (renewed := await self._tokens.renewed()):
                    break
                yield event
        if renewed:
            async with aclosing(self._asked(question, renewed)) as events:
                async for event in events:
                    yield event

    async def _asked(self, question: Question, token: str) -> AsyncGenerator[TurnEvent]:
        begun = ended = False
        deadline = asyncio.get_running_loop().time() + self._seconds
        sent = self._http.stream(
            "POST",
            self._endpoint,
            json={"prompt": question.text},
            headers=_headers(token, question.conversation_id),
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


def _headers(token: str, conversation_id: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Accept": "text/event-stream",
        SESSION_HEADER: conversation_id,
    }


async def _events(response: httpx2.Response, deadline: float) -> AsyncGenerator[TurnEvent]:
    if response.status_code != 200:
        async with asyncio.timeout_at(deadline):
            refusal = await _refusal(response)
        yield refusal
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
