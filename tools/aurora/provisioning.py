"""Makes the database with its two roles: an owner for migrations, a reader for the desk."""

from __future__ import annotations

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tools.aurora.migrate import migrate

OWNER = "deskhand_owner"
READER = "deskhand_reader"

_LOCK = 0x6465736B  # one provisioning at a time; any number will do
_ATTRIBUTES = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS"

# Set on the role, so that they hold behind a pooler or proxy as well.
_READER_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "5s",
    "lock_timeout": "500ms",
    "idle_in_transaction_session_timeout": "5s",
    "work_mem": "8MB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
# pg_temp is named last because unnamed it would come first; the reader may not make any there.
_READER_PATH = "pg_catalog, desk, pg_temp"


def provision(
    server_dsn: str,
    *,
    database: str = "deskhand",
    owner_password: str,
    reader_password: str,
    reader_connections: int = 60,
) -> list[str]:
    """Makes roles and database, or brings them up to date, and runs the migrations.

    Args:
        server_dsn: how an administrator logs in to the server.
        database: the name of the database.
        owner_password: password of the role that owns everything and runs migrations.
        reader_password: password of the role that may only read the views of schema ``desk``.
            On Aurora it opens nothing: a role that logs in by IAM has no password there.
        reader_connections: how many it may have open, all desks together.

    Returns:
        The names of the migrations that ran now.
    """
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        _make_role(connection, OWNER, owner_password)
        _make_role(connection, READER, reader_password)
        _limit_reader(connection, reader_connections)
        _let_reader_in_by_iam(connection)
        _make_database(connection, database)
        # Still under the lock: a second provisioning would change the password before its use.
        owner = {"user": OWNER, "password": owner_password, "dbname": database}
        return migrate(make_conninfo(server_dsn, **owner))


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if known is None:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN {}").format(sql.Identifier(role), sql.SQL(_ATTRIBUTES))
        )
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
    )


def _limit_reader(connection: psycopg.Connection, most: int) -> None:
    reader = sql.Identifier(READER)
    connection.execute(
        sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(reader, sql.Literal(most))
    )
    settings = dict(_READER_SETTINGS)
    if connection.info.parameter_status("is_superuser") == "on":
        settings["temp_file_limit"] = "256MB"  # elsewhere it belongs into the parameter group
    for name, value in settings.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                reader, sql.Identifier(name), sql.Literal(value)
            )
        )
    connection.execute(
        sql.SQL("ALTER ROLE {} SET search_path = {}").format(reader, sql.SQL(_READER_PATH))
    )


def _let_reader_in_by_iam(connection: psycopg.Connection) -> None:
    """Aurora has a role whose members log in with a token of IAM; no other PostgreSQL has it."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'rds_iam'").fetchone()
    if known is not None:
        connection.execute(sql.SQL("GRANT rds_iam TO {}").format(sql.Identifier(READER)))


def _make_database(connection: psycopg.Connection, database: str) -> None:
    known = connection.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", (database,)
    ).fetchone()
    name, owner = sql.Identifier(database), sql.Identifier(OWNER)
    if known != (OWNER,):
        if connection.info.parameter_status("is_superuser") != "on":
            # Only a member of a role may give it a database.
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
        # Aurora comes with a database that is its administrator's.
        statement = (
            "CREATE DATABASE {} OWNER {}" if known is None else "ALTER DATABASE {} OWNER TO {}"
        )
        connection.execute(sql.SQL(statement).format(name, owner))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(READER))
    )
