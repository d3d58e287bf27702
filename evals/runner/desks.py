"""The desks of a run: one for each frozen day, opened when first needed and shared by its cases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import date
from typing import Any, Protocol

from agent import Question, Settings, TurnEvent
from agent import open_desk as open_real_desk
from evals.cassette import Cassette
from evals.faults import BreakingClient, BreakingDatabase, BreakingTransport, breaking_tools


class AskedDesk(Protocol):
    """What a run needs of a desk; its own tests hold a scripted one."""

    model_id: str
    stack: str

    @property
    def tools(self) -> Sequence[Any]:
        """The tools that the model is offered, each with its ``name``."""

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The turn events of one question."""


class Mutation(Protocol):
    """What makes a desk another one, to see whether anybody notices; each part may change nothing.

    See ``Unchanged`` for a mutation that changes nothing.
    """

    def settings(self, settings: Settings) -> Settings:
        """The settings that the desk is opened with."""

    def tools(self, tools: Sequence[Any]) -> Sequence[Any]:
        """The tools that the desk is given."""

    def desk(self, desk: AskedDesk) -> AskedDesk:
        """The desk that the cases are held with."""


class Unchanged:
    """The desk as it is."""

    def settings(self, settings: Settings) -> Settings:
        """The same settings."""
        return settings

    def tools(self, tools: Sequence[Any]) -> Sequence[Any]:
        """The same tools."""
        return tools

    def desk(self, desk: AskedDesk) -> AskedDesk:
        """The same desk."""
        return desk


OpenDesk = Callable[..., AbstractAsyncContextManager[AskedDesk]]
"""Opens a desk of settings; the wraps that it is given are those of ``agent.open_desk``."""


class Desks:
    """The desks of one stack, by frozen day.

    Args:
        settings: where the stack is.
        cassette: where model calls are recorded or replayed from, if they are.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        open_desk: OpenDesk = open_real_desk,
        mutation: Mutation,
        cassette: Cassette | None,
    ) -> None:
        self._settings = settings
        self._open_desk = open_desk
        self._mutation = mutation
        self._cassette = cassette
        self._opened: dict[date, AskedDesk] = {}
        self._lock = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Desks:
        await self._stack.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:
        await self._stack.__aexit__(*raised)

    async def on(self, day: date) -> AskedDesk:
        """The desk whose clock stands still on this day."""
        async with self._lock:
            if day not in self._opened:
                settings = self._settings.model_copy(update={"today": day})
                opening = self._open_desk(
                    self._mutation.settings(settings),
                    wrap_model=self._wrap_model,
                    wrap_database=BreakingDatabase,
                    wrap_transport=BreakingTransport,
                    wrap_tools=lambda tools: breaking_tools(list(self._mutation.tools(tools))),
                )
                desk = await self._stack.enter_async_context(opening)
                self._opened[day] = self._mutation.desk(desk)
            return self._opened[day]

    def _wrap_model(self, model: Any) -> Any:
        """The same model, whose client may break or be on tape: the rest of it is the real one."""
        client = self._cassette.client(model.client) if self._cassette else model.client
        model.client = BreakingClient(client)
        return model
