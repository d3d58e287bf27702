"""Loads records into DynamoDB by batch writes, repeatable, skipped when already there."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from deploy.seed.records import Record, Records
from tools.records import catalog_product_item, profile_item, review_item, warranty_item

BATCH_SIZE = 25  # the most that one BatchWriteItem takes
SAMPLE_TAG = "deskhand:sample"
ATTEMPTS = 10

Item = Mapping[str, Any]
Write = tuple[str, Item]  # a table's name and what goes into it
Request = tuple[str, Mapping[str, Any]]  # a table's name and a request of a batch write

ITEM_KEYS = {
    "reviews": "review_id",
    "products": "product_id",
    "warranties": "serial_number",
    "profiles": "customer_id",
}


class BatchWriteError(Exception):
    """DynamoDB kept leaving items unwritten, however often they were sent again."""


def load_dynamodb(
    client: Any, tables: Mapping[str, str], records: Records, *, force: bool = False
) -> bool:
    """Write reviews, catalogue products, warranties and profiles, and say whether it was needed.

    ``tables`` maps ``reviews``, ``products``, ``warranties`` and ``profiles`` to table names. A
    second load of the same records is skipped by a tag of the profiles table, written last;
    ``force`` loads them all the same.
    """
    marker = TableMarker(client, tables["profiles"], SAMPLE_TAG)
    fingerprint = records.fingerprint()
    if not force and marker.read() == fingerprint and _has_first_profile(client, tables, records):
        return False
    write_batches(client, dynamodb_writes(tables, records), threads=1)
    marker.write(fingerprint)
    return True


def _has_first_profile(client: Any, tables: Mapping[str, str], records: Records) -> bool:
    """Whether the marked table still holds what was loaded; a table made anew may keep its tag."""
    for profile in records.customer_profiles[:1]:
        key = {"customer_id": profile_item(profile)["customer_id"]}
        found = client.get_item(TableName=tables["profiles"], Key=key, ProjectionExpression="tier")
        return "Item" in found
    return True


class TableMarker:
    """A tag of a table that says what was loaded into it."""

    def __init__(self, client: Any, table: str, tag: str) -> None:
        self._client = client
        self._tag = tag
        self._arn: str = client.describe_table(TableName=table)["Table"]["TableArn"]

    def read(self) -> str | None:
        """What the tag says; None when there is no such tag."""
        tags = self._client.list_tags_of_resource(ResourceArn=self._arn).get("Tags", [])
        return next((str(tag["Value"]) for tag in tags if tag["Key"] == self._tag), None)

    def write(self, text: str) -> None:
        """Say something else from now on."""
        self._client.tag_resource(ResourceArn=self._arn, Tags=[{"Key": self._tag, "Value": text}])


def dynamodb_writes(tables: Mapping[str, str], records: Records) -> Iterable[Write]:
    """Each DynamoDB record as its table's name and its item."""
    kinds: Sequence[tuple[str, Sequence[Record], Callable[[Record], Item]]] = (
        ("reviews", records.reviews, review_item),
        ("products", records.catalog_products, catalog_product_item),
        ("warranties", records.warranties, warranty_item),
        ("profiles", records.customer_profiles, profile_item),
    )
    for table, rows, item in kinds:
        for row in rows:
            yield tables[table], item(row)


def write_batches(client: Any, writes: Iterable[Write], *, threads: int) -> int:
    """Write all items, and return how many."""
    return send_all(client, put(writes), threads=threads)


def put(writes: Iterable[Write]) -> Iterator[Request]:
    """The request that writes each item."""
    for table, item in writes:
        yield table, {"PutRequest": {"Item": item}}


def delete(tables: Mapping[str, str], writes: Iterable[Write]) -> Iterator[Request]:
    """The request that takes each item away."""
    keys = {tables[kind]: key for kind, key in ITEM_KEYS.items()}
    for table, item in writes:
        yield table, {"DeleteRequest": {"Key": {keys[table]: item[keys[table]]}}}


def send_all(client: Any, requests: Iterable[Request], *, threads: int) -> int:
    """Send all requests in batches of 25, several at once, with a few batches in memory."""
    source = iter(requests)
    with ThreadPoolExecutor(threads, thread_name_prefix="seed") as pool:
        sent = 0
        while batches := list(islice(_batches(source), threads * 4)):
            sent += sum(pool.map(lambda batch: send_batch(client, batch), batches))
        return sent


def send_batch(
    client: Any,
    batch: Sequence[Request],
    *,
    pause: Callable[[float], None] = time.sleep,
    jitter: Callable[[float, float], float] = random.uniform,
) -> int:
    """Send one batch; what is left unprocessed is sent again after a growing random pause.

    Raises:
        BatchWriteError: something is left after many attempts.
    """
    waiting: dict[str, list[Any]] = {}
    for table, request in batch:
        waiting.setdefault(table, []).append(request)
    for attempt in range(ATTEMPTS):
        waiting = client.batch_write_item(RequestItems=waiting).get("UnprocessedItems") or {}
        if not waiting:
            return len(batch)
        pause(jitter(0.0, min(5.0, 0.05 * 2**attempt)))
    left = sum(map(len, waiting.values()))
    raise BatchWriteError(
        f"DynamoDB left {left} of {len(batch)} items unwritten after {ATTEMPTS} attempts."
    )


def _batches(source: Iterator[Request]) -> Iterator[list[Request]]:
    while batch := list(islice(source, BATCH_SIZE)):
        yield batch
