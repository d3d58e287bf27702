"""Runs the agent of one turn on a task of its own and hands out turn events as they happen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from contextvars import Context
from typing import Any, cast

from strands import Agent
from strands.types.agent import Limits
from strands.types.content import ContentBlock

from agent.outcome import OutcomeFilter
from agent.turns import Reset, TextDelta, TurnEvent


class TurnStream:
    """The live part of a turn: text and tool events through one queue, in the order they happened.

    After ``run`` has ended, ``text`` is the text shown since the last reset, ``stop_reason`` why
    the agent stopped, and ``fault`` what ended it instead.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[TurnEvent | None] = asyncio.Queue()
        self._cancel = threading.Event()
        self._task: asyncio.Task[None] | None = None
        self._filter = OutcomeFilter()
        self._shown: list[str] = []
        self.stop_reason: str | None = None
        self.timed_out = False
        self.halted = False
        self.fault: BaseException | None = None
        self.started = asyncio.get_running_loop().time()

    @property
    def text(self) -> str:
        """The answer's text so far, without what a reset threw away."""
        return "".join(self._shown)

    @property
    def outcome(self) -> str | None:
        """The outcome that the model named, if it did."""
        return self._filter.outcome

    @property
    def ms(self) -> int:
        """Wall time since the turn began."""
        return round((asyncio.get_running_loop().time() - self.started) * 1000)

    def emit(self, event: TurnEvent) -> None:
        """Puts an event in line; a reset forgets the text, and is passed on if there was any."""
        if isinstance(event, Reset):
            self._filter = OutcomeFilter()
            if not self._shown:
                return
            self._shown.clear()
        self._queue.put_nowait(event)

    async def run(
        self,
        agent: Agent,
        content: list[ContentBlock],
        *,
        limits: Limits,
        seconds: float,
        stop: asyncio.Event | None = None,
        context: Context | None = None,
    ) -> AsyncIterator[TurnEvent]:
        """Yields the turn's events until the agent has stopped, failed or used up its time.

        The agent runs in ``context``. Setting ``stop`` ends it at once, and ``halted`` says so.
        """
        drive = self._drive(agent, content, limits, seconds)
        self._task = asyncio.create_task(drive, context=context)
        self._task.add_done_callback(lambda _: self._queue.put_nowait(None))
        watch = asyncio.create_task(self._halt_on(stop)) if stop else None
        try:
            while (event := await self._queue.get()) is not None:
                yield event
        finally:
            if watch is not None:
                watch.cancel()
        if not self._task.cancelled():
            self.fault = self._task.exception()

    async def _halt_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        if self._task is not None and not self._task.done():
            self.halted = True
            self._cancel.set()
            self._task.cancel()

    async def stop(self) -> None:
        """Ends the agent's task, wherever it is, and waits for it."""
        self._cancel.set()
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task], timeout=5)

    async def _drive(
        self,
        agent: Agent,
        content: list[ContentBlock],
        limits: Limits,
        seconds: float,
    ) -> None:
        try:
            async with asyncio.timeout(seconds):
                stream = agent.stream_async(
                    content, limits=limits, invocation_state={}, cancel_signal=self._cancel
                )
                # Declared an iterator, but a generator: left open, it would keep the agent locked.
                async with aclosing(cast("AsyncGenerator[dict[str, Any], None]", stream)):
                    async for raw in stream:
                        if text := raw.get("data"):
                            self._show(self._filter.feed(text))
                        elif "result" in raw:
                            self.stop_reason = raw["result"].stop_reason
                self._show(self._filter.finish())
        except TimeoutError:
            self.timed_out = True

    def _show(self, text: str) -> None:
        if text:
            self._shown.append(text)
            self._queue.put_nowait(TextDelta(text=text))
