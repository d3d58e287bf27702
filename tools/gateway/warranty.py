"""The warranty target: one by serial number, or all that fit a holder's or product's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from tools import spelling
from tools.contract import Result, ToolFailure
from tools.dynamo import Store
from tools.gateway.arguments import wrong
from tools.gateway.handling import Clock, Handler, deployed, handler_of
from tools.gateway.warranty_names import find_by_holder, find_by_product, of_product
from tools.records import WARRANTY, Item, record

MOST = 20


def build_handler(
    client: Any, tables: Mapping[str, str], clock: Clock, *, allow_frozen_clock: bool = False
) -> Handler:
    """The target's handler over a boto3 DynamoDB client and the table ``warranties``."""
    tools = _WarrantyTools(Store(client, "warranty"), tables["warranties"])
    operations = {
        "check_warranty_status": tools.check_warranty_status,
        "find_warranties": tools.find_warranties,
    }
    return handler_of("warranty", operations, clock, allow_frozen_clock=allow_frozen_clock)


def lambda_handler(event: Any, context: Any) -> Result:
    """What Lambda calls."""
    return _deployed()(event, context)


@cache
def _deployed() -> Handler:
    return deployed(build_handler, ("warranties",))


class _WarrantyTools:
    def __init__(self, store: Store, table: str) -> None:
        self._store = store
        self._table = table

    def check_warranty_status(self, given: Mapping[str, Any], today: date) -> Result:
        serial_number = spelling.serial_number(given["serial_number"])
        if not serial_number:
            raise wrong("serial_number", "not a serial number")
        item = self._store.get(self._table, {"serial_number": serial_number}, WARRANTY)
        return {
            "found": item is not None,
            "as_of": today.isoformat(),
            "warranty": _shown(item, today) if item else None,
        }

    def find_warranties(self, given: Mapping[str, Any], today: date) -> Result:
        customer, product = given.get("customer_name"), given.get("product_name")
        if customer is not None:
            found = find_by_holder(self._store, self._table, customer)
            if product is not None:
                found = of_product(found, product)
        elif product is not None:
            found = find_by_product(self._store, self._table, product, most=MOST)
        else:
            raise ToolFailure("invalid_input", "Give at least one of customer_name, product_name.")
        return {
            "as_of": today.isoformat(),
            "tie": "by name",
            "warranties": [
                _shown(item, today) | {"matched_by": found.matched_by}
                for item in found.items[:MOST]
            ],
            "total": found.total,
            "truncated": found.total is None or found.total > MOST,
        }


def _shown(item: Item, today: date) -> Result:
    shown = record(item, WARRANTY)
    start, end = (_day(shown.get(name)) for name in ("purchase_date", "warranty_end_date"))
    status = None
    if end is not None:
        status = "active" if today <= end else "expired"
        if start is not None and today < start:
            status = "not_started"
    return shown | {"status": status, "days_left": (end - today).days if end else None}


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
