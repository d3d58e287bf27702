"""The desk's way into Aurora: fixed, parameterised statements as the reader, one a call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from tools.aurora.connections import Connection, Connections, Dsn, Observe
from tools.aurora.free_select import FreeSelect, open_free_select
from tools.aurora.overview import read_overview
from tools.aurora.related import Related, read_related

Row = dict[str, Any]
Query = sql.SQL | sql.Composed

# Also set on the role. Here, they hold for a role that somebody made by hand, too. With them, a
# fixed statement needs no BEGIN READ ONLY and no COMMIT, which are a round trip each.
_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "5000",
    "lock_timeout": "500",
    "jit": "off",
}


class Database:
    """Runs the fixed statements of the tools; made by `open_database`."""

    def __init__(self, connections: Connections, free_select: FreeSelect) -> None:
        self._connections = connections
        self.free_select = free_select

    async def fetch(self, query: Query, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of one statement.

        Raises:
            ToolFailure: when the database does not answer, with a fixed sentence.
        """

        async def work(connection: Connection) -> Sequence[Row]:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(query, parameters or {})
            return await cursor.fetchall()

        return list(await self._connections.run(work))

    async def fetch_one(self, query: Query, parameters: Mapping[str, Any] | None = None) -> Row:
        """The only row of a statement that always gives one."""
        return (await self.fetch(query, parameters))[0]

    async def ping(self) -> None:
        """Asks for one row through a view, as the tools do.

        Raises:
            ToolFailure: when the database does not answer or lacks its views.
        """
        await self.fetch(sql.SQL("SELECT customer_id FROM desk.users LIMIT 1"))

    async def customer_overview(self, customer_id: str) -> dict[str, Any] | None:
        """One customer with the newest 20 orders, their count and sum, in one statement.

        Returns:
            ``{"customer": {…}, "orders": {"orders", "total", "sum", "truncated"},
            "largest_order": Decimal or None}``, or None when there is no such customer.
        """
        return await read_overview(self.fetch, customer_id)

    async def related_records(
        self,
        *,
        product_ids: Sequence[int] = (),
        product_names: Sequence[str] = (),
        full_names: Sequence[str] = (),
    ) -> Related:
        """Products by id or name, and how many customers have each full name, in one statement."""
        return await read_related(
            self.fetch_one,
            product_ids=product_ids,
            product_names=product_names,
            full_names=full_names,
        )


@asynccontextmanager
async def open_database(
    dsn: Dsn, *, max_size: int = 8, observe: Observe = nullcontext
) -> AsyncIterator[Database]:
    """Opens the database at once, whether it is up or not: the first call connects.

    Args:
        dsn: address and login of ``deskhand_reader``, or a callable that gives them anew for each
            connection, as login tokens of IAM need.
        max_size: the most connections for the fixed statements.
        observe: what each statement is run within; it is not given its text.
    """
    connections = Connections(
        dsn,
        name="deskhand",
        max_size=max_size,
        settings=_SETTINGS,
        checkout_seconds=2.0,
        answer_seconds=8.0,
        observe=observe,
    )
    async with connections.opened(), open_free_select(dsn, observe=observe) as free_select:
        yield Database(connections, free_select)
