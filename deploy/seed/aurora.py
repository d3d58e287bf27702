"""Loads records into Aurora's base tables: in one transaction, repeatable, skipped when there."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg import sql

from deploy.seed.records import Record, Records

COLUMNS = {
    "users": ("customer_id", "username", "email", "first_name", "last_name", "created_at"),
    "products": ("id", "name", "description", "price", "category", "stock_quantity", "created_at"),
    "orders": ("id", "customer_id", "total_amount", "status", "order_date"),
}
KEYS = {"users": "customer_id", "products": "id", "orders": "id"}

# One number for every seeding of one database, so that two starts at once load one after the other.
SEED_LOCK = 5_302_061
MARKER = "sample"


def load_aurora(owner_dsn: str, records: Records, *, force: bool = False) -> bool:
    """Insert or update the users, products and orders, and say whether anything was loaded.

    A second load of the same records is skipped, which keeps later starts fast and leaves rows
    alone that somebody has changed since; ``force`` loads them all the same.
    """
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        lock_seeding(connection)
        if read_marker(connection, MARKER) == records.fingerprint() and not force:
            return False
        _upsert(connection, "users", records.users)
        _upsert(connection, "products", records.products)
        _upsert(connection, "orders", records.orders)
        for table in ("products", "orders"):
            advance_sequence(connection, table)
        write_marker(connection, MARKER, records.fingerprint())
    return True


def advance_sequence(connection: psycopg.Connection, table: str) -> None:
    """Move the id sequence past the ids that were inserted explicitly; it never goes back."""
    connection.execute(
        sql.SQL(
            "SELECT setval(s.name, greatest(t.id, pg_sequence_last_value(s.name), 1))"
            " FROM (SELECT max(id) AS id FROM store.{table}) t,"
            " (SELECT pg_get_serial_sequence({name}, 'id')::regclass AS name) s"
        ).format(table=sql.Identifier(table), name=sql.Literal(f"store.{table}"))
    )


def _upsert(connection: psycopg.Connection, table: str, rows: Iterable[Record]) -> None:
    """COPY into a temporary table, then one INSERT that updates the rows that are there."""
    columns = COLUMNS[table]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    names_to_update = [column for column in columns if column != KEYS[table]]
    parts = {
        "temporary": sql.Identifier(f"seed_{table}"),
        "table": sql.Identifier(table),
        "columns": names,
        "key": sql.Identifier(KEYS[table]),
        "changes": sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column))
            for column in names_to_update
        ),
    }
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {temporary} ON COMMIT DROP"
            " AS SELECT {columns} FROM store.{table} LIMIT 0"
        ).format(**parts)
    )
    with connection.cursor().copy(
        sql.SQL("COPY {temporary} ({columns}) FROM STDIN").format(**parts)
    ) as copy:
        for row in rows:
            copy.write_row([row.get(column) for column in columns])
    connection.execute(
        sql.SQL(
            "INSERT INTO store.{table} ({columns}) SELECT {columns} FROM {temporary}"
            " ON CONFLICT ({key}) DO UPDATE SET {changes}"
        ).format(**parts)
    )


def lock_seeding(connection: psycopg.Connection) -> None:
    """Wait until nobody else seeds this database, to the end of the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [SEED_LOCK])


def read_marker(connection: psycopg.Connection, name: str) -> str | None:
    """What was loaded last under this name, as ``write_marker`` said it."""
    known = connection.execute("SELECT to_regclass('store.seed_marker') IS NOT NULL").fetchone()
    if known is None or not known[0]:
        return None
    statement = "SELECT loaded FROM store.seed_marker WHERE name = %s"
    row = connection.execute(statement, [name]).fetchone()
    return None if row is None else str(row[0])


def write_marker(connection: psycopg.Connection, name: str, loaded: str) -> None:
    """Say in the database itself what has been loaded."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS store.seed_marker"
        " (name text PRIMARY KEY, loaded text NOT NULL,"
        " loaded_at timestamptz NOT NULL DEFAULT now())"
    )
    connection.execute(
        "INSERT INTO store.seed_marker (name, loaded) VALUES (%s, %s)"
        " ON CONFLICT (name) DO UPDATE SET loaded = excluded.loaded, loaded_at = now()",
        [name, loaded],
    )
