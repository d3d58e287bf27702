"""Bedrock Runtime on a loopback address: Converse and ConverseStream around one responder."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from deploy.local.bedrock.control import control_routes
from deploy.local.bedrock.faults import ERRORS, ConnectionCut, prepared, stream
from deploy.local.bedrock.frames import MEDIA_TYPE, Reply, text_pieces, usage
from deploy.local.bedrock.script import Script, Step
from deploy.local.bedrock.validation import first_fault
from deploy.local.http_system import LOOPBACK_ONLY

logger = logging.getLogger(__name__)

MODEL_ID = "local.understudy"

Responder = Callable[[dict[str, Any]], Reply]


class BedrockError(Exception):
    """An answer of Bedrock that is no reply: its name, status and message."""

    def __init__(self, name: str, status: int, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.status = status
        self.message = message

    def response(self) -> Response:
        """The error as botocore reads it."""
        headers = {"x-amzn-ErrorType": self.name, "x-amzn-RequestId": str(uuid.uuid4())}
        return JSONResponse({"message": self.message}, status_code=self.status, headers=headers)


class BedrockEndpoint:
    """Serves the Converse operations of Bedrock Runtime.

    Args:
        responder: what answers a request; without one a script must, and a request too many fails.
        model_id: the only model that there is.
        pace: seconds between two pieces of a stream.
        most_pacing: the most seconds that pacing adds to one stream, however long it is.
    """

    def __init__(
        self,
        responder: Responder | None,
        *,
        model_id: str = MODEL_ID,
        pace: float = 0.0,
        most_pacing: float = 0.1,
    ) -> None:
        self.script = Script()
        self._responder = responder
        self._model_id = model_id
        self._pace = pace
        self._most_pacing = most_pacing

    def app(self) -> Starlette:
        """The endpoint's addresses."""
        operations = {
            "converse": self._converse,
            "converse-stream": self._converse_stream,
            "count-tokens": self._count_tokens,
        }
        return Starlette(
            routes=[
                *(
                    Route(
                        f"/model/{{model_id:path}}/{path}",
                        _Operation(self, answer),
                        methods=["POST"],
                    )
                    for path, answer in operations.items()
                ),
                *control_routes(self.script),
            ],
            middleware=[LOOPBACK_ONLY],
        )

    async def _converse(self, body: dict[str, Any], receive: Receive) -> Response:
        started = time.monotonic()
        _, reply = await self._reply(body, receive)
        return JSONResponse(
            {
                "output": {"message": {"role": "assistant", "content": list(reply.content)}},
                "stopReason": reply.stop_reason,
                "usage": usage(reply),
                "metrics": {"latencyMs": round((time.monotonic() - started) * 1000)},
            }
        )

    async def _converse_stream(self, body: dict[str, Any], receive: Receive) -> Response:
        started = time.monotonic()
        step, reply = await self._reply(body, receive)
        pieces = sum(len(text_pieces(block["text"])) for block in reply.content if "text" in block)
        pace = min(self._pace, self._most_pacing / max(1, pieces))
        return _EventStream(stream(step, reply, started=started, pace=pace))

    async def _count_tokens(self, body: dict[str, Any], receive: Receive) -> Response:
        return JSONResponse({"inputTokens": max(1, len(json.dumps(body)) // 4)})

    async def _reply(self, body: dict[str, Any], receive: Receive) -> tuple[Step, Reply]:
        step = self.script.next_step() or Step()
        if step.seconds and step.fault != "stall":
            await _disconnected(receive, within=step.seconds)
        if step.fault is not None and step.fault in ERRORS:
            raise BedrockError(*ERRORS[step.fault])
        if step.reply is not None:
            return step, prepared(step, step.reply)
        if self._responder is None:
            raise BedrockError("ValidationException", 400, "The script has run out.")
        answering = asyncio.create_task(asyncio.to_thread(self._responder, body))
        await asyncio.wait({answering})
        if failure := answering.exception():
            logger.error("the responder has failed", exc_info=failure)
            raise BedrockError(*ERRORS["server_error"])
        return step, prepared(step, answering.result())

    async def checked(self, request: Request) -> dict[str, Any]:
        """The request's body.

        Raises:
            BedrockError: it is one that Bedrock refuses.
        """
        raw = await request.body()
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise BedrockError(
                "SerializationException", 400, "The request body is not a JSON object."
            )
        if request.path_params["model_id"] != self._model_id:
            raise BedrockError(
                "ValidationException", 400, "The provided model identifier is invalid."
            )
        counted = (
            body.get("input", {}).get("converse")
            if request.url.path.endswith("/count-tokens")
            else body
        )
        fault = first_fault(counted or {}, size=len(raw))
        if fault:
            raise BedrockError("ValidationException", 400, fault)
        return body


class _Operation:
    """One operation as an ASGI endpoint, because it is in flight until the last byte has left."""

    def __init__(
        self,
        endpoint: BedrockEndpoint,
        answer: Callable[[dict[str, Any], Receive], Any],
    ) -> None:
        self._endpoint = endpoint
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._endpoint.checked(Request(scope, receive))
            with self._endpoint.script.flight(body):
                response = await self._answer(body, receive)
                await response(scope, receive, send)
        except BedrockError as failure:
            await failure.response()(scope, receive, send)


class _EventStream(Response):
    """A stream of frames that stops when the client has gone, and that can break off."""

    def __init__(self, frames: AsyncIterator[bytes]) -> None:
        super().__init__(media_type=MEDIA_TYPE)
        del self.headers["content-length"]
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        sending = asyncio.create_task(self._send(send))
        watching = asyncio.create_task(_disconnected(receive))
        await asyncio.wait({sending, watching}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, watching):
            task.cancel()
        await asyncio.gather(sending, watching, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        async with aclosing(self._frames) as frames:  # type: ignore[type-var]  # it is a generator
            with suppress(ConnectionCut):
                async for frame in frames:
                    await send({"type": "http.response.body", "body": frame, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive, *, within: float | None = None) -> None:
    """Return when the client has gone, or after this many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            while (await receive())["type"] != "http.disconnect":
                pass
