"""Generated customers as records, made as they are for the stores, without any store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from deploy.seed.aurora import COLUMNS
from deploy.seed.blocks import BlockMaker
from deploy.seed.generated_items import GeneratedItems
from deploy.seed.plan import Plan, Product, Size
from evals.facts import Table

Row = dict[str, Any]


def generated_records(customers: int) -> Mapping[Table, Sequence[Row]]:
    """What ``./deskhand seed`` makes of so many customers; all of them have a profile."""
    plan = Plan(Size(customers=customers, dynamodb_customers=customers))
    # The catalogue's products come first of what DynamoDB holds.
    listed = next(GeneratedItems(plan).records()).catalog_products
    made: dict[Table, list[Row]] = {
        "catalog_products": [_plain(record) for record in listed],
        "users": [],
        "products": [_product(product) for product in plan.products],
        "orders": [],
        "reviews": [],
        "warranties": [],
        "customer_profiles": [],
    }
    for block in BlockMaker(plan).blocks():
        made["users"].extend(_from_line("users", line) for line in block.users)
        made["orders"].extend(_order(line) for line in block.orders)
        made["reviews"].extend(map(_plain, block.reviews))
        made["warranties"].extend(map(_plain, block.warranties))
        made["customer_profiles"].extend(map(_plain, block.profiles))
    return made


def _product(product: Product) -> Row:
    return {
        "id": product.product_id,
        "name": product.name,
        "description": product.description,
        "price": str(product.price),
        "category": product.category,
        "stock_quantity": product.stock,
        "created_at": "2024-01-01T00:00:00",
    }


def _order(line: str) -> Row:
    order = _from_line("orders", line)
    return order | {"id": int(order["id"])}


def _from_line(table: str, line: str) -> Row:
    """A line that the stack loads with COPY; no value of ours needs COPY's escapes."""
    return dict(zip(COLUMNS[table], line.rstrip("\n").split("\t"), strict=True))


def _plain(record: Mapping[str, Any]) -> Row:
    return {
        field: f"{value:.2f}" if isinstance(value, Decimal) else value
        for field, value in record.items()
    }
