"""Runs one turn as an HTTP response: the Answer as JSON, or a stream of AG-UI events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from ag_ui.core import BaseEvent
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from agent.entrypoints.agui import HEARTBEAT, AguiRun, frame
from agent.turns import Answer, Answered, Failed, Question, TurnEvent

if TYPE_CHECKING:
    from agent.desk import Desk

logger = logging.getLogger(__name__)

STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]
_STATUSES = {
    "bad_question": 400,
    "conversation_not_found": 404,
    "conversation_busy": 409,
    "model_busy": 429,
    "model_refused": 502,
    "turn_timeout": 504,
}
_UNKNOWN_STATUS = 503
# Whose conversation it is has been found out before anything is said, so it is a status to all.
_NEVER_STREAMED = frozenset({"conversation_not_found"})
_FIRST_SECONDS = 1.0
_SEND_SECONDS = 30.0  # meanwhile the conversation is locked
_FAULT = Failed(
    code="internal", message="Something went wrong on our side. Please ask again.", retryable=True
)
_ENDING = Failed(
    code="desk_ends", message="This desk is being stopped. Please ask again.", retryable=True
)


class TurnResponse(Response):
    """A response that runs its turn while it is sent, and stops it when the client goes away.

    Args:
        desk: answers the question.
        question: the question.
        run: maps its events for a stream.
        heartbeat_seconds: streams AG-UI events with this heartbeat; ``None`` sends the Answer.
        send_seconds: a client that takes nothing for so long is given up.
    """

    def __init__(
        self,
        desk: Desk,
        question: Question,
        run: AguiRun,
        heartbeat_seconds: float | None,
        *,
        send_seconds: float = _SEND_SECONDS,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._question = question
        self._run = run
        self._heartbeat_seconds = heartbeat_seconds
        self._send_seconds = send_seconds
        self._begun = self._over = False
        self._frames_made = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the turn and sends what comes of it, until the client goes away."""

        async def sent(message: Message) -> None:
            self._begun = True
            async with asyncio.timeout(self._send_seconds):
                await send(message)

        if self._heartbeat_seconds is None:
            work = self._reply(scope, receive, sent)
        else:
            work = self._stream(scope, receive, sent, self._heartbeat_seconds)
        try:
            await unless_gone(work, receive)
        except TimeoutError:
            logger.warning("a client that did not read its answer was given up")
        except asyncio.CancelledError:  # the server ends, and has waited long enough
            await self._tell_of_end(scope, receive, sent)

    async def _tell_of_end(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._begun:
            await _turn_answer(_ENDING)(scope, receive, send)
        elif self._frames_made:
            text = "" if self._over else self._text_of(_ENDING)
            await send({"type": "http.response.body", "body": text.encode()})

    async def _reply(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _turn_answer(await self._ended())(scope, receive, send)

    async def _stream(
        self, scope: Scope, receive: Receive, send: Send, heartbeat_seconds: float
    ) -> None:
        async with aclosing(self._events(heartbeat_seconds)) as events:
            first = await anext(events)
            if isinstance(first, Failed) and first.code in _NEVER_STREAMED:
                await _turn_answer(first)(scope, receive, send)
                return
            # Not Starlette's StreamingResponse: when the client leaves, it cancels again and again,
            # and the second time would break off the turn's own tidying up.
            await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
            async for text in self._frames(first, events):
                body = {"type": "http.response.body", "body": text.encode(), "more_body": True}
                await send(body)
        await send({"type": "http.response.body", "body": b""})

    async def _ended(self) -> Answer | Failed:
        ended: Answer | Failed = _FAULT
        async with aclosing(safely(self._desk, self._question)) as events:
            async for event in events:
                if isinstance(event, Answered):
                    ended = event.answer
                elif isinstance(event, Failed):
                    ended = event
        return ended

    async def _frames(
        self, first: TurnEvent | None, events: AsyncGenerator[TurnEvent | None]
    ) -> AsyncGenerator[str]:
        """The stream's text; the caller closes the events."""
        yield self._numbered(self._run.started())
        event = first
        while True:
            yield HEARTBEAT if event is None else self._text_of(event)
            try:
                event = await anext(events)
            except StopAsyncIteration:
                return

    def _text_of(self, event: TurnEvent) -> str:
        self._over = isinstance(event, (Answered, Failed))
        return self._numbered(self._run.mapped(event))

    def _numbered(self, events: Sequence[BaseEvent]) -> str:
        first = self._frames_made + 1
        self._frames_made += len(events)
        return "".join(frame(event, number) for number, event in enumerate(events, first))

    async def _events(self, heartbeat_seconds: float) -> AsyncGenerator[TurnEvent | None]:
        """The turn's events, and ``None`` whenever there was none for a while; first a short one.

        The turn runs on one task of its own: deadlines inside it belong to the task they began in.
        """
        queue: asyncio.Queue[TurnEvent | None] = asyncio.Queue(maxsize=100)

        async def pump() -> None:
            async with aclosing(safely(self._desk, self._question)) as events:
                async for event in events:
                    await queue.put(event)
            await queue.put(None)

        task = asyncio.create_task(pump())
        patience = min(_FIRST_SECONDS, heartbeat_seconds)
        try:
            while True:
                try:
                    # Not wait_for: on Python 3.11 it swallows a cancellation that meets an event.
                    async with asyncio.timeout(patience):
                        event = await queue.get()
                except TimeoutError:
                    patience = heartbeat_seconds
                    yield None
                    continue
                if event is None:
                    return
                yield event
        finally:
            await _stopped(task)


async def safely(
    desk: Desk, question: Question, *, stop: asyncio.Event | None = None
) -> AsyncGenerator[TurnEvent]:
    """The desk's events; a fault ends them with ``failed`` and never with an exception's text."""
    ended = False
    try:
        async with aclosing(desk.ask(question, stop=stop)) as events:
            async for event in events:
                ended = isinstance(event, (Answered, Failed))
                yield event
    except Exception:
        logger.exception("conversation=<%s> | the turn broke", question.conversation_id)
    if not ended:
        yield _FAULT


async def unless_gone(work: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Does the work; when the client goes away first, the work is stopped and has tidied up."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(_disconnected(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _stopped(gone)
        await _stopped(task)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stopped(task: asyncio.Task[None]) -> None:
    """Cancels the task once and waits for its end; a cancelled waiter does not cancel it again."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()


def _turn_answer(ended: Answer | Failed) -> Response:
    if isinstance(ended, Answer):
        return JSONResponse(ended.model_dump(mode="json"))
    status = _STATUSES.get(ended.code, _UNKNOWN_STATUS)
    return error_response(status, ended.code, ended.message, retryable=ended.retryable)


def error_response(status: int, code: str, message: str, **more: Any) -> JSONResponse:
    """An error as every caller gets it: ``{"error": {"code", "message"}}``."""
    return JSONResponse({"error": {"code": code, "message": message, **more}}, status)
