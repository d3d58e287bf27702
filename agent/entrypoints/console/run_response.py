"""Sends a run's frames for as long as the client is there; the run does not mind when it goes."""

from __future__ import annotations

from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent.entrypoints.console.runs import Run
from agent.entrypoints.turn_response import STREAM_HEADERS, unless_gone


class RunResponse(Response):
    """A run as a stream of server-sent events.

    Args:
        run: the run.
        after: the number of the last frame that the client has.
        heartbeat_seconds: after this long without a frame a comment is sent.
    """

    def __init__(self, run: Run, *, after: int, heartbeat_seconds: float) -> None:
        super().__init__()
        self._run = run
        self._after = after
        self._heartbeat_seconds = heartbeat_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends until the run has ended or the client has gone."""
        await unless_gone(self._stream(send), receive)

    async def _stream(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        frames = self._run.follow(self._after, heartbeat_seconds=self._heartbeat_seconds)
        async with aclosing(frames):
            async for text in frames:
                body = {"type": "http.response.body", "body": text.encode(), "more_body": True}
                await send(body)
        await send({"type": "http.response.body", "body": b""})
