"""A small pool of connections that opens at once, never waits long, and heals after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from tools.aurora.failures import failure, translated
from tools.contract import ToolFailure

Dsn = str | Callable[[], str] | Callable[[], Awaitable[str]]
Connection = AsyncConnection[TupleRow]
Observe = Callable[[], AbstractContextManager[object]]
Value = TypeVar("Value")

# Shorter than the life of an IAM login token (15 minutes), which a new connection needs.
_LIFETIME_SECONDS = 13 * 60
_CONNECT_SECONDS = 2
_NETWORK = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": 5000, "keepalives_idle": 30}
# A server that restarts is away for a moment: how long a call that it broke off tries again.
_PATIENCE_SECONDS = (0.05, 0.1, 0.2, 0.4)
_CLEAN_UP_SECONDS = 1.0


class Connections:
    """Connections to one database as one role, each in autocommit and read-only.

    Args:
        dsn: the address, or what gives it anew for each connection (login tokens expire).
        name: shown in the server's list of sessions.
        max_size: the most connections at once.
        settings: server settings of each session.
        checkout_seconds: how long a call waits for a connection while all are in use; one that
            is made anew may take two seconds.
        answer_seconds: how long it waits for the server, whatever the server's own limit.
        reset: run on each connection that comes back.
        observe: what each piece of work is done within.
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
        observe: Observe = nullcontext,
    ) -> None:
        self._observe = observe
        self._checkout_seconds = checkout_seconds
        self._answer_seconds = answer_seconds
        self._max_size = max_size
        self._in_use = 0
        self._waiting: set[asyncio.Timeout] = set()
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn,
            min_size=0,
            max_size=max_size,
            open=False,
            name=name,
            # A failed connection is reported at once; the next call tries anew, so that nobody
            # waits out the pool's own pauses, which grow to a minute.
            reconnect_timeout=0,
            reconnect_failed=self._give_up_waiting,
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
        with self._observe():
            return await self._in_time(work)

    async def _in_time(self, work: Callable[[Connection], Awaitable[Value]]) -> Value:
        task = asyncio.ensure_future(self._twice(work))
        try:
            # Waited for from outside: a server that hangs holds up the clean-up of a cancelled
            # statement as well.
            done, _ = await asyncio.wait({task}, timeout=self._answer_seconds)
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task}, timeout=_CLEAN_UP_SECONDS)
            raise
        if not done:
            task.cancel()
            raise failure("timeout")
        with translated():
            return task.result()

    async def _twice(self, work: Callable[[Connection], Awaitable[Value]]) -> Value:
        try:
            return await self._once(work)
        except _DeadConnectionError:
            # One dead connection means that the server went away: none of the others is alive.
            await self._pool.drain()
        for pause in _PATIENCE_SECONDS:
            try:
                return await self._once(work)
            except ToolFailure as failed:
                if failed.kind != "unavailable":
                    raise
            except _DeadConnectionError:
                pass
            await asyncio.sleep(pause)
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
        seconds = self._checkout_seconds
        if self._in_use < self._max_size:
            seconds = max(seconds, _CONNECT_SECONDS)
        try:
            async with asyncio.timeout(seconds) as limit:
                self._waiting.add(limit)
                try:
                    return await self._pool.getconn(timeout=2 * seconds)
                finally:
                    self._waiting.discard(limit)
        except (TimeoutError, PoolTimeout, PoolClosed):
            full = self._in_use >= self._max_size
            raise failure("busy" if full else "unavailable") from None

    def _give_up_waiting(self, pool: Any) -> None:
        """Ends the waiting for connections when one could not be made."""
        now = asyncio.get_running_loop().time()
        for limit in self._waiting:
            if not limit.expired():
                limit.reschedule(now)


class _DeadConnectionError(psycopg.OperationalError):
    """The connection broke while it was in use."""
