"""The sample records as they are read from their files."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from deploy.seed import Records, sample_records
from tools import spelling


def test_the_sample_holds_five_of_everything_and_ten_products() -> None:
    """The numbers that the documents state."""
    records = sample_records()
    counts = {
        field.name: len(getattr(records, field.name)) for field in dataclasses.fields(records)
    }
    assert counts == {
        "users": 5,
        "products": 10,
        "orders": 5,
        "reviews": 5,
        "catalog_products": 5,
        "warranties": 5,
        "customer_profiles": 5,
    }


def test_money_is_decimal_everywhere() -> None:
    """No amount passes through a float."""
    records = sample_records()
    amounts = [order["total_amount"] for order in records.orders]
    amounts += [product["price"] for product in (*records.products, *records.catalog_products)]
    amounts += [profile["lifetime_value"] for profile in records.customer_profiles]
    assert {type(amount) for amount in amounts} == {Decimal}
    assert sum(order["total_amount"] for order in records.orders) == Decimal("1800.92")


def test_ids_are_in_canonical_spelling() -> None:
    """What a tool looks up is what is stored."""
    records = sample_records()
    rows = (*records.users, *records.orders, *records.reviews, *records.customer_profiles)
    assert all(row["customer_id"] == spelling.customer_id(row["customer_id"]) for row in rows)
    serials = [warranty["serial_number"] for warranty in records.warranties]
    assert serials == [spelling.serial_number(serial) for serial in serials]


def test_the_fingerprint_tells_equal_from_changed_records() -> None:
    """It is the same each time, and another as soon as one value is."""
    records = sample_records()
    order = {**records.orders[0], "total_amount": Decimal("0.01")}
    changed = dataclasses.replace(records, orders=(order, *records.orders[1:]))
    assert records.fingerprint() == sample_records().fingerprint()
    assert records.fingerprint() != changed.fingerprint()


def test_records_cannot_be_changed() -> None:
    """They are shared by everyone who loads them."""
    records: Records = sample_records()
    with pytest.raises(dataclasses.FrozenInstanceError):
        records.users = ()  # type: ignore[misc]
