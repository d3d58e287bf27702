"""The profile target: a profile, customers by value, and whether a caller is who they say."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from tools import records, spelling
from tools.contract import Result, ToolFailure
from tools.dynamo import Store
from tools.gateway.arguments import wrong
from tools.gateway.handling import Clock, Handler, deployed, handler_of
from tools.gateway.verification import Verification
from tools.queries import Condition, Query, equals
from tools.records import PROFILE, TIERS, Item, plain, record

LISTED = (
    "customer_id", "first_name", "last_name", "tier", "lifetime_value", "total_purchases",
    "support_cases_count", "registration_date",
)  # fmt: skip
CANDIDATE = ("customer_id", "first_name", "last_name")

_MOST_CANDIDATES = 5
_COUNT_PAGES = 2  # some ten thousand; more is not worth the wait
_FEWEST_DIGITS = 5


def build_handler(
    client: Any, tables: Mapping[str, str], clock: Clock, *, allow_frozen_clock: bool = False
) -> Handler:
    """The target's handler over a boto3 DynamoDB client, tables ``profiles`` and ``verifications``.

    Tries to verify a caller are counted by ``clock``, whatever day a frozen clock shows.
    """
    store = Store(client, "profile")
    tools = _ProfileTools(store, tables["profiles"])
    verification = Verification(store, tables["profiles"], tables["verifications"], clock)
    operations = {
        "get_customer_profile": tools.get_customer_profile,
        "list_customer_profiles": tools.list_customer_profiles,
        "verify_customer": verification.verify_customer,
    }
    return handler_of("profile", operations, clock, allow_frozen_clock=allow_frozen_clock)


def lambda_handler(event: Any, context: Any) -> Result:
    """What Lambda calls."""
    return _deployed()(event, context)


@cache
def _deployed() -> Handler:
    return deployed(build_handler, ("profiles", "verifications"))


class _ProfileTools:
    def __init__(self, store: Store, table: str) -> None:
        self._store = store
        self._table = table

    def get_customer_profile(self, given: Mapping[str, Any], today: date) -> Result:
        if len(given) != 1:
            raise ToolFailure("invalid_input", "Give exactly one of customer_id, email, phone.")
        ((name, value),) = given.items()
        found = self._find(name, value)
        if len(found) > 1:
            candidates = [record(item, CANDIDATE) for item in found[:_MOST_CANDIDATES]]
            cut = len(found) > _MOST_CANDIDATES
            return {"found": True, "profile": None, "candidates": candidates, "truncated": cut}
        return {"found": bool(found), "profile": record(found[0], PROFILE) if found else None}

    def list_customer_profiles(self, given: Mapping[str, Any], today: date) -> Result:
        lowest, limit = given.get("min_lifetime_value"), given.get("limit", 10)
        if lowest is None and "tier" not in given:
            raise ToolFailure("invalid_input", "Give at least one of tier, min_lifetime_value.")
        if not 1 <= limit <= 50:
            raise wrong("limit", "must be from 1 to 50")
        queries = [self._tier_query(tier, lowest) for tier in _tiers(given.get("tier"))]
        with ThreadPoolExecutor(len(queries)) as pool:
            pages = list(pool.map(lambda query: self._store.query(query, limit=limit + 1), queries))
            more = any(page.next_key for page in pages)
            counts = list(pool.map(self._count, queries)) if more else [len(p.items) for p in pages]
        known = [count for count in counts if count is not None]
        items = heapq.merge(*(page.items for page in pages), key=_value, reverse=True)
        total = sum(known) if len(known) == len(counts) else None
        return {
            "profiles": [
                record(item, LISTED) for item, _ in zip(items, range(limit), strict=False)
            ],
            "total": total,
            "truncated": total is None or total > limit,
        }

    def _find(self, name: str, value: str) -> list[Item]:
        if name == "customer_id":
            customer_id = spelling.customer_id(value)
            if not customer_id:
                raise wrong("customer_id", "not a customer id")
            item = self._store.get(self._table, {"customer_id": customer_id}, PROFILE)
            return [item] if item else []
        if name == "email":
            key, reason = spelling.email(value), "not an e-mail address"
            usable = "@" in key.strip("@")
        else:
            key, reason = spelling.phone(value), "not a phone number"
            usable = len(key) >= _FEWEST_DIGITS
        if not usable:
            raise wrong(name, reason)
        query = Query(self._table, f"by_{name}", (equals(f"{name}_key", key),), PROFILE)
        return self._store.query(query, limit=_MOST_CANDIDATES + 1).items

    def _tier_query(self, tier: str, lowest: Decimal | None) -> Query:
        value = () if lowest is None else (Condition("lifetime_value", ">=", (lowest,)),)
        return Query(
            self._table, "by_tier", (equals("tier", tier), *value), LISTED, newest_first=True
        )

    def _count(self, query: Query) -> int | None:
        return self._store.count(query, pages=_COUNT_PAGES)


def _tiers(wanted: str | None) -> tuple[str, ...]:
    if wanted is None:
        return TIERS
    try:
        return (records.tier(wanted),)
    except ValueError:
        raise wrong("tier", f"must be one of {', '.join(TIERS)}") from None


def _value(item: Item) -> Decimal:
    value: Decimal = plain(item["lifetime_value"])
    return value
