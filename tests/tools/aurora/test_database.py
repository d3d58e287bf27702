"""The way into Aurora: opens at once, heals by itself, sends one statement a call."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy.local.postgres import PostgresServer, provision
from tests.fixtures_postgres import FAST, OWNER_PASSWORD, READER_PASSWORD, AskAurora, AuroraCopy
from tools.aurora.connections import Connection, Connections
from tools.aurora.database import open_database
from tools.aurora.failures import failure, kind_of
from tools.contract import ERROR_KINDS, ToolFailure

SLEEP = sql.SQL("SELECT pg_sleep(%(seconds)s)")


async def kind_of_ping(database: object) -> str:
    """``up``, or the kind of the failure."""
    try:
        await database.ping()  # type: ignore[attr-defined]
    except ToolFailure as failed:
        return failed.kind
    return "up"


@pytest.fixture
async def one_connection(shared_aurora: AuroraCopy) -> AsyncIterator[Connections]:
    """A pool of a single connection with short limits."""
    connections = Connections(
        shared_aurora.reader_dsn,
        name="test",
        max_size=1,
        settings={"statement_timeout": "3000"},
        checkout_seconds=0.2,
        answer_seconds=0.6,
    )
    async with connections.opened():
        yield connections


async def number(connection: Connection) -> int:
    """The server's process behind a connection."""
    row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    assert row is not None
    return int(row[0])


async def test_it_opens_while_the_database_is_down_and_says_so_on_use() -> None:
    """A desk must come up without its database, and name it when it is needed."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dsn = f"host=127.0.0.1 port={unused.getsockname()[1]} user=x password=y dbname=z"
        async with asyncio.timeout(5), open_database(dsn) as database:
            assert await kind_of_ping(database) == "unavailable"


@pytest.mark.stack
async def test_a_restart_of_the_server_heals_at_once(open_folder: Path) -> None:
    """What failed while it was away works with the next call."""
    server = PostgresServer.start(open_folder / "restarted", settings=FAST)
    passwords: dict[str, Any] = {
        "owner_password": OWNER_PASSWORD,
        "reader_password": READER_PASSWORD,
    }
    provision(server.dsn, **passwords)
    login = {"user": "deskhand_reader", "password": READER_PASSWORD, "dbname": "deskhand"}
    async with open_database(make_conninfo(server.dsn, **login)) as database:
        assert await asyncio.gather(*[kind_of_ping(database) for _ in range(8)]) == ["up"] * 8
        server.process.kill()
        server.process.wait(10)
        assert await kind_of_ping(database) == "unavailable"
        again = PostgresServer.start(open_folder / "restarted", port=server.port, settings=FAST)
        try:
            assert await kind_of_ping(database) == "up"
        finally:
            again.stop()


@pytest.mark.stack
async def test_sessions_ended_by_the_server_are_replaced_without_an_error(
    aurora: AuroraCopy,
) -> None:
    """A failover ends all sessions; the call after it is answered."""
    async with open_database(aurora.reader_dsn) as database:
        await asyncio.gather(*[kind_of_ping(database) for _ in range(8)])
        ended = aurora.execute_as_admin(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'deskhand_reader'"
        )
        assert ended
        assert await kind_of_ping(database) == "up"


@pytest.mark.stack
async def test_an_address_that_changes_is_asked_for_each_connection(
    shared_aurora: AuroraCopy,
) -> None:
    """Login tokens expire, so a callable gives a new one."""
    asked: list[str] = []

    async def dsn() -> str:
        asked.append("token")
        return shared_aurora.reader_dsn

    async with open_database(dsn) as database:
        assert await kind_of_ping(database) == "up"
    assert asked


@pytest.mark.stack
async def test_a_wrong_password_is_said_to_be_unavailable(shared_aurora: AuroraCopy) -> None:
    """The driver's words about users and hosts stay inside."""
    async with open_database(make_conninfo(shared_aurora.reader_dsn, password="no")) as database:
        assert await kind_of_ping(database) == "unavailable"


