"""A small pool of connections that opens at once, never waits long, and heals after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from tools.aurora.failures import failure, translated

Dsn = str | Callable[[], str] | Callable[[], Awaitable[str]]
Connection = AsyncConnection[TupleRow]
Value = TypeVar("Value")

# Shorter than the life of an IAM login token (15 minutes), which a new connection needs.
_LIFETIME_SECONDS = 13 * 60
_CONNECT_SECONDS = 2
# How long the pool tries in the background; a call that needs a connection starts it anew.
_RECONNECT_SECONDS = 1.0
_NETWORK = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": 5000, "keepalives_idle": 30}


class Connections:
    """Connections to one database as one role, each in autocommit and read-only.

    Args:
        dsn: the address, or what gives it anew for each connection (login tokens expire).
        name: shown in the server's list of sessions.
        max_size: the most connections at once.
        settings: server settings of each session.
        checkout_seconds: how long a call waits for a connection.
        answer_seconds: how long it waits for the server, whatever the server's own limit.
        reset: run on each connection that comes back.
    """

    def __init__(
        self,
        dsn: Dsn,
        *,
        name: str,
        max_size: int,
        settings: Mapping[str, str],
        checkout_seconds: float,
        answer_seconds: float,
        reset: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> None:
        self._checkout_seconds = checkout_seconds
        self._answer_seconds = answer_seconds
        self._max_size = max_size
        self._in_use = 0
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn,
            min_size=0,
            max_size=max_size,
            open=False,
            name=name,
            timeout=checkout_seconds,
            reconnect_timeout=_RECONNECT_SECONDS,
            max_lifetime=_LIFETIME_SECONDS,
            reset=reset,
            kwargs={
                "autocommit": True,
                "application_name": name,
                "options": " ".join(f"-c {key}={value}" for key, value in settings.items()),
                # A session that is reset forgets its prepared statements.
                "prepare_threshold": 5 if reset is None else None,
                **_NETWORK,
            },
        )

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Connections]:
        """Opens the pool without waiting for the database, and closes it."""
        await self._pool.open(wait=False)
        try:
            yield self
        finally:
            await self._pool.close(timeout=2.0)

    async def run(self, work: Callable[[Connection], Awaitable[Value]]) -> Value:
        """Does read-only work on a connection; once more when the connection turns out dead.

        Raises:
            ToolFailure: ``unavailable``, ``busy``, ``timeout`` or what the work's error means.
        """
        task = asyncio.ensure_future(self._twice(work))
        try:
            # A server that hangs would hold up the clean-up of a cancelled query as well, so the
            # task is left to end by itself.
            done, _ = await asyncio.wait({task}, timeout=self._answer_seconds)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not done:
            task.cancel()
            raise failure("timeout")
        with translated():
            return task.result()

    async def _twice(self, work: Callable[[Connection], Awaitable[Value]]) -> Value:
        try:
            return await self._once(work)
        except psycopg.OperationalError as error:
            if not isinstance(error, _DeadConnectionError):
                raise
        # One dead connection means that the server went away: none of the others is alive.
        await self._pool.drain()
        return await self._once(work)

    async def _once(self, work: Callable[[Connection], Awaitable[Value]]) -> Value:
        connection = await self._checkout()
        self._in_use += 1
        try:
            return await work(connection)
        except psycopg.OperationalError as error:
            if connection.closed:
                raise _DeadConnectionError from error
            raise
        finally:
            self._in_use -= 1
            await self._pool.putconn(connection)

    async def _checkout(self) -> Connection:
        try:
            return await self._pool.getconn(timeout=self._checkout_seconds)
        except PoolTimeout:
            kind = "busy" if self._in_use >= self._max_size else "unavailable"
        except PoolClosed:
            kind = "unavailable"
        raise failure("busy" if kind == "busy" else "unavailable")


class _DeadConnectionError(psycopg.OperationalError):
    """The connection broke while it was in use."""
