"""The tool specs that the fake desk offers: the names and arguments of the real ones."""

from __future__ import annotations

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_FLAG: dict[str, Any] = {"type": "boolean"}
_STATUS: dict[str, Any] = {"type": "string", "enum": ["pending", "completed", "shipped"]}
_GROUPS: dict[str, Any] = {"type": "string", "enum": ["status", "customer", "month"]}


def _limit(most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most}


_ARGUMENTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "find_customers": ("aurora", {"query": _TEXT, "limit": _limit(20)}, ["query"]),
    "list_orders": (
        "aurora",
        {
            "customer_id": _TEXT,
            "status": _STATUS,
            "since": _TEXT,
            "until": _TEXT,
            "limit": _limit(50),
        },
        [],
    ),
    "get_order": ("aurora", {"order_id": _NUMBER}, ["order_id"]),
    "search_products": (
        "aurora",
        {
            "query": _TEXT,
            "category": _TEXT,
            "min_price": _TEXT,
            "max_price": _TEXT,
            "in_stock": _FLAG,
            "limit": _limit(50),
        },
        [],
    ),
    "summarize_orders": (
        "aurora",
        {
            "group_by": _GROUPS,
            "status": _STATUS,
            "since": _TEXT,
            "until": _TEXT,
            "limit": _limit(50),
        },
        ["group_by"],
    ),
    "query_database": ("aurora", {"sql": _TEXT}, ["sql"]),
    "get_product": ("catalog", {"product_id": _NUMBER}, ["product_id"]),
    "find_products": ("catalog", {"name": _TEXT, "category_id": _NUMBER, "limit": _limit(50)}, []),
    "list_reviews": (
        "catalog",
        {
            "product_id": _NUMBER,
            "customer_id": _TEXT,
            "min_rating": _NUMBER,
            "max_rating": _NUMBER,
            "limit": _limit(50),
            "cursor": _TEXT,
        },
        [],
    ),
    "get_review": ("catalog", {"review_id": _TEXT}, ["review_id"]),
    "rating_summary": ("catalog", {"product_id": _NUMBER}, ["product_id"]),
    "warranty___check_warranty_status": ("warranty", {"serial_number": _TEXT}, ["serial_number"]),
    "warranty___find_warranties": (
        "warranty",
        {"customer_name": _TEXT, "product_name": _TEXT},
        [],
    ),
    "profile___get_customer_profile": (
        "profile",
        {"customer_id": _TEXT, "email": _TEXT, "phone": _TEXT},
        [],
    ),
    "profile___list_customer_profiles": (
        "profile",
        {"tier": _TEXT, "min_lifetime_value": {"type": "number"}, "limit": _limit(50)},
        [],
    ),
    "profile___verify_customer": (
        "profile",
        {"customer_id": _TEXT, "date_of_birth": _TEXT, "phone_last4": _TEXT, "zip": _TEXT},
        ["customer_id"],
    ),
    "get_customer_360": ("local", {"customer_id": _TEXT}, ["customer_id"]),
    "compare_product_records": ("local", {"product_id": _NUMBER}, ["product_id"]),
}

SYSTEM_OF: dict[str, str] = {name: system for name, (system, _, _) in _ARGUMENTS.items()}
SPECS: dict[str, dict[str, Any]] = {
    name: {
        "name": name,
        "description": f"A fake of {name}.",
        "inputSchema": {"json": {"type": "object", "properties": properties, "required": required}},
    }
    for name, (_, properties, required) in _ARGUMENTS.items()
}
