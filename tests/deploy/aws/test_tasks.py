"""The one-off task: real Aurora tables and real DynamoDB records, as often as it is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError
from psycopg.conninfo import make_conninfo

from deploy.aws.tasks.prepare import Place, TaskFailedError, place_of, prepare
from deploy.local.dynamodb import local_client
from deploy.local.postgres import PostgresServer
from tests.deploy.aws.cloudformation import resources, template, written
from tests.deploy.aws.test_rights_in_use import granted, used
from tests.deploy.aws.test_starts import SecretsManager, secrets, unpacked
from tests.fixtures_dynamodb import Database
from tests.fixtures_postgres import FAST

MIGRATIONS = ["0001_store_and_desk", "0002_lookups", "0003_totals"]
SECRET = "arn:aws:secretsmanager:us-west-2:111122223333:secret:rds!cluster-a1b2"
CALL = """
import json, sys
from deploy.aws.tasks.prepare import lambda_handler
print(json.dumps(lambda_handler(json.loads(sys.argv[1]), None)))
"""


@pytest.fixture(scope="module")
def server(open_folder: Path) -> Iterator[PostgresServer]:
    """A server of its own: the task gives the roles, which all databases share, new passwords."""
    server = PostgresServer.start(open_folder / "tasks", settings=FAST)
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        # As RDS makes it: no superuser, and the database is his.
        connection.execute("CREATE ROLE deskhand_admin LOGIN CREATEDB CREATEROLE PASSWORD 'p w'")
        connection.execute("CREATE ROLE rds_iam NOLOGIN")
        connection.execute("GRANT rds_iam TO deskhand_admin WITH ADMIN OPTION")
    yield server
    server.stop()


@pytest.fixture
def place(server: PostgresServer, empty_database: Database) -> Iterator[Place]:
    """An empty database of the administrator's, and empty tables."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("CREATE DATABASE deskhand OWNER deskhand_admin")
    dsn = make_conninfo(server.dsn, user="deskhand_admin", password="p w", dbname="deskhand")
    yield Place(dsn, empty_database.client, empty_database.tables, reader_connections=77)
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("DROP DATABASE deskhand WITH (FORCE)")


def counted(server: PostgresServer) -> tuple[Any, ...]:
    """How many users, products and orders there are."""
    tables = ("users", "products", "orders")
    counts = ", ".join(f"(SELECT count(*) FROM store.{table})" for table in tables)
    with psycopg.connect(make_conninfo(server.dsn, dbname="deskhand")) as connection:
        row = connection.execute(f"SELECT {counts}").fetchone()
    assert row is not None
    return row


@pytest.mark.stack
def test_it_makes_tables_and_records_once_however_often_it_is_called(
    server: PostgresServer, place: Place, empty_database: Database
) -> None:
    """By an administrator who is no superuser, with the rights of its role and no others."""
    first = prepare(place, sample_data=True)
    assert first == {
        "ok": True,
        "migrations": MIGRATIONS,
        "sample_data": {"aurora": True, "dynamodb": True},
    }
    assert counted(server) == (5, 10, 5)
    profiles = empty_database.tables["profiles"]
    assert local_client(empty_database.endpoint).scan(TableName=profiles)["Count"] == 5
    again = prepare(place, sample_data=True)
    assert again["migrations"] == []
    assert again["sample_data"] == {"aurora": False, "dynamodb": False}
    assert counted(server) == (5, 10, 5)
    assert used(empty_database) == granted("tasks.Role")


@pytest.mark.stack
def test_in_production_there_are_tables_and_no_sample_records(
    server: PostgresServer, place: Place, empty_database: Database
) -> None:
    """Nobody wants John Doe among the customers."""
    assert prepare(place, sample_data=False)["sample_data"] is None
    assert counted(server) == (0, 0, 0)
    assert empty_database.operations == []


@pytest.mark.stack
def test_the_reader_logs_in_by_iam_and_the_passwords_are_known_to_nobody(
    server: PostgresServer, place: Place
) -> None:
    """Each call makes new ones."""
    prepare(place, sample_data=False)
    passwords = "SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE 'deskhand_%'"
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        before: dict[str, str] = dict(connection.execute(passwords).fetchall())
        member = "SELECT pg_has_role('deskhand_reader', 'rds_iam', 'MEMBER')"
        assert connection.execute(member).fetchone() == (True,)
        prepare(place, sample_data=False)
        after: dict[str, str] = dict(connection.execute(passwords).fetchall())
        limit = "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'deskhand_reader'"
        assert connection.execute(limit).fetchone() == (77,)
    assert before["deskhand_admin"] == after["deskhand_admin"]
    for role in ("deskhand_owner", "deskhand_reader"):
        assert before[role] != after[role]


