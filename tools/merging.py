"""Puts what the systems said about one customer or one product into one compact result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools import discrepancies, spelling
from tools.contract import Result, System
from tools.inquiry import Findings, Related, Reply, Row

REVIEWS_SHOWN = 10
WARRANTIES_SHOWN = 10


def customer_result(found: Findings) -> Result:
    """The result of ``get_customer_360``."""
    overview = found.overview.data or {}
    profile = found.profile.data
    reviews = (found.reviews.data or {}).get("reviews", [])
    warranties = warranties_of(found)
    return {
        "customer_id": found.customer_id,
        "found": bool(overview or profile or reviews),
        "customer": overview.get("customer"),
        "orders": overview.get("orders"),
        "profile": profile,
        "reviews": _shown_reviews(found.reviews),
        "warranties": _shown_warranties(found, warranties),
        "discrepancies": _customer_discrepancies(found, warranties),
        "lifetime": _lifetime(overview, profile),
        "information": [*_gaps(found), *_warranty_remarks(found, warranties)],
        "unavailable": _unavailable(
            found.overview, found.related, found.profile, found.reviews, *found.warranties
        ),
    }


def product_result(product_id: int, aurora: Reply[Related], catalog: Reply[Result]) -> Result:
    """The result of ``compare_product_records``."""
    sold = next(iter(aurora.data.products), None) if aurora.data else None
    listed = (catalog.data or {}).get("product")
    information = []
    if sold and listed is None and not catalog.failed:
        information.append(f"Product {product_id} ({sold['name']}) is not in the catalogue.")
    if listed and sold is None and not aurora.failed:
        information.append(
            f"Product {product_id} ({listed['name']}) is in the catalogue but not sold by us: "
            "Aurora does not know it."
        )
    unavailable = _unavailable(aurora, catalog)
    return {
        "product_id": product_id,
        "found": bool(sold or listed),
        "aurora": sold,
        "catalog": listed,
        "discrepancies": discrepancies.product_differences(sold, listed) if sold and listed else [],
        "information": information,
        "unavailable": unavailable,
    }


def warranties_of(found: Findings) -> list[Row]:
    """The warranties on the customer's name, then those on nearly that name.

    A holder with nearly the customer's name who is a customer too has warranties of their own.
    """
    rows = {
        row["serial_number"]: row
        for reply in found.warranties
        for row in (reply.data or {}).get("warranties", [])
    }
    own = {spelling.name(name) for name in found.names}
    namesakes = found.related.data.namesakes if found.related.data else None
    exact = [row for row in rows.values() if spelling.name(row["customer_name"]) in own]
    near = [
        {**row, "matched_by": "similar_name"}
        for row in rows.values()
        if discrepancies.is_nearly_named(found.names, row["customer_name"])
        and namesakes is not None
        and not namesakes.get(row["customer_name"])
    ]
    return exact + near


def _shown_reviews(reviews: Reply[Result]) -> Result | None:
    if reviews.data is None:
        return None
    rows = reviews.data["reviews"]
    cut = bool(reviews.data["truncated"])
    return {
        "reviews": rows[:REVIEWS_SHOWN],
        "total": reviews.data["total"] if cut else len(rows),
        "truncated": cut or len(rows) > REVIEWS_SHOWN,
    }


def _shown_warranties(found: Findings, rows: Sequence[Row]) -> Result | None:
    answers = [reply.data for reply in found.warranties if reply.data is not None]
    if not answers:
        return None
    cut = any(answer["truncated"] for answer in answers)
    return {
        "tie": "by name",
        "warranties": list(rows[:WARRANTIES_SHOWN]),
        "total": None if cut else len(rows),
        "truncated": cut or len(rows) > WARRANTIES_SHOWN,
    }


def _customer_discrepancies(found: Findings, warranties: Sequence[Row]) -> list[Result]:
    overview, profile = found.overview.data, found.profile.data
    user = (overview or {}).get("customer")
    differences = discrepancies.customer_differences(user, profile) if user and profile else []
    differences += discrepancies.warranty_name_differences(found.names, warranties)
    if found.reviews.data and found.related.data:
        differences += discrepancies.verified_purchases_without_order(
            found.customer_id,
            found.reviews.data["reviews"],
            {product["product_id"]: product for product in found.related.data.products},
            (overview or {}).get("largest_order"),
        )
    return differences


def _lifetime(overview: Mapping[str, Any], profile: Row | None) -> Result | None:
    if not overview or not profile:
        return None
    orders = overview["orders"]
    return discrepancies.lifetime(orders["total"], orders["sum"], profile)


def _gaps(found: Findings) -> list[str]:
    """What a system that answered does not know although another one does."""
    remarks = []
    if found.profile.data and found.overview.data is None and not found.overview.failed:
        remarks.append(
            f"{found.customer_id} has a profile but is not among the customers in Aurora."
        )
    if found.overview.data and found.profile.data is None and not found.profile.failed:
        remarks.append(f"{found.customer_id} has no profile.")
    if not found.names and (found.overview.failed or found.profile.failed):
        remarks.append("No system gave the customer's name, so warranties could not be looked up.")
    return remarks


def _warranty_remarks(found: Findings, warranties: Sequence[Row]) -> list[str]:
    """What the ties by name are worth: products that we do not sell, customers of one name."""
    if found.related.data is None or not warranties:
        return []
    sold = {spelling.name(product["name"]) for product in found.related.data.products}
    unsold = [row for row in warranties if spelling.name(row["product_name"]) not in sold]
    remarks = [
        f"{row['product_name']} ({row['serial_number']}) is under warranty but not sold by us."
        for row in unsold[:WARRANTIES_SHOWN]
    ]
    for name in found.names:
        namesakes = found.related.data.namesakes.get(name, 0)
        if namesakes > 1:
            remarks.append(
                f"{namesakes} customers are called {name}; a warranty on that name may be "
                "another one's."
            )
    return remarks


def _unavailable(*replies: Reply[Any]) -> list[System]:
    """The systems that could not be asked, each once."""
    return list(dict.fromkeys(reply.system for reply in replies if reply.failed))
