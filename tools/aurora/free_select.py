"""Runs one judged SELECT inside walls: read-only, priced before it runs, cut in rows and size."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Annotated, Any

import psycopg
from psycopg import AsyncRawCursor, AsyncRawServerCursor
from psycopg.rows import tuple_row
from pydantic import Field

from tools.aurora.connections import Connection, Connections, Dsn, Observe
from tools.aurora.guard import Refused, canonical
from tools.aurora.reader_role import check_reader_role
from tools.aurora.select_failures import select_failure
from tools.contract import Result, Tool, ToolFailure
from tools.typed import build_tool

_MOST_COST = 2_000_000  # the planner's: harmless statements stay below 2,000, endless ones above 7M
_MOST_ROWS = 200
_MOST_BYTES = 65_536
_MOST_ROW_BYTES = 16_384
_MOST_COLUMNS = 100
_MOST_DIGITS = 15  # of a whole number that every reader of JSON keeps exact

# Roles and pools of the fixed tools allow more.
_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "2000",
    "lock_timeout": "500",
    "idle_in_transaction_session_timeout": "5000",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "work_mem": "8MB",
    "search_path": "pg_catalog,desk,pg_temp",
}


class FreeSelect:
    """Free SELECTs over few connections of their own: they never hold up the fixed tools."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._role_is_checked = False

    async def run(self, statement: str) -> Result:
        """The result of a statement that the guard has let through.

        Args:
            statement: canonical text; anything else must not come here.

        Raises:
            ToolFailure: with a fixed sentence, whatever the database said.
        """

        async def work(connection: Connection) -> Result:
            if not self._role_is_checked:
                await check_reader_role(connection)
                self._role_is_checked = True
            return await _run_read_only(connection, statement)

        return await self._connections.run(work)


@asynccontextmanager
async def open_free_select(
    dsn: Dsn, *, max_size: int = 2, observe: Observe = nullcontext
) -> AsyncIterator[FreeSelect]:
    """Opens at once, whether the database is up or not."""
    connections = Connections(
        dsn,
        name="deskhand-select",
        max_size=max_size,
        settings=_SETTINGS,
        checkout_seconds=1.0,
        answer_seconds=6.0,
        reset=_forget_session,
        observe=observe,
    )
    async with connections.opened():
        yield FreeSelect(connections)


def select_tools(free_select: FreeSelect) -> list[Tool]:
    """``query_database`` over open connections."""

    async def query_database(
        sql: Annotated[str, Field(min_length=1, description="One PostgreSQL SELECT.")],
    ) -> Result:
        """Run one read-only SELECT for what no other tool can ask. At most 200 rows.

        Tables: users(id, customer_id, username, email, first_name, last_name, created_at);
        products(id, name, description, price, category, stock_quantity, created_at);
        orders(id, customer_id, total_amount, status, order_date). orders.customer_id joins users;
        nothing says which products an order contains.
        """
        try:
            statement = canonical(sql)
        except Refused as refused:
            if refused.reason == "column":  # a slip, not an attempt
                raise ToolFailure("invalid_input", refused.sentence) from None
            raise ToolFailure("refused", refused.sentence) from None
        return await free_select.run(statement)

    return [build_tool(query_database, system="aurora")]


async def _run_read_only(connection: Connection, statement: str) -> Result:
    await connection.execute("BEGIN READ ONLY")
    try:
        await _check_cost(connection, statement)
        columns = await _columns(connection, statement)
        return await _rows(connection, statement, columns)
    except psycopg.Error as error:
        if connection.closed:
            raise
        raise select_failure(error) from None
    finally:
        if not connection.closed:
            await connection.execute("ROLLBACK")


async def _check_cost(connection: Connection, statement: str) -> None:
    # binary makes it the extended protocol, which takes one statement and no more.
    cursor = AsyncRawCursor(connection, row_factory=tuple_row)
    await cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), binary=True)
    row = await cursor.fetchone()
    plan = row[0][0] if row is not None else None
    if not isinstance(plan, dict) or plan["Plan"]["Total Cost"] > _MOST_COST:
        raise ToolFailure(
            "refused", "The statement would take too long; narrow it by customer, status or date."
        )


async def _columns(connection: Connection, statement: str) -> list[str]:
    cursor = AsyncRawCursor(connection, row_factory=tuple_row)
    nothing = f"SELECT * FROM ({statement}) AS q LIMIT 0"  # noqa: S608
    await cursor.execute(nothing.encode(), binary=True)
    columns = [column.name for column in cursor.description or []]
    if not 0 < len(columns) <= _MOST_COLUMNS:
        raise ToolFailure("refused", f"Between 1 and {_MOST_COLUMNS} columns can be selected.")
    return columns


async def _rows(connection: Connection, statement: str, columns: list[str]) -> Result:
    """The rows as JSON text made and cut by the server: no value reaches us in full size."""
    names = ", ".join(f"c{place}" for place in range(len(columns)))
    row = f"SELECT row_to_json(q)::text AS t FROM ({statement}) AS q ({names})"  # noqa: S608
    short = f"CASE WHEN octet_length(t) <= {_MOST_ROW_BYTES} THEN t END"
    capped = f"SELECT {short} FROM ({row} LIMIT {_MOST_ROWS + 1}) AS s"  # noqa: S608
    rows: list[list[Any]] = []
    size = 0
    truncated = False
    async with AsyncRawServerCursor(connection, "q", row_factory=tuple_row) as cursor:
        await cursor.execute(capped.encode())
        async for (text,) in cursor:
            size += len(text or "")
            if len(rows) == _MOST_ROWS or size > _MOST_BYTES or text is None:
                truncated = True
                break
            # Decimals stay the text that they are.
            read = json.loads(text, parse_float=str, parse_int=_whole)
            rows.append(list(read.values()))
    return {"columns": columns, "rows": rows, "row_count": len(rows), "truncated": truncated}


def _whole(digits: str) -> int | str:
    """A number, or its digits where a reader of JSON would round it or Python refuse it."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


async def _forget_session(connection: Connection) -> None:
    """Nothing of one statement's session is left for the next."""
    if not connection.closed:
        await connection.execute("DISCARD ALL")
