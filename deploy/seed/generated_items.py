"""Loads what DynamoDB holds of generated customers, in the place of what was generated before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from deploy.seed.blocks import BlockMaker
from deploy.seed.dynamodb import (
    TableMarker,
    Write,
    delete,
    dynamodb_writes,
    send_all,
    write_batches,
)
from deploy.seed.plan import BLOCK, FIRST_NUMBER, Plan, Planted, Product, Size
from deploy.seed.records import Record, Records

TAG = "deskhand:generated"
UNFINISHED = "unfinished "
THREADS = 8

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class GeneratedItems:
    """What a plan puts into DynamoDB, made a thousand customers at a time."""

    plan: Plan
    planted: list[Planted] = field(default_factory=list)

    def records(self) -> Iterator[Records]:
        """The catalogue products first, then profiles, reviews and warranties block by block.

        What was planted is in ``planted`` as soon as the records that it is in have been made.
        """
        if not self.plan.size.dynamodb_customers:
            return
        listed = [product for product in self.plan.products if product.in_catalog]
        yield _records(catalog_products=tuple(self._catalog_record(product) for product in listed))
        maker = BlockMaker(self.plan)
        for number in range(-(-self.plan.size.dynamodb_customers // BLOCK)):
            block = maker.block(number)
            self.planted.extend(block.planted)
            yield _records(
                customer_profiles=tuple(block.profiles),
                reviews=tuple(block.reviews),
                warranties=tuple(block.warranties),
            )

    def _catalog_record(self, product: Product) -> Record:
        """The product as the catalogue has it, with the difference that is planted there."""
        other: object
        record: dict[str, object] = {
            "product_id": product.product_id,
            "name": product.name,
            "description": product.description,
            "price": product.price,
            "category_id": product.category_id,
            "stock_quantity": product.stock,
            "created_at": "2024-01-01T00:00:00Z",
        }
        match product.planted:
            case "stock_differs":
                field_name, other = "stock_quantity", product.stock + 7
            case "price_differs":
                field_name, other = "price", product.price + Decimal("10.50")
            case "product_name_differs":
                field_name, other = "name", f"{product.name} Plus"
            case _:
                return record
        self.planted.append(
            {
                "kind": product.planted,
                "product_id": product.product_id,
                "values": {"aurora": str(record[field_name]), "catalog": str(other)},
            }
        )
        return record | {field_name: other}


def load_generated_items(
    client: Any, tables: Mapping[str, str], items: GeneratedItems, advance: Advance
) -> bool:
    """Load what a plan puts into DynamoDB, and say whether it was needed.

    The same plan a second time is not loaded. One that was interrupted is written again over what
    is there of it, and items of another plan are taken away first.

    Args:
        client: a boto3 DynamoDB client with a connection for each of ``THREADS`` threads.
        tables: the names of the tables.
        items: what to load; its ``planted`` is filled in any case.
        advance: hears how many more customers are on their way.
    """
    marker = TableMarker(client, tables["profiles"], TAG)
    wanted, earlier = items.plan.size.text(), marker.read()
    if earlier == wanted and _has_first_profile(client, tables, items.plan.size):
        for _ in items.records():
            pass
        return False
    if earlier is not None and earlier.removeprefix(UNFINISHED) != wanted:
        there = earlier.removeprefix(UNFINISHED)
        marker.write(UNFINISHED + there)  # from here on it is not whole any more
        before = GeneratedItems(Plan(Size.from_text(there)))
        gone = _writes(tables, before, lambda customers: None)
        send_all(client, delete(tables, gone), threads=THREADS)
    marker.write(UNFINISHED + wanted)
    write_batches(client, _writes(tables, items, advance), threads=THREADS)
    marker.write(wanted)
    return True


def _has_first_profile(client: Any, tables: Mapping[str, str], size: Size) -> bool:
    """Whether the marked table still holds what was loaded; one made anew may keep its tag."""
    if not size.dynamodb_customers:
        return True
    key = {"customer_id": {"S": f"CUST{FIRST_NUMBER}"}}
    found = client.get_item(TableName=tables["profiles"], Key=key, ProjectionExpression="tier")
    return "Item" in found


def _writes(tables: Mapping[str, str], items: GeneratedItems, advance: Advance) -> Iterator[Write]:
    for records in items.records():
        yield from dynamodb_writes(tables, records)
        if records.customer_profiles:
            advance(len(records.customer_profiles))


def _records(**kinds: tuple[Record, ...]) -> Records:
    return Records(**{kind: kinds.get(kind, ()) for kind in Records.__dataclass_fields__})
