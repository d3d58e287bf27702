"""Rows of one conversation are there for its time, and never in the place of sample records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import boto3
import psycopg
import pytest

from deploy.local.stack import LocalStack
from deploy.seed.overlay import OverlayError, overlay_on

pytestmark = pytest.mark.stack

ROWS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "users": [
        {
            "customer_id": "CUST950",
            "username": "for_a_while",
            "email": "for.a.while@example.org",
            "first_name": "For",
            "last_name": "While",
        }
    ],
    "orders": [{"id": 9500, "customer_id": "CUST950", "total_amount": "10.50"}],
    "reviews": [
        {
            "review_id": "REV950",
            "product_id": 6,
            "customer_id": "CUST950",
            "rating": 2,
            "title": "For a while",
            "comment": "",
            "verified_purchase": False,
            "created_at": "2024-03-01T10:00:00Z",
        }
    ],
}


def counted(environment: Mapping[str, str]) -> tuple[int, int, int]:
    """How many of the rows are there: users, orders, reviews."""
    with psycopg.connect(environment["DESKHAND_OWNER_DSN"], connect_timeout=10) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM store.users WHERE customer_id = 'CUST950'),"
            " (SELECT count(*) FROM store.orders WHERE id = 9500)"
        ).fetchone()
    client = boto3.client(
        "dynamodb",
        endpoint_url=environment["AWS_ENDPOINT_URL_DYNAMODB"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    table = f"{environment['DESKHAND_TABLE_PREFIX']}-reviews"
    found = client.get_item(TableName=table, Key={"review_id": {"S": "REV950"}})
    client.close()
    assert row is not None
    return row[0], row[1], int("Item" in found)


async def test_rows_are_there_for_the_time_of_the_context(local_stack: LocalStack) -> None:
    """They come to both stores, go with the context, and can come again."""
    overlay = overlay_on(local_stack.environment)
    assert overlay is not None
    for _ in range(2):
        async with overlay(ROWS):
            assert counted(local_stack.environment) == (1, 1, 1)
        assert counted(local_stack.environment) == (0, 0, 0)


async def test_rows_go_when_the_conversation_fails(local_stack: LocalStack) -> None:
    """A fault in the middle leaves nothing behind."""
    overlay = overlay_on(local_stack.environment)
    assert overlay is not None
    with pytest.raises(RuntimeError, match="broken"):
        async with overlay(ROWS):
            raise RuntimeError("broken")
    assert counted(local_stack.environment) == (0, 0, 0)


async def test_a_sample_record_is_never_replaced(local_stack: LocalStack) -> None:
    """Taking the rows away would lose the record, so they are refused before anything is done."""
    overlay = overlay_on(local_stack.environment)
    assert overlay is not None
    with pytest.raises(OverlayError, match="REV001"):
        async with overlay({"reviews": [{"review_id": "REV001"}]}):
            pass


def test_other_stacks_take_no_rows() -> None:
    """Only a stack of this machine is written to by conversations."""
    assert overlay_on({"DESKHAND_STACK": "aws", "DESKHAND_OWNER_DSN": "host=db"}) is None
    assert overlay_on({"DESKHAND_STACK": "local"}) is None
