"""Aurora by IAM: a token signed for each connection, over TLS that proves who answers."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import boto3
import psycopg
import pytest

from agent import Settings, open_desk
from agent.aurora_login import TOKEN_SECONDS, iam_login, login_token
from agent.errors import SettingsError
from deploy.local.postgres import PostgresServer
from tests.agent.token_proxy import TokenProxy, certificate_for, token_proxy
from tests.fixtures_postgres import FAST, OWNER_PASSWORD, READER_PASSWORD
from tools.aurora.connections import Connections
from tools.aurora.database import open_database
from tools.aurora.provisioning import provision
from tools.contract import ToolFailure

KEY, SECRET_KEY = "AKIDEXAMPLE", "wJalr/XUtnFEMI+K7MDENG"
REGION = "us-west-2"
# The administrator keeps his password; the reader has been judged by the door already.
HBA = """\
host all postgres 127.0.0.1/32 scram-sha-256
host all deskhand_owner 127.0.0.1/32 scram-sha-256
host all deskhand_reader 127.0.0.1/32 trust
"""


@dataclass(frozen=True)
class Door:
    """A door with a PostgreSQL behind it, and whose certificate it has."""

    proxy: TokenProxy
    authorities: Path

    def dsn(self, **changed: str) -> str:
        """The address as the template of the desk writes it, with this door's authority."""
        known = {
            "host": "localhost",
            "hostaddr": "127.0.0.1",
            "port": str(self.proxy.port),
            "dbname": "deskhand",
            "user": "deskhand_reader",
            "sslmode": "verify-full",
            "sslrootcert": str(self.authorities),
        }
        return " ".join(f"{name}={value}" for name, value in (known | changed).items())


