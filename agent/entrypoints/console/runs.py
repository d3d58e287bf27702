"""Runs that live on tasks of their own: a request that ends does not end them, only Stop does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ag_ui.core import BaseEvent

from agent.entrypoints.agui import HEARTBEAT, AguiRun, frame
from agent.entrypoints.console.problems import Problem
from agent.entrypoints.turn_response import safely
from agent.turns import Answered, Failed, Question

if TYPE_CHECKING:
    from agent.desk import Desk

_Key = tuple[str, str, str]


class Run:
    """One run: its frames so far, numbered from 1, and who waits for the next.

    Args:
        question: what is asked.
        run_id: the client's id of it.
        asked_at: an ISO time in UTC.
    """

    def __init__(self, question: Question, run_id: str, asked_at: str) -> None:
        self.question = question
        self.run_id = run_id
        self.asked_at = asked_at
        self.stop = asyncio.Event()
        self.ended = False
        self.size = 0
        self._frames: list[str] = []
        self._news = asyncio.Event()

    @property
    def key(self) -> _Key:
        """Whose run it is, of which conversation, and its own id."""
        return (self.question.rep.rep_id, self.question.conversation_id, self.run_id)

    def add(self, event: BaseEvent) -> None:
        """Keeps an event as the next frame, and hands it to all who follow."""
        text = frame(event, len(self._frames) + 1)
        self._frames.append(text)
        self.size += len(text)
        self._wake()

    def end(self) -> None:
        """There will be no more frames."""
        self.ended = True
        self._wake()

    async def follow(self, after: int, *, heartbeat_seconds: float) -> AsyncGenerator[str]:
        """The frames after that number, those that are there in one piece and then live."""
        sent = max(after, 0)
        while True:
            news = self._news
            if waiting := self._frames[sent:]:
                sent += len(waiting)
                yield "".join(waiting)
            elif self.ended:
                return
            else:
                try:
                    async with asyncio.timeout(heartbeat_seconds):
                        await news.wait()
                except TimeoutError:
                    yield HEARTBEAT

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Runs:
    """Every run of this process, until some time after its end.

    Args:
        desk: answers the questions.
        most_open: runs that may go on at once.
        most_kept_bytes: frames of runs that have ended; the oldest are forgotten first.
        keep_seconds: how long a run can be followed after its end.
        stop_seconds: how long a stopped run may take to store what it said.
        now: the wall clock.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        most_open: int = 400,
        most_kept_bytes: int = 32_000_000,
        keep_seconds: float = 180,
        stop_seconds: float = 4.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._most_open = most_open
        self._most_kept_bytes = most_kept_bytes
        self._keep_seconds = keep_seconds
        self._stop_seconds = stop_seconds
        self._now = now
        self._runs: dict[_Key, Run] = {}
        self._open: dict[tuple[str, str], Run] = {}
        self._tasks: dict[_Key, asyncio.Task[None]] = {}

    def start(self, question: Question, run_id: str) -> Run:
        """Starts a run, or finds the one of that id.

        Raises:
            Problem: the conversation is answering, or too many are.
        """
        place = (question.rep.rep_id, question.conversation_id)
        if known := self._runs.get((*place, run_id)):
            return known
        if place in self._open:
            raise conversation_busy()
        if len(self._open) >= self._most_open:
            message = "Too many questions are being answered just now. Please ask again."
            raise Problem(503, "busy", message, retry_after=5)
        run = Run(question, run_id, self._now().isoformat(timespec="seconds"))
        self._runs[run.key] = self._open[place] = run
        self._tasks[run.key] = asyncio.create_task(self._drive(run))
        return run

    def find(self, rep_id: str, conversation_id: str, run_id: str) -> Run | None:
        """A run of this rep, if it is still known."""
        return self._runs.get((rep_id, conversation_id, run_id))

    def answering(self, rep_id: str, conversation_id: str) -> Run | None:
        """The run that goes on in a conversation."""
        return self._open.get((rep_id, conversation_id))

    def open_of(self, rep_id: str) -> dict[str, Run]:
        """What goes on in a rep's conversations, by their ids."""
        return {name: run for (rep, name), run in self._open.items() if rep == rep_id}

    async def stopped(self, run: Run) -> None:
        """Stops a run and waits until what it said is stored."""
        run.stop.set()
        if task := self._tasks.get(run.key):
            await asyncio.wait({task}, timeout=self._stop_seconds)

    async def stop_all(self) -> None:
        """Stops every run, so that what was said is stored before the process ends."""
        for run in self._open.values():
            run.stop.set()
        if tasks := set(self._tasks.values()):
            _, late = await asyncio.wait(tasks, timeout=self._stop_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)

    async def _drive(self, run: Run) -> None:
        question = run.question
        agui = AguiRun(question.conversation_id, run.run_id)
        for event in agui.started():
            run.add(event)
        last: list[BaseEvent] = []
        try:
            async with aclosing(safely(self._desk, question, stop=run.stop)) as events:
                async for told in events:
                    mapped = agui.mapped(told)
                    if isinstance(told, (Answered, Failed)):
                        last = mapped
                    else:
                        for event in mapped:
                            run.add(event)
        finally:
            # Before its last frame: who reads that may ask the next question at once.
            del self._open[(question.rep.rep_id, question.conversation_id)]
            del self._tasks[run.key]
            for event in last:
                run.add(event)
            run.end()
            self._forget_later(run)

    def _forget_later(self, run: Run) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(self._keep_seconds, self._forget, run)
        kept = [known for known in self._runs.values() if known.ended]
        size = sum(known.size for known in kept)
        for known in kept:
            if size <= self._most_kept_bytes:
                break
            size -= known.size
            self._forget(known)

    def _forget(self, run: Run) -> None:
        if self._runs.get(run.key) is run:
            del self._runs[run.key]


def conversation_busy() -> Problem:
    """A second question has to wait for the first one's answer."""
    message = "This conversation is still answering another question."
    return Problem(409, "conversation_busy", message)
