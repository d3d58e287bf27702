"""A fake of the desk's tools over records in memory: the shapes of the real ones, none of their systems."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

from deploy.seed.records import Records
from tests.deploy.local.bedrock.understudy.fake_likeness import Row, close_rows
from tools import spelling

Result = dict[str, Any]


def day(row: Row, field: str) -> str:
    """The date of a timestamp."""
    return str(row[field])[:10]


def page(rows: list[Row], limit: int, key: str, **more: Any) -> Result:
    """A list result: the first rows, how many there are, and whether some were cut."""
    return {
        key: [dict(row) for row in rows[:limit]],
        "total": len(rows),
        "truncated": len(rows) > limit,
        **more,
    }


class FakeAurora:
    """Users, products and orders."""

    def __init__(self, records: Records) -> None:
        self.users = [{**u, "created_at": day(u, "created_at")} for u in records.users]
        self.products = [_aurora_product(p) for p in records.products]
        self.orders = sorted(
            (_order(o) for o in records.orders),
            key=lambda o: (o["order_date"], o["order_id"]),
            reverse=True,
        )

    def find_customers(self, query: str, limit: int = 5) -> Result:
        """Customers by id, user name, e-mail or name, exact before similar."""
        wanted = spelling.name(query)
        keys: list[tuple[str, Callable[[Row], bool]]] = [
            ("customer_id", lambda u: u["customer_id"] == spelling.customer_id(query)),
            ("username", lambda u: u["username"].casefold() == wanted),
            ("email", lambda u: u["email"].casefold() == spelling.email(query)),
            (
                "full_name",
                lambda u: wanted in (_full(u), " ".join(reversed(_full(u).split(" ", 1)))),
            ),
            ("first_name", lambda u: spelling.name(u["first_name"]) == wanted),
            ("last_name", lambda u: spelling.name(u["last_name"]) == wanted),
        ]
        for matched_by, fits in keys:
            if found := [{**u, "matched_by": matched_by} for u in self.users if fits(u)]:
                return page(found, limit, "customers")
        close = close_rows(self.users, query, _full) or close_rows(
            self.users, query, lambda u: u["first_name"]
        )
        rows = [{**u, "matched_by": "similar_name", "similarity": round(s, 2)} for u, s in close]
        return page(rows, limit, "customers")

    def list_orders(self, limit: int = 20, **given: Any) -> Result:
        """Orders that fit, newest first, with count and sum over all of them."""
        if not given:
            return {
                "error": {
                    "kind": "invalid_input",
                    "message": "Give one of them.",
                    "retryable": False,
                }
            }
        rows = list(self._orders(**given))
        more: Result = {
            "sum": str(sum((Decimal(o["total_amount"]) for o in rows), Decimal("0.00")))
        }
        if "customer_id" in given:
            known = any(u["customer_id"] == given["customer_id"] for u in self.users)
            more |= {"customer_id": given["customer_id"], "customer_known": known}
        return page(rows, limit, "orders", **more)

    def _orders(
        self, customer_id: str = "", status: str = "", since: str = "", until: str = ""
    ) -> Iterable[Row]:
        for order in self.orders:
            placed = order["order_date"][:10]
            if customer_id and order["customer_id"] != customer_id:
                continue
            if status and order["status"] != status:
                continue
            if (since and placed < since) or (until and placed > until):
                continue
            yield order

    def get_order(self, order_id: int) -> Result:
        """One order with its customer."""
        order = next((o for o in self.orders if o["order_id"] == int(order_id)), None)
        user = next(
            (u for u in self.users if order and u["customer_id"] == order["customer_id"]), None
        )
        kept = ("customer_id", "first_name", "last_name", "email", "username")
        return {
            "found": order is not None,
            "order": order,
            "customer": {k: user[k] for k in kept} if user else None,
        }

    def search_products(
        self,
        query: str = "",
        category: str = "",
        min_price: Any = None,
        max_price: Any = None,
        in_stock: bool | None = None,
        limit: int = 10,
    ) -> Result:
        """Products by name, number, category, price or stock."""
        rows: list[Row] = [
            p for p in self.products if self._fits(p, category, min_price, max_price, in_stock)
        ]
        matched_by = "filters"
        if query:
            rows, matched_by = _by_name(rows, query)
        return page(rows, limit, "products", matched_by=matched_by if rows else "none")

    @staticmethod
    def _fits(p: Row, category: str, low: Any, high: Any, in_stock: bool | None) -> bool:
        price = Decimal(p["price"])
        return (
            (not category or p["category"].casefold() == category.casefold())
            and (low is None or price >= Decimal(str(low)))
            and (high is None or price <= Decimal(str(high)))
            and (in_stock is None or (p["stock_quantity"] > 0) == in_stock)
        )

    def summarize_orders(self, group_by: str, limit: int = 12, **given: Any) -> Result:
        """Counts and sums by status, customer or month."""
        keys: dict[str, Callable[[Row], str]] = {
            "status": lambda o: o["status"],
            "customer": lambda o: o["customer_id"],
            "month": lambda o: o["order_date"][:7],
        }
        groups: dict[str, list[Decimal]] = defaultdict(list)
        for order in self._orders(**given):
            groups[keys[group_by](order)].append(Decimal(order["total_amount"]))
        rows: list[Row] = [
            {
                "key": key,
                "orders": len(amounts),
                "total_amount": str(sum(amounts)),
                **self._named(group_by, key),
            }
            for key, amounts in groups.items()
        ]
        rows.sort(key=_GROUP_ORDER[group_by])
        amounts = [amount for group in groups.values() for amount in group]
        overall = {"orders": len(amounts), "total_amount": str(sum(amounts, Decimal("0.00")))}
        return page(rows, limit, "groups", group_by=group_by, overall=overall)

    def query_database(self, sql: str) -> Result:
        """One SELECT over users, products and orders, run by SQLite."""
        with closing(sqlite3.connect(":memory:")) as database:
            for name, rows in (
                ("users", self.users),
                ("products", self.products),
                ("orders", self.orders),
            ):
                columns = ["id" if key in _IDS else key for key in rows[0]]
                database.execute(f"create table {name} ({', '.join(columns)})")
                marks = ", ".join("?" for _ in columns)
                database.executemany(
                    f"insert into {name} values ({marks})", [_plain(row) for row in rows]
                )
            found = database.execute(sql)
            names = [column[0] for column in found.description]
            rows_found = [
                [_shown(name, value) for name, value in zip(names, row, strict=True)]
                for row in found
            ]
        return {
            "columns": names,
            "rows": rows_found,
            "row_count": len(rows_found),
            "truncated": False,
        }

    def _named(self, group_by: str, key: str) -> Result:
        user = next(
            (u for u in self.users if group_by == "customer" and u["customer_id"] == key), None
        )
        return {"name": f"{user['first_name']} {user['last_name']}"} if user else {}


_IDS = ("order_id", "product_id")
_MONEY = ("total_amount", "price")


def _plain(row: Row) -> list[Any]:
    return [float(value) if key in _MONEY else value for key, value in row.items()]


def _shown(name: str, value: Any) -> Any:
    return f"{value:.2f}" if name in _MONEY else value


_GROUP_ORDER: dict[str, Callable[[Row], Any]] = {
    "status": lambda g: (-g["orders"], g["key"]),
    "customer": lambda g: -Decimal(g["total_amount"]),
    "month": lambda g: -int(g["key"].replace("-", "")),
}


def _by_name(rows: list[Row], query: str) -> tuple[list[Row], str]:
    wanted = spelling.name(query)
    if wanted.isdigit():
        return [p for p in rows if p["product_id"] == int(wanted)], "name"
    exact = [p for p in rows if spelling.name(p["name"]) == wanted]
    if not exact:
        exact = [p for p in rows if wanted in spelling.name(p["name"])]
    if exact:
        return exact, "name"
    return [row for row, _ in close_rows(rows, query, lambda p: p["name"])], "similar_name"


def _full(user: Row) -> str:
    return spelling.name(f"{user['first_name']} {user['last_name']}")


def _order(order: Row) -> Result:
    return {
        "order_id": order["id"],
        "customer_id": order["customer_id"],
        "total_amount": str(order["total_amount"]),
        "status": order["status"],
        "order_date": str(order["order_date"])[:10],
    }


def _aurora_product(product: Row) -> Result:
    kept = ("name", "description", "category", "stock_quantity")
    return {
        "product_id": product["id"],
        **{k: product[k] for k in kept},
        "price": str(product["price"]),
    }


class FakeCatalog:
    """Catalogue products and reviews."""

    def __init__(self, records: Records) -> None:
        self.products = [{**p, "price": str(p["price"])} for p in records.catalog_products]
        self.reviews = sorted(
            ({**r, "created_at": str(r["created_at"])} for r in records.reviews),
            key=lambda r: str(r["created_at"]),
            reverse=True,
        )

    def get_product(self, product_id: int) -> Result:
        """One catalogue product."""
        found = next((p for p in self.products if p["product_id"] == int(product_id)), None)
        return {"found": found is not None, "product": found}

    def find_products(
        self, name: str = "", category_id: int | None = None, limit: int = 10
    ) -> Result:
        """Catalogue products by name or category number."""
        rows: list[Row] = [p for p in self.products if category_id in (None, p["category_id"])]
        matched_by = "category"
        if name:
            rows, matched_by = _by_name(rows, name)
        return page(rows, limit, "products", matched_by=matched_by if rows else "none")

    def list_reviews(
        self,
        product_id: int | None = None,
        customer_id: str = "",
        min_rating: int = 1,
        max_rating: int = 5,
        limit: int = 20,
        cursor: str = "",
    ) -> Result:
        """Reviews by product, customer or rating, newest first."""
        rows: list[Row] = [
            r
            for r in self.reviews
            if product_id in (None, r["product_id"])
            and customer_id in ("", r["customer_id"])
            and min_rating <= r["rating"] <= max_rating
        ]
        return page(rows, limit, "reviews", cursor=None)

    def get_review(self, review_id: str) -> Result:
        """One review."""
        found = next(
            (r for r in self.reviews if r["review_id"] == spelling.review_id(review_id)), None
        )
        return {"found": found is not None, "review": found}

    def rating_summary(self, product_id: int) -> Result:
        """How a product is rated."""
        ratings = [r["rating"] for r in self.reviews if r["product_id"] == int(product_id)]
        average = f"{Decimal(sum(ratings)) / len(ratings):.2f}" if ratings else None
        verified = [
            r for r in self.reviews if r["product_id"] == int(product_id) and r["verified_purchase"]
        ]
        return {
            "product_id": product_id,
            "reviews": len(ratings),
            "average_rating": average,
            "ratings": {str(n): ratings.count(n) for n in range(1, 6)},
            "verified": len(verified),
            "truncated": False,
        }


class FakeWarranty:
    """Warranties, against one fixed day."""

    def __init__(self, records: Records, today: date) -> None:
        self.today = today
        self.warranties = [self._judged(w) for w in records.warranties]

    def _judged(self, warranty: Row) -> Result:
        left = (date.fromisoformat(warranty["warranty_end_date"]) - self.today).days
        started = date.fromisoformat(warranty["purchase_date"]) <= self.today
        status = ("active" if left >= 0 else "expired") if started else "not_started"
        return {**warranty, "status": status, "days_left": left}

    def check_warranty_status(self, serial_number: str) -> Result:
        """One warranty by its serial number."""
        wanted = spelling.serial_number(serial_number)
        found = next((w for w in self.warranties if w["serial_number"] == wanted), None)
        return {"found": found is not None, "as_of": self.today.isoformat(), "warranty": found}

    def find_warranties(self, customer_name: str = "", product_name: str = "") -> Result:
        """Warranties by holder or product, tied by name only."""
        rows: list[Row] = [{**w, "matched_by": "name"} for w in self.warranties]
        for field, said in (("customer_name", customer_name), ("product_name", product_name)):
            rows = _same_or_close(rows, said, field) if said else rows
        return page(rows, 20, "warranties", as_of=self.today.isoformat(), tie="by name")


def _same_or_close(rows: list[Row], said: str, field: str) -> list[Row]:
    same = [w for w in rows if spelling.name(w[field]) == spelling.name(said)]
    if same:
        return same
    close = [pair for pair in close_rows(rows, said, lambda w: w[field]) if pair[1] >= 0.45]
    return [{**w, "matched_by": "similar_name"} for w, _ in close]


class FakeProfiles:
    """Customer profiles, without dates of birth."""

    def __init__(self, records: Records) -> None:
        self.births = {p["customer_id"]: p["date_of_birth"] for p in records.customer_profiles}
        self.profiles: list[Row] = [
            {
                k: str(v) if k == "lifetime_value" else v
                for k, v in p.items()
                if k != "date_of_birth"
            }
            for p in records.customer_profiles
        ]

    def get_customer_profile(
        self, customer_id: str = "", email: str = "", phone: str = ""
    ) -> Result:
        """One profile by id, e-mail or phone."""
        found = [
            p
            for p in self.profiles
            if (customer_id and p["customer_id"] == spelling.customer_id(customer_id))
            or (email and p["email"].casefold() == spelling.email(email))
            or (phone and spelling.phone(p["phone"]) == spelling.phone(phone))
        ]
        return {"found": len(found) == 1, "profile": dict(found[0]) if len(found) == 1 else None}

    def list_customer_profiles(
        self, tier: str = "", min_lifetime_value: Any = None, limit: int = 10
    ) -> Result:
        """Profiles by tier or least lifetime value, richest first."""
        kept = (
            "customer_id",
            "first_name",
            "last_name",
            "tier",
            "lifetime_value",
            "total_purchases",
        )
        more = ("support_cases_count", "registration_date")
        rows: list[Row] = [
            {field: p[field] for field in kept + more}
            for p in sorted(self.profiles, key=lambda p: -Decimal(p["lifetime_value"]))
            if (not tier or p["tier"].casefold() == tier.casefold())
            and Decimal(p["lifetime_value"]) >= Decimal(str(min_lifetime_value or 0))
        ]
        return page(rows, limit, "profiles")

    def verify_customer(
        self, customer_id: str, date_of_birth: str = "", phone_last4: str = "", zip: str = ""
    ) -> Result:
        """Whether what a caller says fits the profile."""
        profile = next(
            (p for p in self.profiles if p["customer_id"] == spelling.customer_id(customer_id)),
            None,
        )
        checks = [
            (date_of_birth, self.births.get(customer_id, "")),
            (phone_last4, spelling.phone(profile["phone"])[-4:] if profile else ""),
            (zip, profile["address"]["zip"] if profile else ""),
        ]
        given = [(said, known) for said, known in checks if said]
        good = (
            profile is not None and len(given) >= 2 and all(said == known for said, known in given)
        )
        return {"status": "verified" if good else "not_verified", "attempts_left": 3 if good else 2}
