"""Both stores with the sample data in them, and the tools over them without HTTP in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from deploy.local.dynamodb import DynamoServer, apply_tables, local_client
from deploy.local.postgres import PostgresServer
from deploy.seed import load_aurora, load_dynamodb, sample_records
from tests.fixtures_postgres import OWNER_PASSWORD, READER_PASSWORD
from tools.aurora.database import Database, open_database
from tools.aurora.provisioning import OWNER, READER, provision
from tools.catalog import catalog_tools
from tools.contract import Result, Tool, error
from tools.customer_360 import customer_360_tools
from tools.gateway import profile, warranty

CLOCK = datetime(2026, 11, 22, tzinfo=UTC)
TEMPLATE = "seed_template"


@dataclass(frozen=True, slots=True)
class Stores:
    """A database and a set of tables of their own."""

    owner_dsn: str
    reader_dsn: str
    client: Any
    tables: Mapping[str, str]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement of the owner gives."""
        with psycopg.connect(self.owner_dsn) as connection:
            return connection.execute(statement).fetchall()

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in one table."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.tables[table])
        return [item for page in pages for item in page["Items"]]


@dataclass(slots=True)
class Systems:
    """The tools of all systems by name; those of a system that is ``down`` do not answer."""

    tools: Mapping[str, Tool]
    down: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    async def call(self, name: str, given: Mapping[str, Any]) -> Result:
        """Call a tool as the desk would."""
        tool = self.tools[name]
        self.asked.append(name)
        if tool.system in self.down:
            return error("unavailable", "It does not answer.", retryable=True)
        return await tool.call(given)


class Servers:
    """One PostgreSQL and one DynamoDB; each test that needs its own data gets its own stores."""

    def __init__(self, postgres: PostgresServer, dynamodb: DynamoServer) -> None:
        self._postgres = postgres
        self._dynamodb = dynamodb
        self._names = (f"seed{number}" for number in count(1))
        self._provision(TEMPLATE)

    def new_stores(self) -> Stores:
        """A new database and new tables, both empty."""
        name = next(self._names)
        with psycopg.connect(self._postgres.dsn, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {TEMPLATE}".encode())
        self._provision(name)
        endpoint = self._dynamodb.endpoint
        return Stores(
            owner_dsn=self._login(name, OWNER, OWNER_PASSWORD),
            reader_dsn=self._login(name, READER, READER_PASSWORD),
            client=local_client(endpoint),
            tables=apply_tables(endpoint, name),
        )

    def _login(self, database: str, user: str, password: str) -> str:
        return make_conninfo(self._postgres.dsn, dbname=database, user=user, password=password)

    def _provision(self, database: str) -> None:
        provision(
            self._postgres.dsn,
            database=database,
            owner_password=OWNER_PASSWORD,
            reader_password=READER_PASSWORD,
        )


@pytest.fixture(scope="session")
def seed_servers(aurora_server: PostgresServer, dynamo_server: DynamoServer) -> Servers:
    """The servers of the session."""
    return Servers(aurora_server, dynamo_server)


@pytest.fixture
def empty_stores(seed_servers: Servers) -> Iterator[Stores]:
    """Stores of the test's own, with tables and nothing in them."""
    stores = seed_servers.new_stores()
    yield stores
    stores.client.close()


@pytest.fixture(scope="session")
def sample_stores(seed_servers: Servers) -> Iterator[Stores]:
    """Stores with the sample data, which tests only read."""
    stores = seed_servers.new_stores()
    load_aurora(stores.owner_dsn, sample_records())
    load_dynamodb(stores.client, stores.tables, sample_records())
    yield stores
    stores.client.close()


@pytest.fixture
async def sample_systems(sample_stores: Stores) -> AsyncIterator[Systems]:
    """All tools over the sample data."""
    async with systems_over(sample_stores) as systems:
        yield systems


@asynccontextmanager
async def systems_over(stores: Stores) -> AsyncIterator[Systems]:
    """All tools over one pair of stores, those across systems included."""
    async with open_database(stores.reader_dsn) as database:
        yield systems_of(stores, database)


def systems_of(stores: Stores, database: Database | Any, **options: Any) -> Systems:
    """All tools over the stores' DynamoDB and some Aurora."""
    tools = [*catalog_tools(stores.client, stores.tables), *_gateway_tools(stores)]
    systems = Systems({tool.name: tool for tool in tools})
    local = customer_360_tools(database, systems.call, **options)
    systems.tools = {**systems.tools, **{tool.name: tool for tool in local}}
    return systems


def _gateway_tools(stores: Stores) -> Iterator[Tool]:
    built = {
        "warranty": warranty.build_handler(stores.client, stores.tables, lambda: CLOCK),
        "profile": profile.build_handler(stores.client, stores.tables, lambda: CLOCK),
    }
    for name in ("warranty___find_warranties", "profile___get_customer_profile"):
        target = "warranty" if name.startswith("warranty") else "profile"
        yield Tool(name, target, "", {}, _through(built[target], name))  # type: ignore[arg-type]


def _through(handler: Any, name: str) -> Any:
    custom = {"bedrockAgentCoreToolName": name}
    context = SimpleNamespace(client_context=SimpleNamespace(custom=custom))

    async def call(given: Mapping[str, Any]) -> Result:
        result: Result = await asyncio.to_thread(handler, dict(given), context)
        return result

    return call
