"""Asking a deployed desk: the client against a served one, and what it says of every refusal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from agent.entrypoints.deployed_desk import DeployedDesk
from agent.entrypoints.invocation import BadRequest
from agent.entrypoints.rep_tokens import GivenToken, SignedOut
from agent.turns import (
    Answered,
    Failed,
    Question,
    Rep,
    Reset,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)
from deploy.local.http_system import HttpSystem
from tests.agent.entrypoints.fake_desk import (
    FakeDesk,
    about_bob,
    answer_of,
    failing,
    never_ending,
)
from tests.agent.entrypoints.served import EVENTS, serving
from tests.network import NO_CERTIFICATES

CONVERSATION = "a-conversation-with-an-id-that-is-long-enough"
ASKED = Question(rep=Rep(rep_id="nobody"), conversation_id=CONVERSATION, text="Who is CUST003?")


async def everything(question: Question) -> AsyncIterator[TurnEvent]:
    """Every kind of event: a text that is thrown away, tools that answer and fail, separators."""
    yield TextDelta(text="So")
    yield Reset()
    yield ToolStarted(id="1", system="aurora", tool="get_order", input={"order_id": 7, "n": None})
    yield ToolFinished(id="1", ok=True, ms=3, rows=1, data={"found": True, "note": "é\u2028\x85"})
    yield ToolStarted(id="2", system="profile", tool="profile___x", input={})
    yield ToolFinished(id="2", ok=False, ms=9, error="unavailable")
    yield TextDelta(text="Half\u2028an answer")
    yield Answered(answer=answer_of(question, "Half\u2028an answer"), stopped=True)


async def events_at(url: str, *, token: str = "token", seconds: float = 10) -> list[TurnEvent]:
    """What the client makes of the desk at the address."""
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES, timeout=5) as http:
        desk = DeployedDesk(http, endpoint=url, tokens=GivenToken(token), seconds=seconds)
        return [event async for event in desk.ask(ASKED)]


@asynccontextmanager
async def endpoint(answer: Callable[[Request], Response]) -> AsyncIterator[str]:
    """An invocation address that answers what it is told to."""

    async def invoke(request: Request) -> Response:
        return answer(request)

    system = HttpSystem()
    routes = [Route("/runtimes/desk/invocations", invoke, methods=["POST"])]
    await system.start(lambda: Starlette(routes=routes))
    try:
        yield f"{system.url}/runtimes/desk/invocations?qualifier=DEFAULT"
    finally:
        await system.stop()
        system.close()


async def test_the_events_of_a_turn_arrive_as_the_desk_gave_them() -> None:
    """There and back through AG-UI nothing is lost that a terminal shows."""
    desk = FakeDesk(everything)
    async with serving(desk) as client:
        received = await events_at(f"{client.base_url}/invocations")
    assert received == [event async for event in everything(ASKED)]
    assert [(asked.text, asked.conversation_id) for asked in desk.asked] == [
        (ASKED.text, CONVERSATION)
    ]


async def test_the_request_is_what_agentcore_takes() -> None:
    """The token, the session, the wish for a stream, the prompt; no word about who asks."""
    seen = []

    def answer(request: Request) -> Response:
        seen.append((request.headers, str(request.url.query)))
        return PlainTextResponse("", 500)

    async with endpoint(answer) as url:
        await events_at(url, token="abc.def")
    [(headers, query)] = seen
    assert headers["authorization"] == "Bearer abc.def"
    assert headers["x-amzn-bedrock-agentcore-runtime-session-id"] == CONVERSATION
    assert (headers["accept"], headers["content-type"]) == ("text/event-stream", "application/json")
    assert query == "qualifier=DEFAULT"
    assert "nobody" not in str(headers)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "token_refused", "DESKHAND_REP_TOKEN"),
        (403, "not_allowed", "group rep"),
        (404, "endpoint_not_found", "DESKHAND_ENDPOINT_URL"),
        (429, "too_many_requests", "in a minute"),
        (302, "request_refused", "HTTP 302"),
        (418, "request_refused", "HTTP 418"),
        (424, "desk_unavailable", "HTTP 424"),
        (500, "desk_unavailable", "HTTP 500"),
        (503, "desk_unavailable", "HTTP 503"),
    ],
)
async def test_every_refusal_is_told_in_words(status: int, code: str, words: str) -> None:
    """Nothing of what the platform wrote is shown."""
    async with endpoint(lambda _: JSONResponse({"message": "arn:aws:secret"}, status)) as url:
        [failed] = await events_at(url)
    assert isinstance(failed, Failed)
    assert failed.code == code
    assert words in failed.message
    assert "arn:aws" not in failed.message
    assert failed.retryable == (status in {424, 429, 500, 503})


async def test_the_desk_s_own_words_are_passed_on() -> None:
    """Another rep's conversation is told by the desk, as a status before the stream has begun."""
    refusal = failing("conversation_not_found", "There is no such conversation.")
    async with serving(FakeDesk(refusal)) as client:
        answer = await client.post("/invocations", json={"prompt": "Who?"}, headers=EVENTS)
        [failed] = await events_at(f"{client.base_url}/invocations")
    assert answer.status_code == 404
    assert failed == Failed(
        code="conversation_not_found", message="There is no such conversation.", retryable=False
    )


