"""The comparisons themselves: on the whole sample data, on renamed data, and one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.seed import Records, sample_records
from tests.tools.sample_differences import SAMPLE_DIFFERENCES
from tools import discrepancies
from tools.discrepancies import full_name

# Other people, products and domains, so that nothing can hang on the names of the sample.
RENAMED = {
    "Charlie": "Katherine",
    "Charles": "Katharine",
    "Davis": "Moss",
    "John": "Ludvík",
    "Doe": "O'Hara",
    "Jane": "Mei",
    "Smith": "Van Dyck",
    "Alice": "Zoë",
    "alice.brown": "zoe.b",
    "example.net": "example.org",
    "Laptop Pro": "Tractor 9",
    "Desk Chair": "Bread Oven",
    "Camera Pro": "Kiln",
    "CUST00": "CUST77",
    "REV00": "REV5",
    "CAMERA005T9U1V": "KILN5X",
}


def renamed(records: Records) -> Records:
    """The same records under other names."""
    text = json.dumps(
        {kind: getattr(records, kind) for kind in records.__dataclass_fields__},
        default=str,
        ensure_ascii=False,
    )
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return Records(**{kind: tuple(rows) for kind, rows in json.loads(text).items()})


def all_differences(records: Records) -> list[tuple[Any, dict[str, Any]]]:
    """Every comparison over everything: whose record it is, and the difference."""
    products = {
        product["id"]: {**product, "product_id": product["id"]} for product in records.products
    }
    catalog = {product["product_id"]: product for product in records.catalog_products}
    profiles = {profile["customer_id"]: profile for profile in records.customer_profiles}
    found: list[tuple[Any, dict[str, Any]]] = []
    for user in records.users:
        customer = user["customer_id"]
        orders = [
            Decimal(row["total_amount"]) for row in records.orders if row["customer_id"] == customer
        ]
        reviews = [review for review in records.reviews if review["customer_id"] == customer]
        for difference in (
            *discrepancies.customer_differences(user, profiles[customer]),
            *discrepancies.warranty_name_differences([full_name(user)], records.warranties),
            *discrepancies.verified_purchases_without_order(
                customer, reviews, products, max(orders, default=None)
            ),
        ):
            found.append((customer, difference))
    for product_id in products.keys() & catalog.keys():
        for difference in discrepancies.product_differences(
            products[product_id], catalog[product_id]
        ):
            found.append((product_id, difference))
    return found


def same(text: str) -> str:
    """The sample as it is."""
    return text


def other(text: str) -> str:
    """The name that a word of the sample has in the renamed data."""
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("records", "called"), [(sample_records(), same), (renamed(sample_records()), other)]
)
def test_the_sample_data_holds_exactly_the_known_differences(
    records: Records, called: Callable[[str], str]
) -> None:
    """Nothing is missed, nothing else is found, and each message names what it is about."""
    found = all_differences(records)
    expected = [
        (kind, called(about) if isinstance(about, str) else about, tuple(map(called, words)))
        for kind, about, words in SAMPLE_DIFFERENCES
    ]
    assert len(found) == len(expected)
    for kind, about, words in expected:
        messages = [one["message"] for owner, one in found if (one["kind"], owner) == (kind, about)]
        assert [message for message in messages if all(word in message for word in words)]


USER = {
    "customer_id": "CUST001",
    "first_name": "José",
    "last_name": "O'Brien",
    "email": "jose@example.com",
}


@pytest.mark.parametrize(
    "profile",
    [
        {"first_name": "JOSE", "last_name": "o’brien", "email": "Jose@Example.com"},
        {"first_name": "José", "last_name": "O'Brien", "email": None},
        {"first_name": "", "last_name": None, "email": ""},
        {},
    ],
)
def test_case_accents_and_gaps_are_no_difference(profile: Mapping[str, Any]) -> None:
    """Only what both systems say can differ."""
    assert discrepancies.customer_differences(USER, profile) == []


def test_differences_say_both_values_and_blame_neither_side() -> None:
    """The rep decides which one is right."""
    profile = {**USER, "last_name": "Smith", "email": "j@example.com"}
    email, name = discrepancies.customer_differences(USER, profile)
    assert email["values"] == {"aurora": "jose@example.com", "profile": "j@example.com"}
    assert name["values"] == {"aurora": "José O'Brien", "profile": "José Smith"}
    assert name["message"] == (
        "The name differs: José O'Brien in Aurora, José Smith in the profile."
    )


LAPTOP = {"product_id": 1, "name": "Laptop Pro", "price": "1299.99", "stock_quantity": 5}


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({}, []),
        ({"price": Decimal("1299.990")}, []),
        ({"name": "laptop  PRO"}, []),
        ({"stock_quantity": None, "price": None}, []),
        ({"stock_quantity": 0}, ["stock_differs"]),
        ({"price": "1299.98"}, ["price_differs"]),
        (
            {"name": "Laptop", "price": "1", "stock_quantity": 6},
            ["product_name_differs", "price_differs", "stock_differs"],
        ),
    ],
)
def test_a_product_is_compared_by_name_price_and_stock(
    change: dict[str, Any], kinds: list[str]
) -> None:
    """Spelling and trailing zeros do not count, an empty stock does."""
    found = discrepancies.product_differences(LAPTOP, LAPTOP | change)
    assert [difference["kind"] for difference in found] == kinds


REVIEW = {"review_id": "REV009", "product_id": 1, "verified_purchase": True}


@pytest.mark.parametrize(
    ("review", "largest", "is_doubtful"),
    [
        (REVIEW, Decimal("1299.98"), True),
        (REVIEW, Decimal("1299.99"), False),
        (REVIEW, Decimal("5000"), False),
        (REVIEW, None, True),
        (REVIEW | {"verified_purchase": False}, None, False),
        (REVIEW | {"product_id": 77}, None, False),
        (REVIEW | {"product_id": 2}, None, False),
    ],
)
def test_a_verified_purchase_needs_an_order_that_reaches_the_price(
    review: dict[str, Any], largest: Decimal | None, is_doubtful: bool
) -> None:
    """To the cent; products unknown to Aurora, or without a price, are not judged."""
    products = {1: LAPTOP, 2: {"product_id": 2, "name": "Gift", "price": None}}
    found = discrepancies.verified_purchases_without_order("CUST001", [review], products, largest)
    assert [difference["kind"] for difference in found] == (
        ["verified_purchase_without_order"] if is_doubtful else []
    )


def test_without_any_order_the_message_says_so() -> None:
    """Rather than a largest order of nothing."""
    (found,) = discrepancies.verified_purchases_without_order("CUST5", [REVIEW], {1: LAPTOP}, None)
    assert found["message"].endswith("no order of CUST5 reaches that price (no orders).")


@pytest.mark.parametrize(
    ("holder", "is_near"),
    [
        ("Charlie Davis", False),
        ("CHARLIE DAVIS", False),
        ("Charles Davis", True),
        ("Charly Davis", True),
        ("Charlie Davies", True),
        ("C. Davis", True),
        ("Davis Charles", False),
        ("Jane Davis", False),
        ("Charlie Brown", False),
        ("", False),
    ],
)
def test_nearly_named_means_close_but_not_equal(holder: str, is_near: bool) -> None:
    """Short forms, initials and slips of the pen; not another member of the family."""
    assert discrepancies.is_nearly_named(["Charlie Davis"], holder) is is_near


def test_a_holder_with_one_of_several_names_is_not_nearly_named() -> None:
    """The profile may know a customer by another name than Aurora."""
    names = ["Charlie Davis", "Charles Davis"]
    assert not discrepancies.is_nearly_named(names, "Charles Davis")
    assert not discrepancies.is_nearly_named([], "Charles Davis")


@pytest.mark.parametrize(
    ("profile", "differs"),
    [
        ({"total_purchases": 1, "lifetime_value": "37.98"}, False),
        ({"total_purchases": 2, "lifetime_value": "37.98"}, True),
        ({"total_purchases": 1, "lifetime_value": "37.99"}, True),
        ({"total_purchases": 1, "lifetime_value": "37.980"}, False),
        ({"total_purchases": None, "lifetime_value": None}, False),
    ],
)
def test_lifetime_numbers_are_set_side_by_side(profile: dict[str, Any], differs: bool) -> None:
    """A difference is said to be one, with its likely reason, and is no error."""
    found = discrepancies.lifetime(1, "37.98", profile)
    assert (found["differs"], found["orders_total"]) == (differs, "37.98")
    assert ("longer time" in found["note"]) is differs


@settings(deadline=None)
@given(
    st.text(min_size=1, max_size=20),
    st.text(min_size=1, max_size=20),
    st.decimals(0, 10**6, places=2),
)
def test_a_record_never_differs_from_itself(first: str, last: str, price: Decimal) -> None:
    """Whatever is in it."""
    user = {"first_name": first, "last_name": last, "email": f"{first}@example.com"}
    product = {"product_id": 1, "name": first, "price": str(price), "stock_quantity": 0}
    assert discrepancies.customer_differences(user, dict(user)) == []
    assert discrepancies.product_differences(product, dict(product)) == []
    assert not discrepancies.is_nearly_named([full_name(user)], full_name(user))
