"""The AgentCore Runtime contract: ``POST /invocations`` and ``GET /ping`` over one desk.

``BedrockAgentCoreApp`` keeps the routes, the ping with its status, and the request context. Three
of its habits do not fit and are dealt with here. Its own errors have another shape and quote the
parser, so ``RequestGuard`` reads and judges the body before it, and passes an empty one on. It runs
entry points on a loop of another thread, where the desk's pools do not work, so ours only validates
and returns a response that does its work when it is sent, on the server's loop. And it puts the
text of exceptions into 500 bodies, so nothing that runs inside it raises.
"""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Any

import uvicorn
from bedrock_agentcore.runtime import BedrockAgentCoreApp, RequestContext
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.entrypoints.agui import AguiRun
from agent.entrypoints.callers import Callers
from agent.entrypoints.invocation import (
    MOST_BODY_BYTES,
    BadRequest,
    read_body,
    read_invocation,
)
from agent.entrypoints.observed_requests import ObservedRequests
from agent.entrypoints.serving import GracefulServer
from agent.entrypoints.turn_response import TurnResponse, error_response
from agent.question_text import MOST_CHARACTERS
from agent.turns import Question

if TYPE_CHECKING:
    from agent.desk import Desk

HEARTBEAT_SECONDS = 15.0
SHUTDOWN_SECONDS = 5


def runtime_app(
    desk: Desk,
    *,
    callers: Callers,
    most_characters: int = MOST_CHARACTERS,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> BedrockAgentCoreApp:
    """The ASGI application over an open desk.

    Args:
        callers: tells who asks.
        most_characters: the length of a question.
        heartbeat_seconds: after this long without an event a stream sends a comment.
    """
    app = BedrockAgentCoreApp(middleware=[Middleware(RequestGuard, callers=callers)])
    # Its lines hold what callers sent; our own log has the status of each request.
    app.logger.setLevel(logging.CRITICAL)
    app.add_exception_handler(HTTPException, _http_error)

    @app.entrypoint
    async def invoke(payload: dict[str, Any], context: RequestContext) -> Response:
        request: Any = context.request
        given = request.state.payload
        try:
            asked = read_invocation(given, context.session_id, most_characters=most_characters)
        except BadRequest as bad:
            return error_response(bad.status, bad.code, bad.message)
        question = Question(
            rep=request.state.rep, conversation_id=asked.conversation_id, text=asked.text
        )
        run = AguiRun(asked.conversation_id, asked.run_id)
        streams = "text/event-stream" in request.headers.get("accept", "")
        return TurnResponse(desk, question, run, heartbeat_seconds if streams else None)

    return app


async def serve_desk(
    desk: Desk, listener: socket.socket, *, callers: Callers, most_characters: int
) -> None:
    """Serves until SIGINT or SIGTERM; open streams then have 5 seconds to end."""
    app = runtime_app(desk, callers=callers, most_characters=most_characters)
    config = uvicorn.Config(
        ObservedRequests(app, desk.observer),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    await GracefulServer(config).serve(sockets=[listener])


class RequestGuard:
    """Judges who sends a request, then its body's size, type and form; only then it is read.

    It runs on the server's loop, on which the issuer of tokens is asked.

    Args:
        app: the application.
        callers: tells who sends a request.
    """

    def __init__(self, app: ASGIApp, callers: Callers) -> None:
        self._app = app
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a good request on, with rep and what it says; answers a bad one itself."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != "/invocations":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            request.state.rep = await self._callers.rep(request)
            body = await _body(request, receive)
            request.state.payload = read_body(request.headers.get("content-type", ""), body)
        except BadRequest as bad:
            await _refusal(bad)(scope, receive, send)
            return
        except _Gone:
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            # Not the body itself: read again further down, a deep one would exceed the stack.
            return {"type": "http.request", "body": b"{}", "more_body": False}

        await self._app(scope, replay, send)


def _refusal(bad: BadRequest) -> Response:
    response = error_response(bad.status, bad.code, bad.message)
    if bad.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


class _Gone(Exception):
    """The client went away before it had sent its body."""


async def _body(request: Request, receive: Receive) -> bytes:
    too_large = BadRequest(413, "body_too_large", f"The body may have {MOST_BODY_BYTES:,} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > MOST_BODY_BYTES:
        raise too_large
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MOST_BODY_BYTES:
            raise too_large
        if not message.get("more_body"):
            return body


async def _http_error(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 503
    codes = {404: ("not_found", "There is nothing here."), 405: ("wrong_method", "Wrong method.")}
    code, message = codes.get(status, ("bad_request", "The request cannot be taken."))
    return error_response(status, code, message)
