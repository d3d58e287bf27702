"""Faults of Aurora, as the driver reports them, between the tools and the real database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg

from evals.cases import FaultKind
from evals.faults.plan import SLOW_SECONDS, current_run, decide
from tools.aurora.failures import translated

_REPORTED: dict[FaultKind, type[psycopg.Error]] = {
    "timeout": psycopg.errors.QueryCanceled,
    "server_error": psycopg.errors.AdminShutdown,
    "throttled": psycopg.errors.TooManyConnections,
    "malformed": psycopg.errors.ProtocolViolation,
}


class BreakingDatabase:
    """Stands before the desk's database; the translation into what tools say is the real one."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.free_select = BreakingSelect(database.free_select)

    async def fetch(self, query: Any, parameters: Mapping[str, Any] | None = None) -> Any:
        """The rows of one statement."""
        await _break()
        return await self._database.fetch(query, parameters)

    async def fetch_one(self, query: Any, parameters: Mapping[str, Any] | None = None) -> Any:
        """The only row of a statement."""
        await _break()
        return await self._database.fetch_one(query, parameters)

    async def customer_overview(self, customer_id: str) -> Any:
        """One customer with orders."""
        await _break()
        return await self._database.customer_overview(customer_id)

    async def related_records(self, **wanted: Any) -> Any:
        """Products and names that belong to what other systems said."""
        await _break()
        return await self._database.related_records(**wanted)

    async def ping(self) -> None:
        """Asks whether the database answers."""
        await self._database.ping()


class BreakingSelect:
    """Stands before the free SELECTs."""

    def __init__(self, select: Any) -> None:
        self._select = select

    async def run(self, statement: str) -> Any:
        """The result of one statement."""
        await _break()
        return await self._select.run(statement)


async def _break() -> None:
    """Nothing, a pause, or the failure that the tools would get.

    All that one tool call asks of the database is one call, as it is on the way to other systems.
    """
    run = current_run()
    fault = decide("aurora", run.tool if run else None, call=run)
    if fault is None:
        return
    if fault.kind == "slow":
        await asyncio.sleep(SLOW_SECONDS)
        return
    with translated():
        raise _REPORTED[fault.kind]("a fault of the case")
