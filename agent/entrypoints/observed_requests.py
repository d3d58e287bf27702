"""Gives each request an id for the log, and lets a trace begin with it."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.log_ids import note_ids
from agent.observing import Observer

REQUEST_HEADER = "x-amzn-bedrock-agentcore-runtime-request-id"
OBSERVED = "/invocations"
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}", re.ASCII)


class ObservedRequests:
    """Stands before the application of the AgentCore Runtime contract.

    Args:
        app: the application.
        observer: sees the invocations; the platform's pings, one every few seconds, tell nothing.
    """

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self._app = app
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, under its id."""
        if scope["type"] != "http" or scope["path"] != OBSERVED:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_HEADER, "")
        note_ids(request_id=given if _ID.fullmatch(given) else uuid.uuid4().hex)
        with self._observer.request(scope["method"], OBSERVED, headers) as watch:

            async def observed(message: Message) -> None:
                if message["type"] == "http.response.start":
                    watch.see(message["status"])
                await send(message)

            await self._app(scope, receive, observed)
