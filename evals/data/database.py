"""Records as tables of SQLite: the independent way to a fact, apart from every tool and store."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any
from weakref import finalize

Answers = list[tuple[Any, ...]]
Rows = Sequence[Mapping[str, Any]]

MONEY = {"price", "total_amount", "lifetime_value"}
# What conditions of facts are about; the rest of a table is read in a few milliseconds.
INDEXES: Mapping[str, Sequence[str]] = {
    "users": ("customer_id", "email", "username", "first_name, last_name", "last_name"),
    "products": ("id", "name"),
    "orders": ("id", "customer_id", "order_date"),
    "reviews": ("review_id", "product_id", "customer_id"),
    "catalog_products": ("product_id", "name"),
    "warranties": ("serial_number", "customer_name", "product_name"),
    "customer_profiles": ("customer_id", "email", "phone", "first_name, last_name"),
}


class DatabaseError(Exception):
    """A statement that SQLite refuses, in its words."""


class Database:
    """The records of one seed in memory, read-only, with every answer kept.

    Nested values are JSON text: ``json_extract(address, '$.city')``. Amounts compare as numbers.
    ``plain(text)`` is a name in small letters and without accents.
    """

    def __init__(self, kinds: Mapping[Any, Rows]) -> None:
        self._kept: dict[tuple[str, tuple[tuple[str, str], ...]], Answers] = {}
        # One thread at a time asks; scorers and the loader need not be the same.
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.create_function("plain", 1, _plain, deterministic=True)
        finalize(self, self._connection.close)
        for table, rows in kinds.items():
            _fill(self._connection, str(table), rows)
        self._connection.execute("PRAGMA query_only = ON")

    def table(self, statement: str) -> tuple[tuple[str, ...], Answers]:
        """The names of a statement's columns, and its rows.

        Raises:
            DatabaseError: the statement is wrong, or would change something.
        """
        try:
            with closing(self._connection.cursor()) as cursor:
                rows = cursor.execute(statement).fetchall()
                return tuple(column[0] for column in cursor.description or ()), rows
        except sqlite3.Error as wrong:
            raise DatabaseError(f"{statement!r}: {wrong}") from None

    def ask(self, statement: str, values: Mapping[str, str]) -> Answers:
        """The rows of a statement; the same question a second time is not asked again.

        Raises:
            DatabaseError: the statement is wrong, or would change something.
        """
        question = (statement, tuple(sorted(values.items())))
        if question not in self._kept:
            try:
                with closing(self._connection.cursor()) as cursor:
                    self._kept[question] = cursor.execute(statement, values).fetchall()
            except sqlite3.Error as wrong:
                raise DatabaseError(f"{statement!r}: {wrong}") from None
        return self._kept[question]

    def with_rows(self, added: Mapping[Any, Rows]) -> Database:
        """A copy that has these rows as well; this one stays as it is."""
        copy = Database({})
        copy._connection.execute("PRAGMA query_only = OFF")
        self._connection.backup(copy._connection)
        for table, rows in added.items():
            _fill(copy._connection, str(table), rows)
        copy._connection.execute("PRAGMA query_only = ON")
        return copy


def _fill(connection: sqlite3.Connection, table: str, rows: Rows) -> None:
    """Insert the rows; the table, and columns that it lacks, are made as they need them."""
    known = [str(row[1]) for row in connection.execute(f'PRAGMA table_info("{table}")')]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not known:
        declared = ", ".join(f'"{column}" {_affinity(column)}' for column in columns)
        connection.execute(f'CREATE TABLE "{table}" ({declared or "nothing"})')
        for indexed in INDEXES.get(table, ()):
            if set(indexed.split(", ")) <= set(columns):
                name = f"{table} by {indexed}"
                connection.execute(f'CREATE INDEX "{name}" ON "{table}" ({indexed})')
    for column in columns if known else ():
        if column not in known:
            connection.execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {_affinity(column)}')
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" for _ in columns)
    if not columns:
        return
    connection.executemany(
        f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608  # names are the records' own
        ([_stored(row.get(column)) for column in columns] for row in rows),
    )
    connection.commit()


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _affinity(column: str) -> str:
    if column in MONEY:
        return "REAL"
    return "NUMERIC" if column.endswith(("_quantity", "_count")) else ""


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value