async def test_a_failed_turn_is_the_desk_s_failure() -> None:
    """As an event of the stream, with its code and whether another try makes sense."""
    async with serving(FakeDesk(failing("model_busy", "Later.", retryable=True))) as client:
        received = await events_at(f"{client.base_url}/invocations")
    assert received == [Failed(code="model_busy", message="Later.", retryable=True)]


STARTED = json.dumps({"type": "TEXT_MESSAGE_CONTENT", "delta": "So"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>Sign in to the network</html>",
        f"data: {STARTED}\n\n",
        "data: {\n\n",
        "data: []\n\n",
        'data: {"type": "RUN_FINISHED", "result": {"answer": "x"}}\n\n',
        'data: {"type": "TOOL_CALL_END", "toolCallId": "unknown"}\n\n',
        'data: {"delta": "x"}\n\n',
    ],
)
async def test_a_stream_that_is_none_or_breaks_off_ends_with_one_failure(text: str) -> None:
    """Whatever comes, the last event says that there is no answer."""
    async with endpoint(lambda _: PlainTextResponse(text)) as url:
        *before, last = await events_at(url)
    assert isinstance(last, Failed)
    assert last.retryable
    assert before in ([], [TextDelta(text="So")])


async def test_nobody_at_the_address_is_said_to_be_so() -> None:
    """No address and no port of ours in the words."""
    system = HttpSystem()
    try:
        [failed] = await events_at(f"{system.url}/invocations")
    finally:
        system.close()
    assert isinstance(failed, Failed)
    assert failed.code == "endpoint_unreachable"
    assert "127.0.0.1" not in failed.message


async def test_a_desk_that_never_ends_is_given_up() -> None:
    """Heartbeats do not keep a turn alive for ever, and giving up stops it at the desk."""
    desk = FakeDesk(never_ending)
    async with serving(desk, heartbeat_seconds=0.05) as client:
        received = await events_at(f"{client.base_url}/invocations", seconds=0.5)
        assert await asyncio.to_thread(desk.stopped.wait, 2)
    assert received[0] == TextDelta(text="Looking")
    assert [event.code for event in received if isinstance(event, Failed)] == ["turn_timeout"]


async def test_a_reader_who_leaves_stops_the_turn() -> None:
    """Closing the generator closes the connection."""
    desk = FakeDesk(never_ending)
    async with serving(desk) as client, httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        url = f"{client.base_url}/invocations"
        turn = DeployedDesk(http, endpoint=url, tokens=GivenToken("t"), seconds=10).ask(ASKED)
        assert await anext(turn) == TextDelta(text="Looking")
        await turn.aclose()
        assert await asyncio.to_thread(desk.stopped.wait, 2)


async def test_bob_is_found_through_the_door() -> None:
    """The script that all entry points are tested with."""
    async with serving(FakeDesk(about_bob)) as client:
        received = await events_at(f"{client.base_url}/invocations")
    assert received == [event async for event in about_bob(ASKED)]


class Renewable:
    """Tokens of a sign-in: each renewal gives the next; after the last one it has ended."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens)

    async def token(self) -> str:
        """The first."""
        return await self.renewed()

    async def renewed(self) -> str:
        """The next."""
        if not self.left:
            raise SignedOut
        return self.left.pop(0)


@pytest.mark.parametrize(
    ("tokens", "code"),
    [
        (["old", "new"], None),
        (["old", "older", "new"], "token_refused"),
        (["old"], "signed_out"),
        ([], "signed_out"),
    ],
)
async def test_a_refused_token_is_renewed_once(tokens: list[str], code: str | None) -> None:
    """The turn begins anew with the new one; a second refusal, or no other token, is told."""
    desk = FakeDesk(about_bob)

    async def rep(request: Request) -> Rep:
        if request.headers["authorization"] != "Bearer new":
            raise BadRequest(401, "token_expired", "Expired.")
        return Rep(rep_id="sam")

    async with serving(desk, callers=SimpleNamespace(rep=rep)) as client:
        url = f"{client.base_url}/invocations"
        async with httpx2.AsyncClient(verify=NO_CERTIFICATES, timeout=5) as http:
            asked = DeployedDesk(http, endpoint=url, tokens=Renewable(*tokens), seconds=10)
            received = [event async for event in asked.ask(ASKED)]
    last = received[-1]
    assert (last.code if isinstance(last, Failed) else None) == code
    assert len(desk.asked) == (code is None)
    assert asked.model_id == ("local.understudy" if code is None else "")


async def test_a_conversation_s_id_that_agentcore_would_refuse_is_not_sent() -> None:
    """The message says how long it has to be."""
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        desk = DeployedDesk(http, endpoint="http://127.0.0.1:9", tokens=GivenToken("t"), seconds=1)
        short = Question(rep=ASKED.rep, conversation_id="demo", text="Who?")
        [failed] = [event async for event in desk.ask(short)]
    assert isinstance(failed, Failed)
    assert (failed.code, "33 characters" in failed.message) == ("bad_conversation", True)


async def test_a_refusal_that_never_ends_is_not_waited_for() -> None:
    """The deadline holds for the text of an error too."""

    async def dripping() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.wait({asyncio.create_task(asyncio.Event().wait())}, timeout=0.02)

    async with endpoint(lambda _: StreamingResponse(dripping(), status_code=502)) as url:
        async with asyncio.timeout(5):
            events = await events_at(url, seconds=0.2)
    assert [event.code for event in events if isinstance(event, Failed)] == ["turn_timeout"]