@pytest.mark.stack
async def test_a_statement_beyond_its_time_is_a_timeout(one_connection: Connections) -> None:
    """The server stops it; the connection lives on."""

    async def work(connection: Connection) -> int:
        await connection.execute("SET statement_timeout = 50")
        await connection.execute("SELECT pg_sleep(2)")
        return 0

    with pytest.raises(ToolFailure) as failed:
        await one_connection.run(work)
    assert failed.value.kind == "timeout"
    assert await one_connection.run(number) > 0


@pytest.mark.stack
async def test_a_server_that_hangs_is_not_waited_for(one_connection: Connections) -> None:
    """Our own limit holds when the server's cannot."""
    process = await one_connection.run(number)
    os.kill(process, signal.SIGSTOP)
    try:
        async with asyncio.timeout(2):
            with pytest.raises(ToolFailure) as failed:
                await one_connection.run(number)
        assert failed.value.kind == "timeout"
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.mark.stack
async def test_more_calls_than_connections_are_told_it_is_busy(
    one_connection: Connections,
) -> None:
    """A full pool is not an unreachable database."""
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(connection: Connection) -> None:
        held.set()
        await release.wait()

    holder = asyncio.create_task(one_connection.run(hold))
    await held.wait()
    with pytest.raises(ToolFailure) as failed:
        await one_connection.run(number)
    release.set()
    await holder
    assert (failed.value.kind, failed.value.retryable) == ("busy", True)


@pytest.mark.stack
async def test_a_cancelled_call_leaves_a_clean_connection(one_connection: Connections) -> None:
    """A turn that is stopped does not spoil the next one's answer."""
    started = asyncio.Event()

    async def work(connection: Connection) -> None:
        started.set()
        await connection.execute("SELECT pg_sleep(0.4)")

    call = asyncio.create_task(one_connection.run(work))
    await started.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await one_connection.run(number) > 0


@pytest.mark.stack
async def test_a_tool_call_is_one_statement_without_a_transaction_around_it(
    ask_aurora: AskAurora, aurora: AuroraCopy, aurora_server: PostgresServer
) -> None:
    """Each round trip counts, and BEGIN and COMMIT are one each."""
    aurora.execute_as_admin("ALTER ROLE deskhand_reader SET log_statement = 'all'")
    calls = [
        ("find_customers", {"query": "Jonh Doe"}),
        ("list_orders", {"customer_id": "CUST001"}),
        ("get_order", {"order_id": "1"}),
        ("search_products", {"query": "laptop", "category": "office"}),
        ("summarize_orders", {"group_by": "customer"}),
    ]
    written = aurora_server.log.stat().st_size
    for name, arguments in calls:
        assert "error" not in await ask_aurora(name, **arguments)
    await ask_aurora.database.customer_overview("CUST001")
    aurora.execute_as_admin("ALTER ROLE deskhand_reader RESET log_statement")
    log = aurora_server.log.read_bytes()[written:].decode()
    sent = re.findall(r"LOG:  (?:statement|execute [^:]*):\s+(\S+)", log)
    assert [word for word in sent if word != "ALTER"] == [
        "WITH",
        "SELECT",
        "SELECT",
        "WITH",
        "WITH",
        "SELECT",
    ]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("57014", "timeout"),
        ("57P01", "unavailable"),
        ("08006", "unavailable"),
        ("28P01", "unavailable"),
        ("53300", "busy"),
        ("55P03", "busy"),
        ("40P01", "busy"),
        ("22P02", "invalid_input"),
        ("22021", "invalid_input"),
        ("42501", "internal"),
        ("42P01", "internal"),
        ("XX000", "internal"),
    ],
)
def test_each_class_of_error_has_its_kind(state: str, kind: str) -> None:
    """By its code and never by its text."""
    assert kind_of(psycopg.errors.lookup(state)("says customer data")) == kind


def test_errors_of_the_driver_itself_have_their_kind() -> None:
    """They carry no code."""
    assert kind_of(psycopg.OperationalError("broken")) == "unavailable"
    assert kind_of(psycopg.DataError("NUL")) == "invalid_input"
    assert kind_of(psycopg.ProgrammingError("ours")) == "internal"


@pytest.mark.parametrize("kind", ERROR_KINDS[2:])
def test_every_failure_has_a_fixed_sentence(kind: str) -> None:
    """Nothing of the driver's text is in it."""
    assert "aurora" in failure(kind).message  # type: ignore[arg-type]
