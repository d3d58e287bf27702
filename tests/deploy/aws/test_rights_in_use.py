"""The rights of each role are what its code uses of DynamoDB: no call is refused, none is spare."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from agent import Conversations, StoredTurn
from tests.deploy.aws.cloudformation import nodes, resources
from tests.fixtures_dynamodb import Clock, Database, call_lambda, catalog_of
from tools.gateway import profile, warranty

pytestmark = pytest.mark.stack

# A transaction needs the right to each thing that it does, and none of its own.
TRANSACTION = {"TransactWriteItems": ["PutItem", "UpdateItem"]}


def granted(place: str) -> set[str]:
    """What a role may do with tables."""
    role = dict(resources())[place]
    return {
        action.removeprefix("dynamodb:")
        for node in nodes(role)
        if isinstance(node, dict) and "Resource" in node
        for action in (node["Action"] if isinstance(node["Action"], list) else [node["Action"]])
        if action.startswith("dynamodb:")
    }


def used(database: Database) -> set[str]:
    """What has been sent to the tables, as IAM calls it."""
    return {
        right
        for operation in database.operations
        for right in TRANSACTION.get(operation, [operation])
    }


@pytest.mark.parametrize(
    ("module", "target", "calls"),
    [
        (
            warranty,
            "warranty",
            [
                ("check_warranty_status", {"serial_number": "LAPTOP001A1B2C"}),
                ("find_warranties", {"customer_name": "Jon Doe", "product_name": "laptop"}),
                ("find_warranties", {"product_name": "Camera"}),
            ],
        ),
        (
            profile,
            "profile",
            [
                ("get_customer_profile", {"customer_id": "CUST001"}),
                ("get_customer_profile", {"phone": "555 0103"}),
                ("list_customer_profiles", {"min_lifetime_value": 0, "limit": 2}),
                ("verify_customer", {"customer_id": "CUST001", "zip": "1", "phone_last4": "0000"}),
                ("verify_customer", {"customer_id": "CUST999", "zip": "1", "phone_last4": "0000"}),
            ],
        ),
    ],
    ids=["warranty", "profile"],
)
def test_a_handler_uses_its_rights_and_no_others(
    module: Any,
    target: str,
    calls: list[tuple[str, dict[str, Any]]],
    database: Database,
    clock: Clock,
) -> None:
    """Each of its tools, over its real tables."""
    handler = module.build_handler(database.client, database.tables, clock)
    for tool, arguments in calls:
        assert "error" not in call_lambda(handler, f"{target}___{tool}", **arguments)
    assert used(database) == granted(f"tools.{target.capitalize()}Role")


async def test_the_catalogue_uses_its_rights_and_no_others(sample: Database) -> None:
    """Each of its tools, over its real tables."""
    tools = catalog_of(sample)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("get_product", {"product_id": 1}),
        ("find_products", {"name": "laptp"}),
        ("find_products", {"category_id": 1}),
        ("list_reviews", {"product_id": 1}),
        ("list_reviews", {"min_rating": 4}),
        ("get_review", {"review_id": "REV001"}),
        ("rating_summary", {"product_id": 1}),
    ]
    for name, arguments in calls:
        assert "error" not in await tools[name].call(arguments)
    assert {name for name, _ in calls} == tools.keys()
    assert used(sample) == granted("tools.CatalogRole")


async def test_the_desk_uses_its_rights_and_no_others(empty_database: Database) -> None:
    """A conversation is begun, left, continued, listed and read, and the table is asked for."""
    table = empty_database.tables["conversations"]
    conversations = Conversations(empty_database.client, table, lease_seconds=60)
    turn = StoredTurn(uuid4().hex, "Who?", "CUST003", "answered", "2026-11-22T12:00:00+00:00", ())
    async with conversations.turn("rep", "left"):
        pass  # nothing was answered: the lock goes again, and so does the item it was on
    for _ in range(2):
        async with conversations.turn("rep", "kept") as opened:
            assert await conversations.save(opened, turn)
    assert len(await conversations.list("rep")) == 1
    assert len(await conversations.transcript("rep", "kept")) == 2
    await conversations.ping()
    assert used(empty_database) == granted("agent.Role")
