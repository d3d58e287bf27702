"""Compares what the systems say about one customer or one product, and names each difference.

Pure functions over tool results. A difference is said with both values and blames neither side.
What one system simply does not know is information, not a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools import likeness, spelling
from tools.contract import Result

Row = Mapping[str, Any]

KINDS = (
    "email_differs",
    "name_differs",
    "warranty_name_differs",
    "verified_purchase_without_order",
    "stock_differs",
    "price_differs",
    "product_name_differs",
)

LIFETIME_NOTE = "The profile counts over a longer time than the orders in Aurora."


def customer_differences(user: Row, profile: Row) -> list[Result]:
    """Where the customer's row and profile disagree on e-mail or name."""
    found = []
    if _differ(user, profile, ("email",), spelling.email):
        emails = user["email"], profile["email"]
        found.append(_difference("email_differs", "The e-mail", emails[0], "profile", emails[1]))
    if _differ(user, profile, ("first_name", "last_name"), spelling.name):
        names = full_name(user), full_name(profile)
        found.append(_difference("name_differs", "The name", names[0], "profile", names[1]))
    return found


def verified_purchases_without_order(
    customer_id: str,
    reviews: Iterable[Row],
    products: Mapping[int, Row],
    largest_order: Decimal | None,
) -> list[Result]:
    """Reviews marked as verified purchases of products dearer than any order of the customer.

    What was in an order is not known, so this is the one check that the data allows. A product
    that Aurora does not know, or has no price for, is not judged.
    """
    orders = "no orders" if largest_order is None else f"largest order {largest_order}"
    found = []
    for review in reviews:
        product = products.get(review["product_id"], {})
        name, price = product.get("name"), product.get("price")
        if not review.get("verified_purchase") or price is None:
            continue
        if largest_order is not None and largest_order >= Decimal(price):
            continue
        claim = f"{review['review_id']} is marked as a verified purchase of {name}"
        found.append(
            {
                "kind": "verified_purchase_without_order",
                "message": f"Review {claim} ({price}), but no order of {customer_id} reaches "
                f"that price ({orders}).",
                "values": {"catalog": claim, "aurora": f"price {price}, {orders}"},
            }
        )
    return found


def warranty_name_differences(names: Sequence[str], warranties: Iterable[Row]) -> list[Result]:
    """Warranties whose holder is nearly, but not exactly, called as the customer is.

    ``names`` are the customer's full names, the one from Aurora first.
    """
    return [
        {
            "kind": "warranty_name_differs",
            "message": f"Warranty {warranty['serial_number']} ({warranty['product_name']}) is on "
            f"{warranty['customer_name']}, but the customer is {names[0]}; a warranty is tied to "
            "a customer by name only.",
            "values": {"aurora": names[0], "warranty": warranty["customer_name"]},
        }
        for warranty in warranties
        if is_nearly_named(names, warranty["customer_name"])
    ]


def is_nearly_named(names: Sequence[str], holder: str) -> bool:
    """Whether the holder's name is none of the customer's, but close enough to be one person's."""
    if not names or any(spelling.name(name) == spelling.name(holder) for name in names):
        return False
    person = likeness.person(holder)
    return any(likeness.near_person(likeness.person(name), person) > 0 for name in names)


def product_differences(aurora: Row, catalog: Row) -> list[Result]:
    """Where Aurora and the catalogue disagree on a product's name, price or stock."""
    checks: tuple[tuple[str, str, str, Callable[[str], Any]], ...] = (
        ("product_name_differs", "name", "The name of product {id}", spelling.name),
        ("price_differs", "price", "The price of {name}", Decimal),
        ("stock_differs", "stock_quantity", "The stock of {name}", int),
    )
    words = {"id": aurora["product_id"], "name": aurora["name"]}
    return [
        _difference(kind, what.format(**words), aurora[field], "catalog", catalog[field])
        for kind, field, what, comparable in checks
        if _differ(aurora, catalog, (field,), comparable)
    ]


def lifetime(orders: int, orders_total: str | None, profile: Row) -> Result:
    """The orders in Aurora beside what the profile counts; a difference here is no error."""
    purchases, value = profile.get("total_purchases"), profile.get("lifetime_value")
    total = Decimal(orders_total or 0)
    differs = (purchases is not None and purchases != orders) or (
        value is not None and Decimal(value) != total
    )
    return {
        "orders": orders,
        "orders_total": f"{total:.2f}",
        "profile_total_purchases": purchases,
        "profile_lifetime_value": value,
        "differs": differs,
        "note": LIFETIME_NOTE if differs else "Both agree.",
    }


def full_name(row: Row) -> str:
    """First and last name as they are shown, with one blank between."""
    parts = (row.get("first_name") or "", row.get("last_name") or "")
    return " ".join(part.strip() for part in parts if part.strip())


def _differ(one: Row, other: Row, fields: Iterable[str], comparable: Callable[[str], Any]) -> bool:
    """Whether both know a field and say different things in it."""
    for field in fields:
        left, right = one.get(field), other.get(field)
        if None in (left, right) or "" in (left, right):
            continue
        if comparable(str(left)) != comparable(str(right)):
            return True
    return False


def _difference(kind: str, what: str, aurora: object, system: str, value: object) -> Result:
    place = "the profile" if system == "profile" else "the catalogue"
    return {
        "kind": kind,
        "message": f"{what} differs: {aurora} in Aurora, {value} in {place}.",
        "values": {"aurora": aurora, system: value},
    }
