"""One HTTP system on a loopback port that it keeps, whether it is running or taken away."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

HOST = "127.0.0.1"
# A web page may have its own name resolve to this machine; it cannot choose the Host header.
LOOPBACK_ONLY = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
START_SECONDS = 15.0
POLL_SECONDS = 0.005


class HttpSystem:
    """An ASGI app on a port of its own, which can be taken away and brought back.

    A socket that never listens holds the port, so that no other program takes it meanwhile: while
    the system is stopped its callers are refused, as they are by a machine whose server has died.

    Args:
        port: the port to hold; 0 for one that the kernel chooses.
    """

    def __init__(self, port: int = 0) -> None:
        self._reserved = _bound(port)
        self.port: int = self._reserved.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self, build: Callable[[], ASGIApp]) -> None:
        """Serve a new app, and return when it answers; nothing happens when one is being served."""
        if self._serving is not None:
            return
        server = _QuietServer(
            uvicorn.Config(
                build(),
                log_config=None,
                log_level="critical",
                access_log=False,
                ws="none",
                timeout_keep_alive=75,
                timeout_graceful_shutdown=0,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[_bound(self.port)]))
        async with asyncio.timeout(START_SECONDS):
            while not server.started:
                if serving.done():
                    serving.result()
                await asyncio.sleep(POLL_SECONDS)
        self._server, self._serving = server, serving

    async def stop(self) -> None:
        """Refuse new callers and break off the ones that are here."""
        if self._server is None or self._serving is None:
            return
        server, serving, self._server, self._serving = self._server, self._serving, None, None
        await break_off(server, serving)

    def close(self) -> None:
        """Give the port back."""
        self._reserved.close()


async def break_off(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    """Ends a server that runs on a task, and whatever it is doing.

    Its own way to end looks for the order to, and waits, a tenth of a second each.
    """
    serving.cancel()
    await asyncio.wait([serving])
    for listener in server.servers:
        listener.close()
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    requests = list(server.server_state.tasks)
    for request in requests:
        request.cancel()
    await asyncio.gather(*requests, return_exceptions=True)
    await server.lifespan.shutdown()


class _QuietServer(uvicorn.Server):
    """A server that leaves signals alone: several of them share one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _bound(port: int) -> socket.socket:
    # The protocol is named because asyncio switches TCP_NODELAY on only then: 40 ms a request.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Sockets of this user share the port; SO_REUSEADDR would let any other program take it too.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((HOST, port))
    return bound
