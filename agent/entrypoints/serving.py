"""An HTTP server that runs inside a command and ends well when it is told to."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import uvicorn

_LAST_WORD_SECONDS = 1.0


async def nothing() -> None:
    """Nothing has to be done first."""


class GracefulServer(uvicorn.Server):
    """A server that ends well on SIGINT and SIGTERM; uvicorn's own kills the process afterwards.

    Args:
        config: the server's configuration.
        before_end: done when the server is told to end, while its connections are still open.
    """

    def __init__(
        self, config: uvicorn.Config, *, before_end: Callable[[], Awaitable[None]] = nothing
    ) -> None:
        super().__init__(config)
        self._before_end = before_end

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hears the signals while the server runs; a second SIGINT does not wait for streams."""
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)
        for number in signals:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes no new connections, and waits for those that are there; then each is cut short."""
        await self._before_end()
        await super().shutdown(sockets)
        if cancelled := set(self.server_state.tasks):
            await asyncio.wait(cancelled, timeout=_LAST_WORD_SECONDS)
