"""Records become items with keys for look-ups, and come back without them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.seed.records import sample_records
from tools import records
from tools.records import attribute, plain, record

JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(-(10**30), 10**30).map(Decimal),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_a_value_survives_the_typed_json(value: Any) -> None:
    """Every type that our records hold."""
    assert plain(attribute(value)) == value


def test_a_float_is_no_value_for_dynamodb() -> None:
    """Money that went through a float is wrong already."""
    with pytest.raises(TypeError):
        attribute(1.5)


def test_sample_records_come_back_as_they_were() -> None:
    """Nothing is lost, and no derived attribute comes out."""
    sample = sample_records()
    for rows, item, attributes in (
        (sample.reviews, records.review_item, records.REVIEW),
        (sample.catalog_products, records.catalog_product_item, records.PRODUCT),
        (sample.warranties, records.warranty_item, records.WARRANTY),
        (sample.customer_profiles, records.profile_item, (*records.PROFILE, records.BIRTH)),
    ):
        shown = [record(item(row), attributes) for row in rows]
        assert shown == [_as_json(row) for row in rows]


def _as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(held) if isinstance(held, Decimal) else held for name, held in row.items()}


def test_the_date_of_birth_is_no_attribute_that_is_read_out() -> None:
    """It is matched against, in one place."""
    read_out = {*records.REVIEW, *records.PRODUCT, *records.WARRANTY, *records.PROFILE}
    assert records.BIRTH not in read_out


def test_money_keeps_its_cents() -> None:
    """DynamoDB drops a trailing zero; a rep reads 1899.50."""
    item = {"price": {"N": "1899.5"}, "stock_quantity": {"N": "7"}}
    assert record(item, records.PRODUCT) == {"price": "1899.50", "stock_quantity": 7}


def test_ids_are_stored_in_one_spelling() -> None:
    """So that a look-up by key finds them."""
    review = records.review_item(
        {"review_id": "rev 7", "customer_id": "cust-12", "product_id": 1, "rating": 5}
    )
    assert (plain(review["review_id"]), plain(review["customer_id"])) == ("REV007", "CUST012")


def test_what_is_missing_stays_out_of_its_index() -> None:
    """DynamoDB refuses an empty key of an index."""
    item = records.profile_item({"customer_id": "CUST001", "tier": "gold", "lifetime_value": "1"})
    assert "email_key" not in item
    assert "phone_key" not in item
    assert plain(item["tier"]) == "Gold"


def test_an_unknown_tier_is_refused_when_stored() -> None:
    """The list over all tiers would miss it."""
    with pytest.raises(ValueError, match="tier must be one of Standard, Premium, Gold, VIP"):
        records.profile_item({"customer_id": "CUST001", "tier": "Platinum"})
