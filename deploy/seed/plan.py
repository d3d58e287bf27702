"""What a generated set of data holds: sizes, products, and who gets a planted difference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from deploy.seed.chance import seeded
from deploy.seed.rare_names import RareNames
from tools import spelling

FIRST_NUMBER = 1000  # generated customers, products, orders and reviews are numbered from here on
BLOCK = 1000  # customers made together from one seed
MOST_PLANTED = 100  # of each kind
CHEAP_CENTS = 40_000  # a customer with a doubtful review has no order above this
DEAR_CENTS = 249_999  # and reviewed a product at this price or a higher one

CUSTOMER_KINDS = (
    "email_differs",
    "name_differs",
    "warranty_name_differs",
    "verified_purchase_without_order",
)
PRODUCT_KINDS = ("stock_differs", "price_differs", "product_name_differs")

Planted = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make; equal sizes make equal data.

    Args:
        customers: users in Aurora, with ``orders_per_customer`` orders each on average.
        dynamodb_customers: how many of them have a profile, reviews and warranties as well.
        seed: another seed makes other data of the same size.
    """

    customers: int
    orders_per_customer: int = 5
    dynamodb_customers: int = 0
    seed: int = 0

    @property
    def orders(self) -> int:
        """Exactly so many orders are made."""
        return self.customers * self.orders_per_customer

    @property
    def products(self) -> int:
        """One product for fifty customers, within reason."""
        return max(40, min(2000, self.customers // 50)) if self.customers else 0

    def text(self) -> str:
        """The size as it is stored beside the data, in letters that a table's tag may hold."""
        return " ".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))

    @classmethod
    def from_text(cls, text: str) -> Size:
        """The size that ``text()`` described."""
        return cls(
            **{name: int(value) for name, value in (part.split("=") for part in text.split())}
        )


@dataclass(frozen=True, slots=True)
class Product:
    """One generated product; ``in_catalog`` says whether the catalogue has it too."""

    product_id: int
    name: str
    cents: int
    category_id: int
    category: str
    stock: int
    in_catalog: bool
    planted: str | None

    @property
    def price(self) -> Decimal:
        """The price in Aurora."""
        return Decimal(self.cents) / 100

    @property
    def description(self) -> str:
        """A sentence about it."""
        return f"{self.name} for {self.category.lower()}"


@dataclass(frozen=True, slots=True)
class Customer:
    """One generated customer, before the records are made."""

    index: int
    first_name: str
    last_name: str
    created: int  # days after the first day of the data
    planted: str | None

    @property
    def customer_id(self) -> str:
        """The id in its canonical spelling."""
        return f"CUST{FIRST_NUMBER + self.index}"

    @property
    def name(self) -> str:
        """The full name, as warranties have it."""
        return f"{self.first_name} {self.last_name}"

    @property
    def has_doubtful_review(self) -> bool:
        """Whether a review is planted that no order may bear out."""
        return self.planted == "verified_purchase_without_order"

    @property
    def username(self) -> str:
        """A user name that nobody else has."""
        last = _plain(self.last_name)
        return f"{_plain(self.first_name)[:1]}{last[:30]}{FIRST_NUMBER + self.index}"

    @property
    def email(self) -> str:
        """An address that nobody else has, in a domain that nobody can own."""
        first, last = _plain(self.first_name), _plain(self.last_name)
        return f"{first}.{last[:40]}{FIRST_NUMBER + self.index}@example.com"


@dataclass(frozen=True, slots=True)
class ReservedName:
    """The name of a customer in Aurora, and the last name that the profile says."""

    first_name: str
    last_name: str
    profile_last_name: str


@dataclass(frozen=True)
class Plan:
    """Everything that is decided before the first customer is made."""

    size: Size
    words: Mapping[str, str] = field(default_factory=lambda: read_words())

    @cached_property
    def planted_per_kind(self) -> int:
        """A few in a small set, at most ``MOST_PLANTED`` in a large one."""
        return max(1, min(MOST_PLANTED, self.size.dynamodb_customers // 100))

    @cached_property
    def planted_customers(self) -> dict[int, str]:
        """Index of a customer -> kind of difference, among those that have a profile."""
        wanted = self.planted_per_kind * len(CUSTOMER_KINDS)
        if wanted > self.size.dynamodb_customers:
            return {}
        chance = seeded(self.size.seed, "planted")
        chosen = chance.sample(range(self.size.dynamodb_customers), wanted)
        kinds = CUSTOMER_KINDS * self.planted_per_kind
        return dict(zip(chosen, kinds, strict=True))

    @cached_property
    def reserved_names(self) -> dict[int, ReservedName]:
        """A name that nobody else has, or nearly has, for each customer with a difference."""
        rare = RareNames(self.words["first_names"].split()[:120], self._rare_surnames)
        names = {}
        for index, kind in sorted(self.planted_customers.items()):
            first_name, last_name = rare.take()
            other = rare.take_surname(first_name) if kind == "name_differs" else last_name
            names[index] = ReservedName(first_name, last_name, other)
        return names

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """The generated products, the same for every block of customers."""
        return tuple(self._make_products(seeded(self.size.seed, "products")))

    @cached_property
    def _rare_surnames(self) -> list[str]:
        parts = product(self.words["rare_starts"].split(), self.words["rare_ends"].split())
        surnames = [start + end for start, end in parts]
        seeded(self.size.seed, "surnames").shuffle(surnames)
        return surnames

    def _make_products(self, chance: Random) -> Iterator[Product]:
        adjectives, nouns = self.words["adjectives"].split(), self.words["nouns"].split()
        categories = self.words["categories"].split("|")
        planted = self._planted_products(chance)
        for index in range(self.size.products):
            category = chance.randrange(len(categories))
            # Some products are dear in every set: all but the cheapest orders leave them unreached.
            cents = int(min(229_999, max(199, chance.lognormvariate(8.6, 1.1)))) // 10 * 10 + 9
            yield Product(
                product_id=FIRST_NUMBER + 1 + index,
                name=f"{chance.choice(adjectives)} {nouns[index % len(nouns)]} {100 + index}",
                cents=cents if index % 40 else DEAR_CENTS,
                category_id=category + 1,
                category=categories[category],
                stock=0 if chance.random() < 0.08 else chance.randrange(1, 400),
                in_catalog=index in planted or index % 40 == 0 or chance.random() < 0.85,
                planted=planted.get(index),
            )

    def _planted_products(self, chance: Random) -> dict[int, str]:
        if not self.planted_customers:
            return {}
        each = min(self.planted_per_kind, self.size.products // 10)
        chosen = chance.sample(range(1, self.size.products), each * len(PRODUCT_KINDS))
        return dict(zip(chosen, PRODUCT_KINDS * each, strict=True))


def read_words() -> Mapping[str, str]:
    """The words that names, products and reviews are made of, from the file beside this module."""
    words = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return {str(name): str(text) for name, text in words.items()}


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """The letters of a name that an e-mail address may hold."""
    return re.sub(r"[^a-z]", "", spelling.name(name)) or "customer"
