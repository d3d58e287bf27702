"""Makes a DynamoDB item of a record, with the attributes that look-ups use, and the reverse.

Standard library only, because the Lambda handlers of the gateway share it. Items are
DynamoDB's typed JSON (``{"S": "…"}``), as a boto3 client takes and gives them; a number is a
Decimal on our side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tools import likeness, spelling

Record = Mapping[str, Any]
Item = dict[str, Any]

TIERS = ("Standard", "Premium", "Gold", "VIP")
MAX_ID = 2**53  # the largest number that every JSON reader keeps exact
SHELF = "catalogue"  # the one partition of the index that holds every product's name

REVIEW = (
    "review_id", "product_id", "customer_id", "rating", "title", "comment", "verified_purchase",
    "created_at",
)  # fmt: skip
PRODUCT = (
    "product_id", "name", "description", "price", "category_id", "stock_quantity", "created_at",
)  # fmt: skip
WARRANTY = (
    "serial_number", "product_name", "customer_name", "warranty_type", "purchase_date",
    "warranty_end_date", "coverage_details",
)  # fmt: skip
PROFILE = (
    "customer_id", "first_name", "last_name", "email", "phone", "address", "registration_date",
    "tier", "communication_preferences", "support_cases_count", "total_purchases",
    "lifetime_value", "notes",
)  # fmt: skip
NO_GIVEN_NAME = "-"  # a key of an index is never empty
BIRTH = "date_of_birth"  # stored, matched against, in no index and never read out

_NUMBERS = frozenset(
    ("product_id", "rating", "price", "category_id", "stock_quantity")
    + ("support_cases_count", "total_purchases", "lifetime_value")
)
_MONEY = frozenset(("price", "lifetime_value"))


def review_item(record: Record) -> Item:
    """The item of one review, its ids in canonical spelling."""
    return _item(
        record,
        REVIEW,
        review_id=spelling.review_id(str(record["review_id"])),
        customer_id=spelling.customer_id(str(record["customer_id"])),
    )


def catalog_product_item(record: Record) -> Item:
    """The item of one catalogue product, with its name's key on the shelf of all names."""
    return _item(record, PRODUCT, shelf=SHELF, name_key=spelling.name(str(record["name"])))


def warranty_item(record: Record) -> Item:
    """The item of one warranty, its holder and product findable by how their names sound."""
    holder = likeness.person(str(record["customer_name"]))
    words = likeness.words(str(record["product_name"]))
    return _item(
        record,
        WARRANTY,
        serial_number=spelling.serial_number(str(record["serial_number"])),
        holder_last_key=holder.last,
        holder_given_key=holder.given or NO_GIVEN_NAME,
        holder_sound=likeness.sound(holder.last),
        holder_formal_key=f"{likeness.formal_names(holder.given)[0]} {holder.last}",
        product_sound=likeness.sound(words[0]),
        product_tail_sound=likeness.sound(words[-1]),
        product_key=" ".join(words),
    )


def profile_item(record: Record) -> Item:
    """The item of one customer profile, findable by any spelling of its e-mail and phone.

    Raises:
        ValueError: the tier is none of ``TIERS``, which the list over all tiers goes through.
    """
    return _item(
        record,
        (*PROFILE, BIRTH),
        customer_id=spelling.customer_id(str(record["customer_id"])),
        tier=tier(str(record["tier"])),
        email_key=spelling.email(str(record.get("email") or "")),
        phone_key=spelling.phone(str(record.get("phone") or "")),
    )


def tier(text: str) -> str:
    """A tier in the spelling it is stored in, whatever the case.

    Raises:
        ValueError: there is no such tier.
    """
    for known in TIERS:
        if known.casefold() == text.strip().casefold():
            return known
    raise ValueError(f"tier must be one of {', '.join(TIERS)}")


def record(item: Mapping[str, Any], attributes: Iterable[str]) -> dict[str, Any]:
    """The named attributes of an item as JSON data: money as a string, other numbers as numbers.

    Derived attributes and whatever else is stored beside the named ones stay behind.
    """
    return {name: _shown(name, plain(item[name])) for name in attributes if name in item}


def attribute(value: Any) -> dict[str, Any]:
    """A value as DynamoDB's typed JSON."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | Decimal():
            return {"N": str(value)}
        case Mapping():
            return {"M": {str(name): attribute(inner) for name, inner in value.items()}}
        case list() | tuple():
            return {"L": [attribute(inner) for inner in value]}
    raise TypeError(f"no DynamoDB type for {type(value).__name__}")


def plain(typed: Mapping[str, Any]) -> Any:
    """The value of one attribute in DynamoDB's typed JSON."""
    ((kind, value),) = typed.items()
    match kind:
        case "N":
            return Decimal(value)
        case "M":
            return {name: plain(inner) for name, inner in value.items()}
        case "L":
            return [plain(inner) for inner in value]
        case "NULL":
            return None
    return value


def _item(record: Record, attributes: Iterable[str], **derived: str) -> Item:
    """The record's attributes and the derived ones; an empty derived key stays out of its index."""
    values = {name: _stored(name, record[name]) for name in attributes if name in record}
    values |= derived
    return {name: attribute(value) for name, value in values.items() if value not in (None, "")}


def _stored(name: str, value: Any) -> Any:
    return Decimal(str(value)) if name in _NUMBERS and value is not None else value


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        if name in _MONEY:
            return f"{value:.2f}"
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, dict):
        return {inner: _shown(inner, held) for inner, held in value.items()}
    return value