@pytest.fixture(scope="module")
def server(open_folder: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL that lets the reader in without a password, with the tables."""
    hba = open_folder / "token_hba.conf"
    hba.write_text(HBA)
    hba.chmod(0o644)
    server = PostgresServer.start(open_folder / "by-token", settings={**FAST, "hba_file": str(hba)})
    provision(server.dsn, owner_password=OWNER_PASSWORD, reader_password=READER_PASSWORD)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for the name by which the tests reach the door."""
    return certificate_for("localhost", tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def door(server: PostgresServer, certificate: tuple[Path, ssl.SSLContext]) -> Iterator[Door]:
    """A door of the test's own."""
    authorities, context = certificate
    opened = token_proxy(
        server.port, context, keys={KEY: SECRET_KEY}, user="deskhand_reader", region=REGION
    )
    with opened as proxy:
        yield Door(proxy, authorities)


def session(key: str = KEY, secret: str = SECRET_KEY) -> boto3.Session:
    """Credentials as a runtime has them."""
    return boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name=REGION)


def test_a_token_is_what_the_rds_client_of_aws_signs() -> None:
    """Character by character; loading that client would cost each start a quarter of a second."""
    host, user = "cluster.example.us-west-2.rds.amazonaws.com", "deskhand_reader"
    credentials = session().get_credentials()
    client = session().client("rds")
    theirs = client.generate_db_auth_token(host, 5432, user, REGION)
    ours = login_token(host, "5432", user, REGION, credentials)

    if dict(parse_qsl(ours))["X-Amz-Date"] != dict(parse_qsl(theirs))["X-Amz-Date"]:
        theirs = client.generate_db_auth_token(host, 5432, user, REGION)  # a second had ended
    assert ours.partition("?")[0] == theirs.partition("?")[0] == f"{host}:5432/"
    assert sorted(parse_qsl(ours)) == sorted(parse_qsl(theirs))


@pytest.mark.stack
async def test_each_connection_has_a_token_of_its_own(door: Door) -> None:
    """Both pools of the desk log in through the door and read."""
    async with open_database(iam_login(door.dsn(), session(), REGION)) as database:
        await database.ping()
        counted = await database.free_select.run("SELECT count(*) AS n FROM orders")
    assert counted["rows"] == [[0]]
    assert door.proxy.refusals == []
    assert len(door.proxy.tokens) == 2


@pytest.mark.stack
@pytest.mark.parametrize(
    ("key", "secret", "region", "user", "refused"),
    [
        (KEY, "another secret", REGION, "deskhand_reader", "signature"),
        ("AKIDOTHER", SECRET_KEY, REGION, "deskhand_reader", "key"),
        (KEY, SECRET_KEY, "eu-central-1", "deskhand_reader", "scope"),
        (KEY, SECRET_KEY, REGION, "deskhand_owner", "user"),
    ],
)
async def test_a_token_of_others_opens_nothing(
    key: str, secret: str, region: str, user: str, refused: str, door: Door
) -> None:
    """The tool says that Aurora does not answer; the door says why."""
    login = iam_login(door.dsn(user=user), session(key, secret), region)
    async with open_database(login) as database:
        with pytest.raises(ToolFailure) as failed:
            await database.ping()
    assert failed.value.kind == "unavailable"
    assert set(door.proxy.refusals) == {refused}
    assert door.proxy.tokens == []


@pytest.mark.stack
async def test_an_old_token_is_refused_and_a_new_connection_brings_a_new_one(door: Door) -> None:
    """Fifteen minutes are over: what was signed then opens nothing, the desk still gets in."""
    login = iam_login(door.dsn(), session(), REGION)
    old = await login()
    door.proxy.skew = timedelta(seconds=TOKEN_SECONDS + 5)
    with pytest.raises(psycopg.OperationalError, match="PAM authentication failed"):
        await psycopg.AsyncConnection.connect(old)
    assert door.proxy.refusals == ["expired"]
    door.proxy.skew = timedelta(0)
    async with open_database(login) as database:
        await database.ping()
    assert len(door.proxy.tokens) == 1


@pytest.mark.stack
async def test_whoever_cannot_prove_to_be_aurora_gets_no_token(
    door: Door, server: PostgresServer, tmp_path: Path
) -> None:
    """A certificate of another authority, one for another name, and no TLS at all."""
    others, _ = certificate_for("localhost", tmp_path)
    refused = [
        door.dsn(sslrootcert=str(others)),
        door.dsn(host="aurora.example"),
        door.dsn(port=str(server.port)),
    ]
    for dsn in refused:
        async with open_database(iam_login(dsn, session(), REGION)) as database:
            with pytest.raises(ToolFailure):
                await database.ping()
    assert (door.proxy.tokens, door.proxy.refusals) == ([], [])


def test_a_connection_lives_shorter_than_the_token_that_opened_it() -> None:
    """So a desk whose rights were taken away is out within that time."""
    connections = Connections(
        "", name="x", max_size=1, settings={}, checkout_seconds=1, answer_seconds=1
    )
    assert connections._pool.max_lifetime < TOKEN_SECONDS


@pytest.mark.parametrize(
    ("dsn", "said"),
    [
        ("host=h user=u", "needs sslmode=verify-full"),
        ("host=h user=u sslmode=require", "needs sslmode=verify-full"),
        ("user=u sslmode=verify-full", "names no host"),
        ("sslmode=verify-full", "names no host and no user"),
        ("host=h user=u sslmode=verify-full password=p", "holds a password"),
        ("host=h nonsense", "is no address"),
    ],
)
def test_an_address_that_could_not_keep_a_token_safe_is_refused(dsn: str, said: str) -> None:
    """Before anything is opened, naming the variable."""
    with pytest.raises(SettingsError, match=said) as refused:
        iam_login(dsn, session(), REGION)
    assert "DESKHAND_AURORA_DSN" in str(refused.value)


async def test_the_setting_chooses_the_login_by_iam() -> None:
    """A desk that would send its token in the clear does not open."""
    address = "https://host.example/mcp"
    settings = Settings.from_environment(
        {
            "DESKHAND_AURORA_DSN": "host=h user=u sslmode=require",
            "DESKHAND_AURORA_IAM": "true",
            "DESKHAND_CATALOG_URL": address,
            "DESKHAND_GATEWAY_URL": address,
            "DESKHAND_TOKEN_URL": address,
            "DESKHAND_CLIENT_ID": "desk",
            "DESKHAND_CLIENT_SECRET": "secret",
        }
    )
    with pytest.raises(SettingsError, match="needs sslmode=verify-full"):
        async with open_desk(settings):
            raise AssertionError("it has opened")
