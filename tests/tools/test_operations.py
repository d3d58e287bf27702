"""Which DynamoDB operations the tools send: keys and indexes are read, nothing is scanned."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures_dynamodb import Clock, Database, call_lambda, catalog_of
from tools.gateway import profile, warranty

pytestmark = pytest.mark.stack

CATALOG: list[tuple[str, dict[str, Any]]] = [
    ("get_product", {"product_id": 1}),
    ("find_products", {"name": "mouse"}),
    ("find_products", {"name": "nothing like it"}),
    ("find_products", {"category_id": 1, "limit": 1}),
    ("list_reviews", {"product_id": 1, "limit": 1}),
    ("list_reviews", {"customer_id": "CUST001", "max_rating": 4}),
    ("list_reviews", {"min_rating": 1, "limit": 1}),
    ("get_review", {"review_id": "REV001"}),
    ("rating_summary", {"product_id": 1}),
]
GATEWAY: list[tuple[str, dict[str, Any]]] = [
    ("warranty___check_warranty_status", {"serial_number": "LAPTOP001A1B2C"}),
    ("warranty___find_warranties", {"customer_name": "Nobody Known"}),
    ("warranty___find_warranties", {"product_name": "nothing like it"}),
    ("profile___get_customer_profile", {"customer_id": "CUST001"}),
    ("profile___get_customer_profile", {"email": "john.doe@example.com"}),
    ("profile___get_customer_profile", {"phone": "555-0101"}),
    ("profile___list_customer_profiles", {"min_lifetime_value": 0, "limit": 1}),
    ("profile___verify_customer", {"customer_id": "CUST001", "zip": "1", "phone_last4": "1111"}),
]


async def test_no_tool_scans_and_only_verification_writes(database: Database, clock: Clock) -> None:
    """The roles of both servers can be narrowed to these operations."""
    handlers = {
        "warranty": warranty.build_handler(database.client, database.tables, clock),
        "profile": profile.build_handler(database.client, database.tables, clock),
    }
    catalog = catalog_of(database)
    results = [await catalog[tool].call(given) for tool, given in CATALOG]
    reads = set(database.operations)
    results += [
        call_lambda(handlers[tool.partition("_")[0]], tool, **given) for tool, given in GATEWAY
    ]
    assert [result for result in results if "error" in result] == []
    assert reads == {"GetItem", "Query", "BatchGetItem"}
    assert set(database.operations) - reads == {"UpdateItem"}
