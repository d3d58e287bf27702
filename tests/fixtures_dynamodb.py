"""A real DynamoDB with our tables, and calls of what is built on it as AgentCore makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.dynamodb import DynamoServer, apply_tables, local_client
from deploy.seed.dynamodb import dynamodb_writes, put, send_all
from deploy.seed.records import sample_records
from tools.catalog import catalog_tools
from tools.contract import Tool

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
READS = {"GetItem", "Query", "BatchGetItem"}

Handler = Callable[[Any, Any], dict[str, Any]]


@dataclass(slots=True)
class Database:
    """Tables of a test, a client of them, and the names of the operations it has sent."""

    endpoint: str
    client: Any
    tables: Mapping[str, str]
    operations: list[str] = field(default_factory=list)

    def put(self, table: str, *items: Mapping[str, Any]) -> None:
        """Write items beside the recorded operations."""
        writer = local_client(self.endpoint)
        send_all(writer, put((self.tables[table], item) for item in items), threads=1)

    def load_sample(self) -> None:
        """Write the sample records."""
        writes = dynamodb_writes(self.tables, sample_records())
        send_all(local_client(self.endpoint), put(writes), threads=1)


@dataclass(slots=True)
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The time that the test has set."""
        return self.now


@pytest.fixture(scope="session")
def dynamo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DynamoServer]:
    """The server, one for the whole session."""
    server = DynamoServer.start(tmp_path_factory.mktemp("dynamodb"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _prefixes() -> Iterator[str]:
    return (f"test-{number}" for number in count())


@pytest.fixture
def empty_database(dynamo_server: DynamoServer, _prefixes: Iterator[str]) -> Iterator[Database]:
    """Tables of this test's own, empty; a test that scans one of them fails."""
    yield from _database(dynamo_server, next(_prefixes))


@pytest.fixture
def database(empty_database: Database) -> Database:
    """Tables of this test's own, with the sample records."""
    empty_database.load_sample()
    return empty_database


@pytest.fixture(scope="session")
def _sample_tables(dynamo_server: DynamoServer) -> Mapping[str, str]:
    tables = apply_tables(dynamo_server.endpoint, "test-sample")
    Database(dynamo_server.endpoint, None, tables).load_sample()
    return tables


@pytest.fixture
def sample(dynamo_server: DynamoServer, _sample_tables: Mapping[str, str]) -> Iterator[Database]:
    """The sample records in tables that all tests share: for tests that write nothing there."""
    yield from _recorded(dynamo_server, _sample_tables)


@pytest.fixture
def clock() -> Clock:
    """Noon of 22 November 2026."""
    return Clock()


def catalog_of(database: Database) -> dict[str, Tool]:
    """The catalogue's tools by name, in process."""
    return {tool.name: tool for tool in catalog_tools(database.client, database.tables)}


def call_lambda(
    handler: Handler, tool: str, *headers: Mapping[str, str], **arguments: Any
) -> dict[str, Any]:
    """Call a Lambda handler with the event and context that AgentCore Gateway sends."""
    return handler(arguments, lambda_context(tool, *headers))


def lambda_context(tool: str, headers: Mapping[str, str] | None = None) -> Any:
    """The context of a call of ``target___tool``."""
    custom: dict[str, Any] = {
        "bedrockAgentCoreToolName": tool,
        "bedrockAgentCoreMessageVersion": "1.0",
        "bedrockAgentCoreAwsRequestId": "00000000-0000-0000-0000-000000000000",
        "bedrockAgentCoreMcpMessageId": "1",
        "bedrockAgentCoreGatewayId": "gateway",
        "bedrockAgentCoreTargetId": "TARGET",
    }
    if headers is not None:
        custom["bedrockAgentCorePropagatedHeaders"] = dict(headers)
    return SimpleNamespace(client_context=SimpleNamespace(custom=custom))


def _database(server: DynamoServer, prefix: str) -> Iterator[Database]:
    yield from _recorded(server, apply_tables(server.endpoint, prefix))


def _recorded(server: DynamoServer, tables: Mapping[str, str]) -> Iterator[Database]:
    client = local_client(server.endpoint)
    database = Database(server.endpoint, client, tables)

    def record(model: Any, **_: Any) -> None:
        database.operations.append(model.name)

    client.meta.events.register("before-call.dynamodb", record)
    yield database
    assert "Scan" not in database.operations
    client.close()
