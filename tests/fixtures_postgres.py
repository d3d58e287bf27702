"""A real PostgreSQL for the session, and a migrated and filled database for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy.local.postgres import PostgresServer, provision
from deploy.seed import load_aurora, sample_records
from tools.aurora.database import Database, open_database
from tools.aurora.toolset import aurora_tools
from tools.contract import Result

OWNER_PASSWORD = "owner's own"
READER_PASSWORD = "reader's own"
# Nothing of a test's data needs to outlive a power cut.
FAST = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class AuroraCopy:
    """One database of the test's own, by the three ways to log in."""

    admin_dsn: str
    owner_dsn: str
    reader_dsn: str

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement as the owner and give its rows, if it has any."""
        return _rows(self.owner_dsn, statement, parameters)

    def execute_as_admin(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser and give its rows, if it has any."""
        return _rows(self.admin_dsn, statement, parameters)


class AskAurora:
    """Calls the tools of an open database by name, as the model would."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.tools = {tool.name: tool for tool in aurora_tools(database)}

    async def __call__(self, name: str, **arguments: Any) -> Result:
        """The result of one call."""
        return await self.tools[name].call(arguments)


@pytest.fixture(scope="session")
def aurora_server(open_folder: Path) -> Iterator[PostgresServer]:
    """The server, one for the whole session."""
    server = PostgresServer.start(open_folder / "aurora", settings=FAST)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def aurora_template(aurora_server: PostgresServer) -> str:
    """The name of a database with migrations and sample records, of which tests get copies."""
    name = "sample"
    provision(
        aurora_server.dsn,
        database=name,
        owner_password=OWNER_PASSWORD,
        reader_password=READER_PASSWORD,
    )
    load_aurora(_copy(aurora_server, name).owner_dsn, sample_records())
    return name


@pytest.fixture(scope="session")
def aurora_numbers() -> Iterator[int]:
    """Numbers for the names of copies."""
    return count(1)


@pytest.fixture
def aurora(
    aurora_server: PostgresServer, aurora_template: str, aurora_numbers: Iterator[int]
) -> Iterator[AuroraCopy]:
    """A database with the sample records that the test may change."""
    with _copied(aurora_server, aurora_template, next(aurora_numbers)) as copy:
        yield copy


@pytest.fixture(scope="session")
def shared_aurora(
    aurora_server: PostgresServer, aurora_template: str, aurora_numbers: Iterator[int]
) -> Iterator[AuroraCopy]:
    """A database with the sample records for all the tests that only read."""
    with _copied(aurora_server, aurora_template, next(aurora_numbers)) as copy:
        yield copy


@pytest.fixture
async def ask_shared(shared_aurora: AuroraCopy) -> AsyncIterator[AskAurora]:
    """The tools over the database that nobody changes."""
    async with open_database(shared_aurora.reader_dsn) as database:
        yield AskAurora(database)


@pytest.fixture
async def ask_aurora(aurora: AuroraCopy) -> AsyncIterator[AskAurora]:
    """The tools over that database."""
    async with open_database(aurora.reader_dsn) as database:
        yield AskAurora(database)


@contextmanager
def _copied(server: PostgresServer, template: str, number: int) -> Iterator[AuroraCopy]:
    name = sql.Identifier(f"copy_{number}")
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        make = "CREATE DATABASE {} OWNER deskhand_owner TEMPLATE {}"
        connection.execute(sql.SQL(make).format(name, sql.Identifier(template)))
        # Rights on the database itself are not part of a template.
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO deskhand_reader").format(name))
        yield _copy(server, f"copy_{number}")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _copy(server: PostgresServer, name: str) -> AuroraCopy:
    def dsn(**login: str) -> str:
        return make_conninfo(server.dsn, dbname=name, **login)

    return AuroraCopy(
        admin_dsn=dsn(),
        owner_dsn=dsn(user="deskhand_owner", password=OWNER_PASSWORD),
        reader_dsn=dsn(user="deskhand_reader", password=READER_PASSWORD),
    )


def _rows(dsn: str, statement: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []
