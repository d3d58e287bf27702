"""Where cases are held: a stack for each seed, made by whoever starts a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

from agent import Settings

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Overlay = Callable[[Rows], AbstractAsyncContextManager[None]]


class SeededStack(Protocol):
    """A stack that holds one seed's data, and nobody else's.

    Attributes:
        overlay: adds rows for the time of a context; None where no rows can be added.
        private: whether nobody else uses it, so that it may be broken and looked into.
    """

    settings: Settings
    overlay: Overlay | None
    private: bool

    async def fingerprint(self) -> Mapping[str, str]:
        """A hash of what each store holds but for conversations; empty when it cannot be seen."""


OpenStack = Callable[[str], AbstractAsyncContextManager[SeededStack]]


class AddressedStack:
    """The one stack that the settings name: somebody's own, with the sample data at most."""

    def __init__(self, settings: Settings, overlay: Overlay | None, private: bool) -> None:
        self.settings = settings
        self.overlay = overlay
        self.private = private

    async def fingerprint(self) -> Mapping[str, str]:
        """Nothing: its stores are not ours to read through."""
        return {}


def one_stack(
    settings: Settings, *, overlay: Overlay | None = None, private: bool = False
) -> OpenStack:
    """The same stack for every seed."""

    @asynccontextmanager
    async def opened(seed: str) -> AsyncIterator[SeededStack]:
        yield AddressedStack(settings, overlay, private)

    return opened


class KeptStacks:
    """Keeps each stack open until the end of its context, for several runs on the same data."""

    def __init__(self, open_stack: OpenStack) -> None:
        self._open_stack = open_stack
        self._opened: dict[str, SeededStack] = {}
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> KeptStacks:
        await self._closing.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:
        await self._closing.__aexit__(*raised)

    @asynccontextmanager
    async def open(self, seed: str) -> AsyncIterator[SeededStack]:
        """The stack of a seed; in the place of an ``OpenStack``."""
        if seed not in self._opened:
            stack = await self._closing.enter_async_context(self._open_stack(seed))
            self._opened[seed] = stack
        yield self._opened[seed]
