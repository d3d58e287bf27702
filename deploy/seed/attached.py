"""Makes what DynamoDB holds of one generated customer, with a difference planted in some."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from deploy.seed.chance import seeded
from deploy.seed.plan import DEAR_CENTS, FIRST_NUMBER, Customer, Plan, Planted, Product
from deploy.seed.rare_names import misspelt
from tools.records import TIERS

LAST_DAY = 2860  # reviews and orders end with October 2026, counted from the first day
REVIEWS_EACH = 4  # at most; so many numbers are set aside for each customer
TIER_WEIGHTS = (60, 25, 11, 4)
SYSTEMS = {
    "email_differs": "profile",
    "name_differs": "profile",
    "warranty_name_differs": "warranty",
    "verified_purchase_without_order": "catalog",
}
WARRANTY_YEARS = {"Standard": 1, "Premium": 3, "Extended": 5}


@dataclass(slots=True)
class Attached:
    """One customer's records in DynamoDB, and what was planted among them."""

    profile: dict[str, object]
    reviews: list[dict[str, object]] = field(default_factory=list)
    warranties: list[dict[str, object]] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)


class AttachedMaker:
    """Makes profiles, reviews and warranties, the same for a customer whatever was made before."""

    def __init__(self, plan: Plan, first_day: date) -> None:
        self._plan = plan
        self._first_day = first_day
        self._words = {name: text.split("|") for name, text in plan.words.items()}
        self._catalog = sorted(
            (product for product in plan.products if product.in_catalog),
            key=lambda product: (product.cents, product.product_id),
        )
        self._prices = [product.cents for product in self._catalog]
        self._dear = bisect_right(self._prices, DEAR_CENTS - 1)
        self._first_names = frozenset(plan.words["first_names"].casefold().split())

    def make(self, customer: Customer, orders: Sequence[int]) -> Attached:
        """All records of one customer, whose orders have these totals in cents."""
        largest_cents = max(orders, default=0)
        chance = seeded(self._plan.size.seed, "attached", customer.index)
        made = Attached(profile=self._profile(customer, len(orders), sum(orders), chance))
        made.reviews.extend(self._reviews(customer, largest_cents, chance))
        made.warranties.extend(self._warranties(customer, chance))
        if customer.planted:
            made.planted.append(self._plant(customer, made, largest_cents, chance))
        first = FIRST_NUMBER + customer.index * REVIEWS_EACH
        for place, review in enumerate(made.reviews):
            review["review_id"] = f"REV{first + place}"
        return made

    def _plant(
        self, customer: Customer, made: Attached, largest_cents: int, chance: Random
    ) -> Planted:
        """Make one record disagree with Aurora in the way that the customer was chosen for."""
        aurora: str = customer.name
        match customer.planted:
            case "email_differs":
                aurora = customer.email
                other = made.profile["email"] = aurora.replace("@example.com", "@example.net")
            case "name_differs":
                made.profile["last_name"] = self._plan.reserved_names[
                    customer.index
                ].profile_last_name
                other = f"{customer.first_name} {made.profile['last_name']}"
            case "warranty_name_differs":
                other = f"{misspelt(customer.first_name, self._first_names)} {customer.last_name}"
                number = f"{FIRST_NUMBER + customer.index}9"
                made.warranties.append(self._warranty(other, number, chance))
            case _:
                dear = chance.choice(self._catalog[self._dear :])
                made.reviews.append(self._review(customer, dear, True, chance))
                aurora = f"largest order {_money(largest_cents)}" if largest_cents else "no orders"
                other = f"{dear.name}, {_money(dear.cents)}"
        return {
            "kind": customer.planted,
            "customer_id": customer.customer_id,
            "values": {"aurora": aurora, SYSTEMS[str(customer.planted)]: other},
        }

    def _profile(
        self, customer: Customer, orders: int, total: int, chance: Random
    ) -> dict[str, object]:
        number = FIRST_NUMBER + customer.index
        city, state, postcode = chance.choice(self._words["cities"]).split(",")
        longer = chance.random() < 0.4  # the profile counts over a longer time than Aurora
        return {
            "customer_id": customer.customer_id,
            "first_name": customer.first_name,
            "last_name": customer.last_name,
            "email": customer.email,
            "phone": f"+1-{200 + number // 10_000 % 800}-555-{number % 10_000:04d}",
            "address": {
                "street": f"{chance.randrange(1, 999)} {chance.choice(self._words['streets'])}",
                "city": city,
                "state": state,
                "zip": postcode,
                "country": "USA",
            },
            "date_of_birth": (date(1945, 1, 1) + timedelta(chance.randrange(22_000))).isoformat(),
            "registration_date": self._day(customer.created),
            "tier": chance.choices(TIERS, weights=TIER_WEIGHTS)[0],
            "communication_preferences": {
                way: chance.random() < share
                for way, share in (("email", 0.8), ("sms", 0.4), ("phone", 0.3))
            },
            "support_cases_count": int(chance.expovariate(0.7)),
            "total_purchases": orders + (chance.randrange(1, 9) if longer else 0),
            "lifetime_value": _money(total + (chance.randrange(999, 199_999) if longer else 0)),
            "notes": chance.choice(self._words["notes"]),
        }

    def _reviews(
        self, customer: Customer, largest_cents: int, chance: Random
    ) -> Iterator[dict[str, object]]:
        """Reviews whose mark of a verified purchase the customer's orders bear out."""
        affordable = bisect_right(self._prices, largest_cents)
        for product in chance.sample(
            self._catalog, chance.choices((0, 1, 2, 3), (50, 30, 15, 5))[0]
        ):
            bought = affordable > 0 and chance.random() < 0.6
            reviewed = self._catalog[chance.randrange(affordable)] if bought else product
            yield self._review(customer, reviewed, bought, chance)

    def _review(
        self, customer: Customer, product: Product, verified: bool, chance: Random
    ) -> dict[str, object]:
        day = self._day(chance.randrange(customer.created, LAST_DAY))
        rating, title = chance.choice(self._words["review_titles"]).split(":")
        return {
            "product_id": product.product_id,
            "customer_id": customer.customer_id,
            "rating": int(rating),
            "title": title,
            "comment": " ".join(chance.sample(self._words["comments"], 2)),
            "verified_purchase": verified,
            "created_at": f"{day}T{chance.randrange(8, 22):02d}:{chance.randrange(60):02d}:00Z",
        }

    def _warranties(self, customer: Customer, chance: Random) -> Iterator[dict[str, object]]:
        for number in range(chance.choices((0, 1, 2), (65, 28, 7))[0]):
            yield self._warranty(customer.name, f"{FIRST_NUMBER + customer.index}{number}", chance)

    def _warranty(self, holder: str, number: str, chance: Random) -> dict[str, object]:
        sold = chance.random() < 0.9
        product = (
            chance.choice(self._plan.products).name
            if sold
            else chance.choice(self._words["unsold"])
        )
        kind = chance.choice(tuple(WARRANTY_YEARS))
        bought = self._first_day + timedelta(days=chance.randrange(600, 2800))
        ends = bought.replace(year=bought.year + WARRANTY_YEARS[kind], day=min(bought.day, 28))
        letters = "".join(letter for letter in product.upper() if "A" <= letter <= "Z")
        return {
            "serial_number": f"{letters[-6:]}{number}{chance.choice('KMPQRTVX')}",
            "product_name": product,
            "purchase_date": bought.isoformat(),
            "warranty_end_date": ends.isoformat(),
            "warranty_type": kind,
            "customer_name": holder,
            "coverage_details": "Parts and labour",
        }

    def _day(self, number: int) -> str:
        return (self._first_day + timedelta(days=number)).isoformat()


def _money(cents: int) -> Decimal:
    return Decimal(cents) / 100
