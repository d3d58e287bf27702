"""A fake of the tools that ask Aurora, over records in memory."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from decimal import Decimal
from typing import Any

from deploy.seed.records import Records
from tests.deploy.local.bedrock.understudy.fake_likeness import close_rows
from tests.deploy.local.bedrock.understudy.fake_rows import Result, Row, day, page, products_named
from tools import spelling


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
            rows, matched_by = products_named(rows, query)
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
