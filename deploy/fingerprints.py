"""A hash of what each table of a local stack holds: equal rows, equal hash, in any order."""

from __future__ import annotations

import hashlib
import http.client
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from deploy.local.dynamodb import ACCESS_KEY_ID, REGION
from deploy.seed.aurora import COLUMNS
from deploy.seed.dynamodb import ITEM_KEYS

_SECONDS = 60


def fingerprint(environment: Mapping[str, str]) -> dict[str, str]:
    """The hash of each table that holds customers' data, by store and table.

    Args:
        environment: the stack's addresses.
    """
    prefix = environment["DESKHAND_TABLE_PREFIX"]
    address = environment["AWS_ENDPOINT_URL_DYNAMODB"]
    with ThreadPoolExecutor(2) as pool:
        rows = pool.submit(_aurora, environment["DESKHAND_OWNER_DSN"])
        items = {
            f"dynamodb.{table}": _items_hash(address, f"{prefix}-{table}") for table in ITEM_KEYS
        }
        return rows.result() | items


def _aurora(owner_dsn: str) -> dict[str, str]:
    found = {}
    with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
        for table in COLUMNS:
            # A sum of the rows' hashes needs no sorting, and tells rows that stand twice.
            row = connection.execute(
                sql.SQL(
                    "SELECT count(*) || '-' || coalesce(sum(hashtextextended(t::text, 0)), 0)"
                    " FROM store.{} AS t"
                ).format(sql.Identifier(table))
            ).fetchone()
            found[f"aurora.{table}"] = str(row[0]) if row else ""
    return found


def _items_hash(address: str, table: str) -> str:
    count = total = 0
    for item in _items(address, table):
        count += 1
        digest = hashlib.blake2b(json.dumps(item, sort_keys=True).encode(), digest_size=8)
        total += int.from_bytes(digest.digest(), "big")
    return f"{count}-{total}"


def _items(address: str, table: str) -> Iterator[Any]:
    """Every item as it goes over the wire: boto3 would spend ten times as long on reading them."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_SECONDS)
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "DynamoDB_20120810.Scan",
        # It tells the account; the emulator checks no signature.
        "Authorization": "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=none,"
        f" Credential={ACCESS_KEY_ID}/20260101/{REGION}/dynamodb/aws4_request",
    }
    try:
        start: Any = None
        while True:
            wanted = {"TableName": table, "ConsistentRead": True}
            body = wanted | ({"ExclusiveStartKey": start} if start else {})
            connection.request("POST", "/", json.dumps(body), headers)
            answer = connection.getresponse()
            page = json.loads(answer.read())
            if answer.status != 200:
                raise OSError(
                    f"DynamoDB does not show {table}: {page.get('__type', answer.status)}"
                )
            yield from page["Items"]
            start = page.get("LastEvaluatedKey")
            if not start:
                return
    finally:
        connection.close()
