"""Oracles: what a case may speak of and expect, worked out from the records alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Any

from deploy.seed.records import Record, Records

_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def money(value: Any) -> str:
    """An amount as answers write it."""
    return f"${Decimal(str(value)):,.2f}"


def _average(values: list[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class World:
    """The records by the names that cases use: c1, o1, p1, r1, w1 and so on, and all."""

    records: Records
    today: date

    def names(self) -> dict[str, Any]:
        """What a template may name."""
        found: dict[str, Any] = {}
        for prefix, rows, facts in (
            ("c", self.records.users, self._customer),
            ("o", self.records.orders, self._order),
            ("p", self.records.products, self._product),
            ("r", self.records.reviews, self._review),
            ("w", self.records.warranties, self._warranty),
        ):
            for number, row in enumerate(rows, 1):
                found[f"{prefix}{number}"] = SimpleNamespace(**facts(row))
        found["all"] = SimpleNamespace(**self._all())
        return found

    def _customer(self, user: Record) -> dict[str, Any]:
        profile = next(
            p for p in self.records.customer_profiles if p["customer_id"] == user["customer_id"]
        )
        orders = [o for o in self.records.orders if o["customer_id"] == user["customer_id"]]
        name = f"{user['first_name']} {user['last_name']}"
        digits = "".join(c for c in profile["phone"] if c.isdigit())
        return {
            "id": user["customer_id"],
            "number": user["customer_id"].removeprefix("CUST"),
            "name": name,
            "name_lower": name.lower(),
            "first": user["first_name"],
            "last": user["last_name"],
            "username": user["username"],
            "email": user["email"],
            "registered": str(user["created_at"])[:10],
            "orders_total": money(
                sum((Decimal(str(o["total_amount"])) for o in orders), Decimal(0))
            ),
            "profile_email": profile["email"],
            "phone": profile["phone"],
            "phone_digits": digits,
            "last4": digits[-4:],
            "tier": profile["tier"],
            "tier_average": money(self._average_lifetime(profile["tier"])),
            "tier_lower": profile["tier"].lower(),
            "ltv": money(profile["lifetime_value"]),
            "cases": f"{profile['support_cases_count']} support case",
            "notes": profile["notes"],
            "birth": profile["date_of_birth"],
            **{key: profile["address"][key] for key in ("street", "city", "zip")},
        }

    def _average_lifetime(self, tier: str) -> Decimal:
        values = [
            Decimal(str(p["lifetime_value"]))
            for p in self.records.customer_profiles
            if p["tier"] == tier
        ]
        return _average(values)

    def _order(self, order: Record) -> dict[str, Any]:
        day = date.fromisoformat(str(order["order_date"])[:10])
        return {
            "id": order["id"],
            "total": money(order["total_amount"]),
            "status": order["status"],
            "date": day.isoformat(),
            "month": day.isoformat()[:7],
            "month_start": f"{day.isoformat()[:7]}-01",
            "month_words": f"{_MONTHS[day.month - 1]} {day.year}",
        }

    def _product(self, product: Record) -> dict[str, Any]:
        catalog = next(
            (p for p in self.records.catalog_products if p["product_id"] == product["id"]), None
        )
        ratings = [
            Decimal(r["rating"]) for r in self.records.reviews if r["product_id"] == product["id"]
        ]
        name = str(product["name"])
        return {
            "id": product["id"],
            "name": name,
            "name_lower": name.lower(),
            "typo": name.lower()[:2] + name.lower()[3:],
            "price": money(product["price"]),
            "stock": product["stock_quantity"],
            "catalog_stock": catalog["stock_quantity"] if catalog else None,
            "category": product["category"],
            "category_lower": str(product["category"]).lower(),
            "description": product["description"],
            "average": f"{sum(ratings) / len(ratings):.2f}" if ratings else None,
        }

    def _review(self, review: Record) -> dict[str, Any]:
        return {"id": review["review_id"], "title": review["title"], "comment": review["comment"]}

    def _warranty(self, warranty: Record) -> dict[str, Any]:
        end = date.fromisoformat(warranty["warranty_end_date"])
        serial = warranty["serial_number"]
        return {
            "serial": serial,
            "serial_lower": serial.lower(),
            "serial_dashed": f"{serial[:8]}-{serial[8:]}",
            "serial_spaced": re.sub(r"(?<=\D)(?=\d)", " ", serial, count=1)[:10] + " " + serial[9:],
            "product": warranty["product_name"],
            "holder": warranty["customer_name"],
            "end": end.isoformat(),
            "days": f"{(end - self.today).days} day",
            "status": "active" if end >= self.today else "expired",
            "coverage": warranty["coverage_details"],
        }

    def _all(self) -> dict[str, Any]:
        products = sorted(self.records.products, key=lambda p: Decimal(str(p["price"])))
        total = sum((Decimal(str(o["total_amount"])) for o in self.records.orders), Decimal(0))
        return {
            "orders_total": money(total),
            "order_average": money(total / len(self.records.orders)),
            "price_average": money(_average([Decimal(str(p["price"])) for p in products])),
            "rating_average": str(_average([Decimal(r["rating"]) for r in self.records.reviews])),
            "cheapest": products[0]["name"],
            "priciest": products[-1]["name"],
            "customers": len(self.records.users),
            "fields": len(fields(self.records)),
        }
