"""The loader of DynamoDB: on a real local DynamoDB, and against one that leaves work undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from deploy.seed import load_dynamodb, sample_records
from deploy.seed.dynamodb import (
    ATTEMPTS,
    BATCH_SIZE,
    ITEM_KEYS,
    BatchWriteError,
    delete,
    dynamodb_writes,
    put,
    send_all,
    send_batch,
)
from tests.fixtures_seed import Stores

TABLES = {kind: kind for kind in ITEM_KEYS}


@dataclass(slots=True)
class HalfWillingDynamo:
    """Takes as many requests of a batch as its rule says, and gives the others back."""

    takes: Callable[[int], int]
    calls: int = 0
    taken: list[Any] = field(default_factory=list)

    def batch_write_item(self, *, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:
        """What DynamoDB does when it is short of capacity."""
        self.calls += 1
        left: dict[str, list[Any]] = {}
        room = self.takes(self.calls)
        for table, requests in RequestItems.items():
            self.taken += [(table, request) for request in requests[:room]]
            if requests[room:]:
                left[table] = requests[room:]
            room = max(0, room - len(requests))
        return {"UnprocessedItems": left}


def sample_requests() -> list[Any]:
    """All of the sample as requests."""
    return list(put(dynamodb_writes(TABLES, sample_records())))


def test_what_is_left_unprocessed_is_sent_again_with_growing_pauses() -> None:
    """Nothing is lost, nothing is written twice, and the pauses grow."""
    dynamo = HalfWillingDynamo(takes=lambda call: 4)
    pauses: list[float] = []
    sent = send_batch(dynamo, sample_requests(), pause=pauses.append, jitter=lambda low, high: high)
    assert sent == len(dynamo.taken) == 20
    assert sorted(map(str, dynamo.taken)) == sorted(map(str, sample_requests()))
    assert pauses == [0.05, 0.1, 0.2, 0.4]


def test_a_table_that_takes_nothing_ends_in_an_error() -> None:
    """The attempts are counted; the error says how much is missing and holds no data."""
    dynamo = HalfWillingDynamo(takes=lambda call: 0)
    with pytest.raises(BatchWriteError, match="left 20 of 20 items unwritten after 10 attempts"):
        send_batch(dynamo, sample_requests(), pause=lambda seconds: None)
    assert dynamo.calls == ATTEMPTS


def test_batches_hold_no_more_than_dynamodb_takes() -> None:
    """Twenty-five requests a batch, the last one smaller."""
    sizes: list[int] = []

    class Counting(HalfWillingDynamo):
        def batch_write_item(self, *, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:
            sizes.append(sum(map(len, RequestItems.values())))
            return {}

    requests = sample_requests() * 3
    assert send_all(Counting(takes=lambda call: 25), requests, threads=3) == 60
    assert sorted(sizes) == [10, BATCH_SIZE, BATCH_SIZE]


@pytest.mark.stack
def test_a_second_load_is_skipped_and_a_forced_one_changes_nothing(empty_stores: Stores) -> None:
    """It is safe to load at every start."""
    client, tables = empty_stores.client, empty_stores.tables
    outcomes = [
        load_dynamodb(client, tables, sample_records(), force=force)
        for force in (False, False, True)
    ]
    assert outcomes == [True, False, True]
    assert {kind: len(empty_stores.items(kind)) for kind in ITEM_KEYS} == dict.fromkeys(
        ITEM_KEYS, 5
    )


@pytest.mark.stack
def test_numbers_are_stored_as_numbers(empty_stores: Stores) -> None:
    """Prices and values are strings in the files and DynamoDB numbers in the tables."""
    load_dynamodb(empty_stores.client, empty_stores.tables, sample_records())
    laptop = next(item for item in empty_stores.items("products") if item["product_id"]["N"] == "1")
    john = next(
        item for item in empty_stores.items("profiles") if item["customer_id"]["S"] == "CUST001"
    )
    assert laptop["price"] == {"N": "1299.99"}
    assert john["lifetime_value"] == {"N": "3250.99"}


@pytest.mark.stack
def test_tables_that_lost_their_items_are_filled_again(empty_stores: Stores) -> None:
    """A mark alone does not count: a table made anew may keep its tags."""
    client, tables = empty_stores.client, empty_stores.tables
    load_dynamodb(client, tables, sample_records())
    send_all(client, delete(tables, dynamodb_writes(tables, sample_records())), threads=2)
    emptied = [len(empty_stores.items(kind)) for kind in ITEM_KEYS]
    assert load_dynamodb(client, tables, sample_records())
    assert (emptied, len(empty_stores.items("reviews"))) == ([0, 0, 0, 0], 5)


@pytest.mark.stack
def test_changed_records_are_loaded_without_force(empty_stores: Stores) -> None:
    """A new release with other sample data reaches a stack that has the old one."""
    client, tables = empty_stores.client, empty_stores.tables
    load_dynamodb(client, tables, sample_records())
    review = {**sample_records().reviews[0], "title": "Changed"}
    assert load_dynamodb(client, tables, replace(sample_records(), reviews=(review,)))
    titles = {item["title"]["S"] for item in empty_stores.items("reviews")}
    assert "Changed" in titles
    assert len(titles) == 5
