"""Renames every customer, product, number, price and date of the records, from a seed."""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from deploy.seed.records import Record, Records

_FIRST = (
    "Ana Mateo Priya Yusuf Ingrid Tomasz Chloé Kwame Mei Rafael Siobhan Dmitri Amara Björn Leila"
    " Hugo Noor Anne-Marie Kenji Zsófia Oluwaseun Beatriz Marlon Farida"
).split()
_LAST = (
    "O'Brien García Nguyen Kowalski Okafor Haddad Lindqvist Petrova Yamamoto Fernandes Achterberg"
    " Mbeki Szabó Castellano Thorvald Iyer Delacroix Brankovic Whitlock D'Angelo Rahman Osei"
).split()
_KINDS = (
    "Kettle Lantern Backpack Tripod Umbrella Blender Projector Hammock Thermos Satchel Turntable"
    " Espresso Gazebo Trampoline Skillet Duvet Ladle Amplifier Spatula Humidifier"
).split()
_MAKES = (
    "Zorvex Nimbus Copper Alpine Velvet Carbon Bamboo Harbor Quartz Saffron Titan Juniper Cobalt"
    " Maple Ember Drift Willow Basalt Indigo Tundra"
).split()
_CATEGORIES = ("Outdoor Gear", "Kitchenware")
_WORDS = "sturdy bright heavy quiet lovely rough solid plain useful handsome sleek odd".split()


