"""Loads records into DynamoDB by batch writes, repeatable, skipped when already there."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from deploy.seed.records import Record, Records
from tools.records import catalog_product_item, profile_item, review_item, warranty_item

BATCH_SIZE = 25  # the most that one BatchWriteItem takes
MARKER_TAG = "deskhand:sample"
ATTEMPTS = 10

Item = Mapping[str, Any]
Write = tuple[str, Item]


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
    table = client.describe_table(TableName=tables["profiles"])["Table"]["TableArn"]
    fingerprint = records.fingerprint()
    tags = client.list_tags_of_resource(ResourceArn=table).get("Tags", [])
    if not force and {"Key": MARKER_TAG, "Value": fingerprint} in tags:
        return False
    write_batches(client, dynamodb_writes(tables, records), threads=1)
    client.tag_resource(ResourceArn=table, Tags=[{"Key": MARKER_TAG, "Value": fingerprint}])
    return True


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


def write_batches(
    client: Any,
    writes: Iterable[Write],
    *,
    threads: int,
    written: Callable[[int], None] = lambda count: None,
) -> int:
    """Write all items in batches of 25 from several threads at once, a few batches in memory.

    ``written`` hears, on the calling thread, how many items each finished round added.
    """
    source = iter(writes)
    total = 0
    with ThreadPoolExecutor(threads, thread_name_prefix="seed") as pool:
        while round_of_batches := list(islice(_batches(source), threads * 4)):
            for count in pool.map(lambda batch: write_batch(client, batch), round_of_batches):
                total += count
                written(count)
    return total


def write_batch(
    client: Any,
    batch: Sequence[Write],
    *,
    pause: Callable[[float], None] = time.sleep,
    jitter: Callable[[float, float], float] = random.uniform,
) -> int:
    """Write one batch; what is left unprocessed is sent again after a growing random pause."""
    waiting: dict[str, list[Any]] = {}
    for table, item in batch:
        waiting.setdefault(table, []).append({"PutRequest": {"Item": item}})
    for attempt in range(ATTEMPTS):
        waiting = client.batch_write_item(RequestItems=waiting).get("UnprocessedItems") or {}
        if not waiting:
            return len(batch)
        pause(jitter(0.0, min(5.0, 0.05 * 2**attempt)))
    left = sum(map(len, waiting.values()))
    raise BatchWriteError(
        f"DynamoDB left {left} of {len(batch)} items unwritten after {ATTEMPTS} attempts."
    )


def _batches(source: Iterable[Write]) -> Iterable[list[Write]]:
    iterator = iter(source)
    while batch := list(islice(iterator, BATCH_SIZE)):
        yield batch