@pytest.mark.stack
def test_a_paused_aurora_is_waited_for(server: PostgresServer, place: Place) -> None:
    """It wakes up when somebody knocks, and lets nobody in for some seconds."""
    pauses = []

    def wake_up(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            with psycopg.connect(server.dsn, autocommit=True) as connection:
                connection.execute("ALTER DATABASE deskhand ALLOW_CONNECTIONS true")

    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("ALTER DATABASE deskhand ALLOW_CONNECTIONS false")
    done = prepare(place, sample_data=False, pause=wake_up)
    assert done["migrations"] == MIGRATIONS
    assert len(pauses) == 2


@pytest.mark.stack
def test_what_fails_is_said_without_what_a_driver_says(place: Place) -> None:
    """A login that is refused, a table that is not there, a history that was changed."""
    wrong = replace(place, server_dsn=make_conninfo(place.server_dsn, password="wrong"))
    with pytest.raises(TaskFailedError, match="refuses its administrator's login") as refused:
        prepare(wrong, sample_data=False, patience=0)
    assert "wrong" not in str(refused.value)
    lost = replace(place, tables={name: "nowhere-at-all" for name in place.tables})
    with pytest.raises(TaskFailedError, match=r"DynamoDB refuses the records \(ResourceNotFound"):
        prepare(lost, sample_data=True)
    with psycopg.connect(make_conninfo(place.server_dsn), autocommit=True) as connection:
        connection.execute("UPDATE store.schema_migrations SET checksum = 'x'")
    with pytest.raises(TaskFailedError, match="Aurora's tables: migration 0001_store_and_desk was"):
        prepare(place, sample_data=False)


def test_a_password_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """By the code of the refusal, without the secret's address."""

    def refuse(**_: Any) -> Any:
        error = {"Error": {"Code": "AccessDeniedException", "Message": SECRET}}
        raise ClientError(error, "GetSecretValue")

    environment = {
        "ADMINISTRATOR_SECRET": SECRET,
        "READER_CONNECTIONS": "500",
        "AURORA_SERVER": "host=h dbname=deskhand",
        "DESKHAND_TABLE_PREFIX": "deskhand-dev",
    }
    vault = SimpleNamespace(get_secret_value=refuse)
    with pytest.raises(TaskFailedError, match="AccessDeniedException at GetSecretValue") as failed:
        place_of(environment, vault, None, authorities=tmp_path / "none.pem")
    assert SECRET not in str(failed.value)


def test_its_login_proves_who_answers_by_the_packed_authorities(tmp_path: Path) -> None:
    """The template says how, the package brings the certificates."""
    function = dict(resources())["tasks.Prepare"]["Properties"]
    environment = written(function["Environment"]["Variables"], "tasks")
    login = {"SecretString": json.dumps({"username": "deskhand_admin", "password": "p w"})}
    vault = SimpleNamespace(get_secret_value=lambda **_: login)
    place = place_of(environment, vault, None, authorities=tmp_path / "rds.pem")
    known = psycopg.conninfo.conninfo_to_dict(place.server_dsn)
    assert (known["sslmode"], known["sslrootcert"]) == ("verify-full", str(tmp_path / "rds.pem"))
    assert (
        known["dbname"]
        == template("database")["Resources"]["Cluster"]["Properties"]["DatabaseName"]
    )
    assert place.tables["reviews"] == "deskhand-dev-reviews"


@pytest.mark.stack
def test_it_runs_from_its_package(
    server: PostgresServer, place: Place, empty_database: Database, tmp_path: Path
) -> None:
    """As Lambda calls it: its own root, its own variables, the password out of Secrets Manager."""

    class Vault(SecretsManager):
        """Holds the administrator's login, as RDS writes it."""

        held = json.dumps({"username": "deskhand_admin", "password": "p w"})

    prefix = place.tables["profiles"].removesuffix("-profiles")
    with secrets(Vault) as address:
        done = subprocess.run(
            [sys.executable, "-c", CALL, json.dumps({"sample_data": True})],
            cwd=unpacked("tasks", tmp_path),
            env={
                "PATH": os.environ["PATH"],
                "AWS_DEFAULT_REGION": "us-west-2",
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_ENDPOINT_URL_DYNAMODB": empty_database.endpoint,
                "AWS_ENDPOINT_URL_SECRETS_MANAGER": address,
                "AURORA_SERVER": f"host=127.0.0.1 port={server.port} dbname=deskhand"
                " sslmode=disable",
                "ADMINISTRATOR_SECRET": SECRET,
                "READER_CONNECTIONS": "500",
                "DESKHAND_TABLE_PREFIX": prefix,
            },
            capture_output=True,
            text=True,
            timeout=40,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "ok": True,
        "migrations": MIGRATIONS,
        "sample_data": {"aurora": True, "dynamodb": True},
    }
    assert counted(server) == (5, 10, 5)
