"""Rows that a stack holds for a while: added for one conversation, then taken away again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import fields
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

from deploy.local.dynamodb import local_client
from deploy.seed.aurora import COLUMNS, KEYS, load_aurora
from deploy.seed.dynamodb import ITEM_KEYS, delete, dynamodb_writes, load_dynamodb, put, send_all
from deploy.seed.records import MONEY_FIELDS, Record, Records, sample_records

ROW_KEYS = KEYS | {
    "reviews": "review_id",
    "catalog_products": "product_id",
    "warranties": "serial_number",
    "customer_profiles": "customer_id",
}


class OverlayError(Exception):
    """The rows would take the place of sample records, which taking them away would lose."""


Overlay = Callable[[Mapping[str, Iterable[Record]]], AbstractAsyncContextManager[None]]


def overlay_on(environment: Mapping[str, str]) -> Overlay | None:
    """Overlays for the local stack that the environment names; none for any other stack."""
    if environment.get("DESKHAND_STACK") != "local" or "DESKHAND_OWNER_DSN" not in environment:
        return None
    client = local_client(environment["AWS_ENDPOINT_URL_DYNAMODB"])
    prefix = environment["DESKHAND_TABLE_PREFIX"]
    tables = {table: f"{prefix}-{table}" for table in ITEM_KEYS}
    return lambda rows: overlaid(environment["DESKHAND_OWNER_DSN"], client, tables, rows)


@asynccontextmanager
async def overlaid(
    owner_dsn: str, client: Any, tables: Mapping[str, str], rows: Mapping[str, Iterable[Record]]
) -> AsyncIterator[None]:
    """Add the rows, by kind as in ``Records``, for the time of the context.

    Rows that a killed run left behind are taken away first.

    Raises:
        OverlayError: a row has the key of a sample record.
    """
    records = _records(rows)
    _refuse_sample_keys(records)
    await asyncio.to_thread(_remove, owner_dsn, client, tables, records)
    try:
        await asyncio.to_thread(_add, owner_dsn, client, tables, records)
        yield
    finally:
        await asyncio.to_thread(_remove, owner_dsn, client, tables, records)


def replace_all(owner_dsn: str, client: Any, tables: Mapping[str, str], records: Records) -> None:
    """Put these records in the place of everything in Aurora and of the sample in DynamoDB."""
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        connection.execute("TRUNCATE store.users, store.products, store.orders RESTART IDENTITY")
    send_all(client, delete(tables, dynamodb_writes(tables, sample_records())), threads=1)
    load_aurora(owner_dsn, records, force=True)
    load_dynamodb(client, tables, records, force=True)


def _records(rows: Mapping[str, Iterable[Record]]) -> Records:
    kinds = [field.name for field in fields(Records)]
    return Records(**{kind: tuple(map(_with_decimals, rows.get(kind, ()))) for kind in kinds})


def _with_decimals(row: Record) -> Record:
    return {name: Decimal(value) if name in MONEY_FIELDS else value for name, value in row.items()}


def _refuse_sample_keys(records: Records) -> None:
    sample = sample_records()
    for kind, key in ROW_KEYS.items():
        taken = {row[key] for row in getattr(sample, kind)}
        for row in getattr(records, kind):
            if row[key] in taken:
                raise OverlayError(f"{kind}: {key} {row[key]!r} belongs to a sample record")


def _add(owner_dsn: str, client: Any, tables: Mapping[str, str], records: Records) -> None:
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        for table in ("users", "products", "orders"):
            for row in getattr(records, table):
                columns = [column for column in COLUMNS[table] if column in row]
                connection.execute(
                    sql.SQL("INSERT INTO store.{} ({}) VALUES ({})").format(
                        sql.Identifier(table),
                        sql.SQL(", ").join(map(sql.Identifier, columns)),
                        sql.SQL(", ").join(sql.Placeholder() for _ in columns),
                    ),
                    [row[column] for column in columns],
                )
    send_all(client, put(dynamodb_writes(tables, records)), threads=1)


def _remove(owner_dsn: str, client: Any, tables: Mapping[str, str], records: Records) -> None:
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        for table in ("orders", "products", "users"):
            connection.execute(
                sql.SQL("DELETE FROM store.{} WHERE {} = ANY(%s)").format(
                    sql.Identifier(table), sql.Identifier(KEYS[table])
                ),
                [[row[KEYS[table]] for row in getattr(records, table)]],
            )
    send_all(client, delete(tables, dynamodb_writes(tables, records)), threads=1)
