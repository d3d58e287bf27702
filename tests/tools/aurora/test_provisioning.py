"""Roles, database and migrations: made once, brought up to date, and no right more than needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from deploy.local.postgres import PostgresServer, provision
from tests.fixtures_postgres import FAST, OWNER_PASSWORD, READER_PASSWORD, AskAurora, AuroraCopy
from tools.aurora.migrate import Migration, MigrationError, migrate, read_migrations
from tools.aurora.reader_role import reader_role_faults

pytestmark = pytest.mark.stack

MORE_RIGHTS = {
    "powers": "ALTER ROLE deskhand_reader CREATEDB",
    "member": "GRANT pg_read_all_data TO deskhand_reader",
    "owner": "CREATE TABLE store.mine (); ALTER TABLE store.mine OWNER TO deskhand_reader",
    "creates_in_database": "GRANT TEMP ON DATABASE {} TO deskhand_reader",
    "creates_in_schema": "GRANT CREATE ON SCHEMA desk TO deskhand_reader",
    "writes": "GRANT UPDATE (status) ON desk.orders TO deskhand_reader",
    "sequences": "GRANT USAGE ON SEQUENCE store.orders_id_seq TO PUBLIC",
    "visible relations": "CREATE VIEW desk.more AS SELECT 1; GRANT SELECT ON desk.more TO PUBLIC",
    "callable functions": "CREATE FUNCTION desk.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "extension dblink": "CREATE EXTENSION dblink SCHEMA extensions",
}
TAKE_BACK = "ALTER ROLE deskhand_reader NOCREATEDB; REVOKE pg_read_all_data FROM deskhand_reader"


async def faults(aurora: AuroraCopy) -> list[str]:
    """What the check finds about the reader of a database."""
    async with await psycopg.AsyncConnection.connect(aurora.reader_dsn) as connection:
        return await reader_role_faults(connection)


async def test_the_reader_is_a_plain_reader(shared_aurora: AuroraCopy) -> None:
    """It sees the three views and can do nothing else."""
    assert await faults(shared_aurora) == []


@pytest.mark.parametrize("fault", MORE_RIGHTS)
async def test_each_right_too_many_is_noticed(fault: str, aurora: AuroraCopy) -> None:
    """Whoever granted it, free SQL is switched off."""
    database = aurora.execute("SELECT current_database()")[0][0]
    aurora.execute_as_admin(MORE_RIGHTS[fault].replace("{}", database))
    try:
        assert fault in await faults(aurora)
    finally:
        aurora.execute_as_admin(TAKE_BACK)


async def test_a_superuser_gets_no_free_sql(aurora: AuroraCopy) -> None:
    """The wrong login in the settings must not open everything."""
    async with await psycopg.AsyncConnection.connect(aurora.admin_dsn) as connection:
        assert {"powers", "writes"} <= set(await reader_role_faults(connection))


async def test_a_faulty_role_leaves_the_other_tools_alone(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """Only the free SELECT is switched off, in a plain sentence."""
    aurora.execute_as_admin(MORE_RIGHTS["writes"])
    refused = await ask_aurora("query_database", sql="SELECT id FROM users")
    assert refused["error"]["kind"] == "refused"
    assert "switched off" in refused["error"]["message"]
    assert (await ask_aurora("get_order", order_id="1"))["found"]


def test_the_readers_limits_are_on_the_role(shared_aurora: AuroraCopy) -> None:
    """They hold whoever connects, also behind a proxy."""
    with psycopg.connect(shared_aurora.reader_dsn) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("default_transaction_read_only", "statement_timeout", "search_path", "jit")
        }
        limit = connection.execute(
            "SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert shown == {
        "default_transaction_read_only": ("on",),
        "statement_timeout": ("5s",),
        "search_path": ("pg_catalog, desk, pg_temp",),
        "jit": ("off",),
    }
    assert limit == (60,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM store.users",
        "SELECT * FROM store.names",
        "SELECT store.rebuild_names()",
        "SELECT extensions.similarity('a', 'b')",
        "BEGIN READ WRITE; DELETE FROM desk.orders",
        "BEGIN READ WRITE; CREATE TEMP TABLE t (id int)",
        "BEGIN READ WRITE; CREATE TABLE desk.t (id int)",
        "SET ROLE deskhand_owner",
    ],
)
def test_the_reader_may_not(statement: str, shared_aurora: AuroraCopy) -> None:
    """PostgreSQL itself refuses."""
    with (
        psycopg.connect(shared_aurora.reader_dsn, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_provisioning_again_changes_passwords_and_keeps_the_data(
    aurora_server: PostgresServer,
) -> None:
    """Every start does it, on a new or an old folder."""
    passwords: dict[str, Any] = {
        "owner_password": OWNER_PASSWORD,
        "reader_password": READER_PASSWORD,
    }
    provision(aurora_server.dsn, database="twice", **passwords)
    owner = make_conninfo(
        aurora_server.dsn, dbname="twice", user="deskhand_owner", password=OWNER_PASSWORD
    )
    with psycopg.connect(owner) as connection:
        connection.execute("INSERT INTO store.products (name) VALUES ('kept')")
    provision(aurora_server.dsn, database="twice", **passwords)
    with psycopg.connect(owner) as connection:
        assert connection.execute("SELECT name FROM store.products").fetchall() == [("kept",)]
    assert migrate(owner) == []


def test_an_administrator_without_superpowers_can_provision(open_folder: Path) -> None:
    """A managed database gives nobody more."""
    server = PostgresServer.start(open_folder / "managed", settings=FAST)
    try:
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            connection.execute("CREATE ROLE boss LOGIN CREATEDB CREATEROLE PASSWORD 'boss'")
            connection.execute("CREATE DATABASE theirs OWNER boss")
        boss = make_conninfo(server.dsn, user="boss", password="boss")
        passwords: dict[str, Any] = {
            "owner_password": OWNER_PASSWORD,
            "reader_password": READER_PASSWORD,
        }
        for _ in range(2):
            provision(boss, **passwords)
            provision(boss, database="theirs", **passwords)
        login = {"user": "deskhand_reader", "password": READER_PASSWORD, "dbname": "deskhand"}
        with psycopg.connect(make_conninfo(server.dsn, **login)) as connection:
            assert connection.execute("SELECT count(*) FROM desk.orders").fetchone() == (0,)
    finally:
        server.stop()


def test_a_database_that_aurora_has_made_is_handed_over_and_its_reader_logs_in_by_iam(
    aurora_server: PostgresServer,
) -> None:
    """It belongs to the administrator at first; what IAM is told by exists on Aurora only."""
    passwords: dict[str, Any] = {
        "owner_password": OWNER_PASSWORD,
        "reader_password": READER_PASSWORD,
    }
    member = "SELECT pg_has_role('deskhand_reader', 'rds_iam', 'MEMBER')"
    with psycopg.connect(aurora_server.dsn, autocommit=True) as connection:
        connection.execute("CREATE ROLE rds_iam NOLOGIN")
        try:
            connection.execute("CREATE DATABASE made_by_aurora")
            for _ in range(2):
                provision(aurora_server.dsn, database="made_by_aurora", **passwords)
            assert connection.execute(member).fetchone() == (True,)
        finally:
            connection.execute("DROP ROLE rds_iam")
    reader = {"user": "deskhand_reader", "password": READER_PASSWORD, "dbname": "made_by_aurora"}
    with psycopg.connect(make_conninfo(aurora_server.dsn, **reader)) as connection:
        assert connection.execute("SELECT count(*) FROM desk.users").fetchone() == (0,)


def test_migrations_are_applied_once_and_in_order(aurora: AuroraCopy, tmp_path: Path) -> None:
    """A new file runs; the ledger knows it."""
    known = read_migrations_of(tmp_path)
    (tmp_path / "9001_later.sql").write_text("CREATE TABLE store.later (id int)")
    assert migrate(aurora.owner_dsn, folder=tmp_path) == ["9001_later"]
    assert migrate(aurora.owner_dsn, folder=tmp_path) == []
    ledger = aurora.execute("SELECT name FROM store.schema_migrations ORDER BY name")
    assert [name for (name,) in ledger] == [*(item.name for item in known), "9001_later"]


def test_a_migration_that_fails_leaves_nothing_behind(aurora: AuroraCopy, tmp_path: Path) -> None:
    """Each runs whole or not at all."""
    read_migrations_of(tmp_path)
    (tmp_path / "9001_broken.sql").write_text("CREATE TABLE store.half (id int); SELECT 1 / 0")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(aurora.owner_dsn, folder=tmp_path)
    assert aurora.execute("SELECT to_regclass('store.half')") == [(None,)]


@pytest.mark.parametrize("change", ["edited", "removed", "inserted"])
def test_a_changed_past_is_refused(change: str, aurora: AuroraCopy, tmp_path: Path) -> None:
    """What ran is history; a correction is a new file."""
    first = read_migrations_of(tmp_path)[0]
    path = tmp_path / f"{first.name}.sql"
    if change == "edited":
        path.write_text(first.text + "-- one more remark\n")
    elif change == "removed":
        path.unlink()
    else:
        (tmp_path / "0000_before.sql").write_text("SELECT 1")
    with pytest.raises(MigrationError):
        migrate(aurora.owner_dsn, folder=tmp_path)


def read_migrations_of(folder: Path) -> list[Migration]:
    """Copies the project's migrations into a folder and gives them."""
    source = Path(__file__).parents[3] / "tools" / "aurora" / "migrations"
    for path in source.glob("*.sql"):
        (folder / path.name).write_text(path.read_text())
    return read_migrations(folder)