class Renaming:
    """One renaming of all records: the same seed gives the same names."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._numbers = self._random.sample(range(10, 99_999), 400)
        self._firsts = self._random.sample(_FIRST, 8)
        self._lasts = self._random.sample(_LAST, 8)
        self._products = self._product_names()
        self._order_shift = timedelta(days=self._random.randrange(500))
        self._other_shift = timedelta(days=self._random.randrange(300))

    def apply(self, records: Records) -> Records:
        """All records by their new names, tied together as before."""
        people = {u["customer_id"]: self._person(at) for at, u in enumerate(records.users)}
        names = {
            f"{u['first_name']} {u['last_name']}": people[u["customer_id"]] for u in records.users
        }
        things = {p["id"]: self._thing(at, p) for at, p in enumerate(records.products)}
        new_names = {p["name"]: things[p["id"]]["name"] for p in records.products}
        return Records(
            users=tuple(self._user(u, people) for u in records.users),
            products=tuple(things.values()),
            orders=self._orders(records, people),
            reviews=tuple(self._review(r, people, things) for r in records.reviews),
            catalog_products=tuple(
                self._catalogued(p, things[p["product_id"]], records)
                for p in records.catalog_products
            ),
            warranties=tuple(self._warranty(w, names, new_names) for w in records.warranties),
            customer_profiles=self._profiles(records, people),
        )

    def _person(self, at: int) -> dict[str, str]:
        first, last = self._firsts[at], self._lasts[at]
        plain = _plain(f"{first}_{last}")
        return {
            "customer_id": f"CUST{self._numbers.pop():03d}",
            "first_name": first,
            "last_name": last,
            "username": plain,
            "email": f"{plain.replace('_', '.')}@post.example",
        }

    def _user(self, user: Record, people: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        return {
            **user,
            **people[user["customer_id"]],
            "created_at": self._moved(user["created_at"], self._other_shift),
        }

    def _thing(self, at: int, product: Record) -> dict[str, Any]:
        category = _CATEGORIES[0 if product["category"] == "Electronics" else 1]
        stock = product["stock_quantity"]
        return {
            **product,
            "id": self._numbers.pop(),
            "name": self._products[at],
            "description": f"A {self._random.choice(_WORDS)} thing of type {at}",
            "price": Decimal(self._random.randrange(199, 99_999)) / 100,
            "category": category,
            "stock_quantity": stock and self._random.randrange(1, 999),
        }

    def _catalogued(
        self, product: Record, thing: Mapping[str, Any], records: Records
    ) -> dict[str, Any]:
        before = next(p for p in records.products if p["id"] == product["product_id"])
        same = before["stock_quantity"] == product["stock_quantity"]
        return {
            **product,
            "product_id": thing["id"],
            "name": thing["name"],
            "price": thing["price"],
            "stock_quantity": thing["stock_quantity"] + (0 if same else 7),
        }

    def _orders(
        self, records: Records, people: Mapping[str, Mapping[str, str]]
    ) -> tuple[dict[str, Any], ...]:
        """New numbers and amounts; the same orders stay above and below a hundred."""
        amounts = {1: (400, 900), 3: (101, 399), 2: (40, 60), 4: (61, 99), 5: (5, 39)}
        return tuple(
            {
                **order,
                "id": self._numbers.pop(),
                "customer_id": people[order["customer_id"]]["customer_id"],
                "total_amount": Decimal(self._random.randrange(*amounts[order["id"]]))
                + Decimal("0.49"),
                "order_date": self._moved(order["order_date"], self._order_shift),
            }
            for order in records.orders
        )

    def _review(
        self, review: Record, people: Mapping[str, Mapping[str, str]], things: Mapping[int, Any]
    ) -> dict[str, Any]:
        return {
            **review,
            "review_id": f"REV{self._numbers.pop():03d}",
            "product_id": things[review["product_id"]]["id"],
            "customer_id": people[review["customer_id"]]["customer_id"],
            "title": f"Quite {self._random.choice(_WORDS)} number {self._numbers.pop()}",
            "comment": f"It felt {self._random.choice(_WORDS)} from day {self._numbers.pop()}.",
        }

    def _warranty(
        self,
        warranty: Record,
        people: Mapping[str, Mapping[str, str]],
        products: Mapping[str, str],
    ) -> dict[str, Any]:
        holder = people.get(warranty["customer_name"])
        name = f"{holder['first_name']} {holder['last_name']}" if holder else self._misspelt(people)
        return {
            **warranty,
            "serial_number": self._serial(),
            "product_name": products.get(warranty["product_name"], self._products.pop()),
            "customer_name": name,
            "purchase_date": self._moved(warranty["purchase_date"], self._other_shift),
            "warranty_end_date": self._moved(warranty["warranty_end_date"], self._other_shift),
            "coverage_details": f"All {self._word()} parts, {self._numbers.pop()} of them",
        }

    def _misspelt(self, people: Mapping[str, Mapping[str, str]]) -> str:
        last = list(people.values())[-1]
        return f"{last['first_name'][:-1]}es {last['last_name']}"

    def _serial(self) -> str:
        letters = "".join(self._random.choices(string.ascii_uppercase, k=5))
        number, digit = self._random.randrange(100, 999), self._random.randrange(10)
        return f"{letters}{number}{letters[:1]}{digit}{letters[1:3]}"

    def _word(self) -> str:
        return self._random.choice(_WORDS)

    def _profiles(
        self, records: Records, people: Mapping[str, Mapping[str, str]]
    ) -> tuple[dict[str, Any], ...]:
        """New values, in the same order of lifetime value."""
        ranks = sorted(records.customer_profiles, key=lambda p: Decimal(p["lifetime_value"]))
        places = {p["customer_id"]: at for at, p in enumerate(ranks)}
        found = []
        for profile in records.customer_profiles:
            person = people[profile["customer_id"]]
            same_mail = profile["email"] == next(
                u["email"] for u in records.users if u["customer_id"] == profile["customer_id"]
            )
            value = 1000 * places[profile["customer_id"]] + self._random.randrange(1, 999)
            found.append(
                {
                    **profile,
                    **{key: person[key] for key in ("customer_id", "first_name", "last_name")},
                    "email": person["email"] if same_mail else f"other.{person['email']}",
                    "phone": f"+1-555-{self._random.randrange(1000, 9999)}",
                    "address": self._address(profile["address"]),
                    "registration_date": self._moved(
                        profile["registration_date"], self._other_shift
                    ),
                    "date_of_birth": self._moved(profile["date_of_birth"], self._order_shift),
                    "lifetime_value": Decimal(value) + Decimal("0.25"),
                    "notes": f"Prefers {self._random.choice(_WORDS)} things",
                }
            )
        return tuple(found)

    def _address(self, address: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **address,
            "street": f"{self._numbers.pop()} {self._random.choice(_MAKES)} Road",
            "city": f"{self._random.choice(_MAKES)}ville",
            "zip": f"{self._random.randrange(10000, 99999)}",
        }

    def _product_names(self) -> list[str]:
        kinds, makes = self._random.sample(_KINDS, 16), self._random.sample(_MAKES, 16)
        return [
            kind if at % 5 == 4 else f"{make} {kind}"
            for at, (make, kind) in enumerate(zip(makes, kinds, strict=True))
        ]

    @staticmethod
    def _moved(moment: Any, shift: timedelta) -> str:
        text = str(moment)
        return (date.fromisoformat(text[:10]) + shift).isoformat() + text[10:]


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in letters if c.isascii() and (c.isalnum() or c == "_"))
