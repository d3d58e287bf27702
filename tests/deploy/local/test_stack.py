"""The running stack: each system can be taken away and comes back, and dead children are mended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import httpx
import psycopg
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from deploy.local.stack import SYSTEMS, LocalStack
from deploy.local.state import StateFolder
from tests.deploy.local.commands import eventually
from tests.network import NO_CERTIFICATES

pytestmark = pytest.mark.stack

CUSTOMERS = "SELECT count(*) FROM users"


def ask_aurora(environment: dict[str, str]) -> bool:
    """Whether the database answers with all sample customers."""
    with suppress(psycopg.OperationalError):
        with psycopg.connect(environment["DESKHAND_AURORA_DSN"], connect_timeout=2) as connection:
            return connection.execute(CUSTOMERS).fetchone() == (5,)
    return False


def client_of(environment: dict[str, str]) -> Any:
    """A DynamoDB client that gives up soon."""
    return boto3.client(
        "dynamodb",
        endpoint_url=environment["AWS_ENDPOINT_URL_DYNAMODB"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1}),
    )


def ask_dynamodb(environment: dict[str, str]) -> bool:
    """Whether the sample warranty is there."""
    client = client_of(environment)
    with suppress(BotoCoreError, client.exceptions.ClientError):
        found = client.get_item(
            TableName=f"{environment['DESKHAND_TABLE_PREFIX']}-warranties",
            Key={"serial_number": {"S": "LAPTOP001A1B2C"}},
        )
        return "Item" in found
    return False


def ask_http(variable: str, *, status: int, post: bool = False) -> Callable[[dict[str, str]], bool]:
    """Whether the system at that address answers as it does to a stranger."""

    def ask(environment: dict[str, str]) -> bool:
        with suppress(httpx.HTTPError):
            method = "POST" if post else "GET"
            answer = httpx.request(
                method, environment[variable], timeout=2, trust_env=False, verify=NO_CERTIFICATES
            )
            return answer.status_code == status
        return False

    return ask


ASK: dict[str, Callable[[dict[str, str]], bool]] = {
    "aurora": ask_aurora,
    "dynamodb": ask_dynamodb,
    "catalog": ask_http("DESKHAND_CATALOG_URL", status=401, post=True),
    "gateway": ask_http("DESKHAND_GATEWAY_URL", status=401, post=True),
    "model": ask_http("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", status=404),
    "tokens": ask_http("DESKHAND_TOKEN_URL", status=401, post=True),
}


def test_every_system_has_a_test_of_its_own() -> None:
    """A new one does not go unasked."""
    assert set(ASK) == set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_is_taken_away_and_comes_back_on_its_address(
    local_stack: LocalStack, system: str
) -> None:
    """Its callers are refused meanwhile, the others notice nothing, and its data is kept."""
    before = local_stack.environment
    assert ASK[system](before)
    local_stack.stop(system)
    others = [name for name in SYSTEMS if name != system]
    assert not ASK[system](before)
    assert [name for name in others if not ASK[name](before)] == []
    local_stack.start(system)
    assert local_stack.environment == before
    assert ASK[system](before)


def test_an_unknown_system_is_refused_by_name(local_stack: LocalStack) -> None:
    """With the names that there are."""
    with pytest.raises(ValueError, match="'kitchen' is no system.*aurora, dynamodb"):
        local_stack.stop("kitchen")


@pytest.mark.parametrize("part", ["PostgreSQL", "DynamoDB", "tokens, model, catalog and gateway"])
def test_a_child_that_dies_is_started_again_with_its_data(
    local_stack: LocalStack, part: str
) -> None:
    """On the same addresses, by itself."""
    environment, pid = local_stack.environment, local_stack.children[part]
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: local_stack.children.get(part) not in (None, pid), within=20)
    assert eventually(lambda: all(ask(environment) for ask in ASK.values()), within=15)
    assert local_stack.environment == environment


def test_a_stopped_system_stays_stopped_when_its_process_is_mended(local_stack: LocalStack) -> None:
    """What was taken away on purpose comes back on purpose."""
    environment = local_stack.environment
    part = "tokens, model, catalog and gateway"
    pid = local_stack.children[part]
    local_stack.stop("gateway")
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: ASK["catalog"](environment), within=15)
    assert not ASK["gateway"](environment)


@pytest.fixture
def own_state(open_folder: Path) -> Iterator[StateFolder]:
    """A folder for a stack that is started and ended by the test itself."""
    yield StateFolder(open_folder / "own")


def test_data_is_kept_from_run_to_run(own_state: StateFolder) -> None:
    """What one run wrote is there in the next, under no sample data; but for logs grown large."""
    item = {"conversation_id": {"S": "c1"}, "item": {"S": "meta"}}
    with LocalStack(own_state) as stack:
        first = stack.environment
        with psycopg.connect(first["DESKHAND_OWNER_DSN"]) as connection:
            connection.execute("UPDATE store.users SET first_name = 'Roberta' WHERE id = 3")
        client_of(first).put_item(TableName="deskhand-dev-conversations", Item=item)
    logs = (own_state.aurora / "log", own_state.dynamodb / "dynamodb.log")
    for log in logs:
        log.write_bytes(b"x" * 1_000_001)
    with LocalStack(own_state) as stack:
        second = stack.environment
        with psycopg.connect(second["DESKHAND_AURORA_DSN"]) as connection:
            found = connection.execute("SELECT first_name FROM users WHERE id = 3").fetchone()
        kept = client_of(second).get_item(TableName="deskhand-dev-conversations", Key=item)
    assert found == ("Roberta",)
    assert kept["Item"] == item
    assert first["DESKHAND_CLIENT_SECRET"] == second["DESKHAND_CLIENT_SECRET"]
    assert all(log.stat().st_size < 100_000 for log in logs), "a log grows for ever"
