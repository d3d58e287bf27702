"""Makes customers a thousand at a time, each block from a seed of its own, with all their records."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

from deploy.seed.attached import AttachedMaker
from deploy.seed.plan import BLOCK, CHEAP_CENTS, FIRST_NUMBER, Customer, Plan, Planted
from deploy.seed.records import Record, sample_records
from tools import discrepancies, spelling

FIRST_DAY = date(2019, 1, 1)
DAYS = 2860  # to the end of October 2026
STATUSES = ("completed", "shipped", "pending")
STATUS_WEIGHTS = (0.8, 0.92, 1.0)
COMMON = 0.35  # how much more often the first names of the list are taken than the last ones


Sums = tuple[int, int, int]  # of one customer's orders: the largest in cents, how many, the sum


@dataclass(slots=True)
class Block:
    """Lines for COPY, and the DynamoDB records of those customers that have any."""

    users: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    profiles: list[Record] = field(default_factory=list)
    reviews: list[Record] = field(default_factory=list)
    warranties: list[Record] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)


class Maker:
    """Makes the blocks of one plan; equal plans make equal blocks, in whatever order."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._first_names = plan.words["first_names"].split()
        self._last_names = plan.words["last_names"].split()
        self._first_weights = _falling_weights(len(self._first_names))
        self._last_weights = _falling_weights(len(self._last_names))
        self._particles = plan.words["particles"].split("|")
        self._days = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS)]
        self._times = [f"{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(1440)]
        self._attached = AttachedMaker(plan, FIRST_DAY)
        self._texts = [f"{cents / 100:.2f}" for cents in self._amounts]
        self._cheap = bisect_right(self._amounts, CHEAP_CENTS)

    def blocks(self) -> Iterator[Block]:
        """All blocks, one at a time."""
        for number in range(-(-self.plan.size.customers // BLOCK)):
            yield self.block(number)

    def block(self, number: int) -> Block:
        """The customers from ``number * BLOCK`` on, and what belongs to them."""
        chooser = Random(f"{self.plan.size.seed}:block:{number}")
        customers = list(self._customers(number, chooser))
        block = Block(users=[self._user_line(customer, chooser) for customer in customers])
        sums = self._add_orders(block, number, customers, chooser)
        for customer in customers:
            if customer.index < self.plan.size.dynamodb_customers:
                made = self._attached.make(customer, *sums.get(customer.index, (0, 0, 0)))
                block.profiles.append(made.profile)
                block.reviews.extend(made.reviews)
                block.warranties.extend(made.warranties)
                block.planted.extend(made.planted)
        return block

    def _customers(self, number: int, chooser: Random) -> Iterator[Customer]:
        start = number * BLOCK
        count = min(BLOCK, self.plan.size.customers - start)
        firsts = chooser.choices(self._first_names, cum_weights=self._first_weights, k=count)
        lasts = [self._last_name(chooser) for _ in range(count)]
        for place in range(count):
            index = start + place
            if place % 50 == 49:  # beside the namesakes that chance brings
                firsts[place], lasts[place] = firsts[place - 1], lasts[place - 1]
            first, last = firsts[place], lasts[place]
            if spelling.name(f"{first} {last}") in self._sample_names:
                last = self._last_names[-1]
            first, last = self.plan.reserved_names.get(index, (first, last))
            yield Customer(
                index=index,
                first_name=first,
                last_name=last,
                created=int(chooser.random() * (DAYS - 1)),
                planted=self.plan.planted_customers.get(index),
            )

    def _last_name(self, chooser: Random) -> str:
        """A name of the list, or one of a great many that are made of two."""
        one, other = chooser.choices(self._last_names, cum_weights=self._last_weights, k=2)
        kind = chooser.random()
        if kind < 0.85 or one == other:
            return one
        return f"{one}-{other}" if kind < 0.97 else f"{chooser.choice(self._particles)} {one}"

    def _user_line(self, customer: Customer, chooser: Random) -> str:
        created = f"{self._days[customer.created]}T{self._times[chooser.randrange(1440)]}"
        return (
            f"{customer.customer_id}\t{customer.username}\t{customer.email}"
            f"\t{customer.first_name}\t{customer.last_name}\t{created}\n"
        )

    def _add_orders(
        self, block: Block, number: int, customers: list[Customer], chooser: Random
    ) -> dict[int, Sums]:
        """Add the block's orders, and return largest, number and sum for each customer."""
        each = self.plan.size.orders_per_customer
        order_id = FIRST_NUMBER + number * BLOCK * each
        count = each * len(customers)
        # One customer in eight has never ordered; of the others some order far more than most.
        weights = accumulate(
            0.0 if chooser.random() < 0.125 else chooser.lognormvariate(0, 0.8) for _ in customers
        )
        owners = sorted(chooser.choices(range(len(customers)), cum_weights=list(weights), k=count))
        statuses = chooser.choices(STATUSES, cum_weights=STATUS_WEIGHTS, k=count)
        sums: dict[int, Sums] = {}
        for owner, status in zip(owners, statuses, strict=True):
            customer = customers[owner]
            order_id += 1
            choices = self._cheap if customer.has_doubtful_review else len(self._amounts)
            amount = int(chooser.random() * choices)
            day = customer.created + int(chooser.random() * (DAYS - customer.created))
            time = self._times[int(chooser.random() * 1440)]
            block.orders.append(
                f"{order_id}\t{customer.customer_id}\t{self._texts[amount]}\t{status}"
                f"\t{self._days[day]}T{time}\n"
            )
            largest, orders, total = sums.get(customer.index, (0, 0, 0))
            cents = self._amounts[amount]
            sums[customer.index] = (max(largest, cents), orders + 1, total + cents)
        return sums

    @cached_property
    def _sample_names(self) -> frozenset[str]:
        """Names of the sample data, which stay unambiguous."""
        sample = sample_records()
        users = [discrepancies.full_name(user) for user in sample.users]
        holders = [warranty["customer_name"] for warranty in sample.warranties]
        return frozenset(map(spelling.name, users + holders))

    @cached_property
    def _amounts(self) -> list[int]:
        """Order totals in cents, ascending: of one product, or of several together."""
        chooser = Random(f"{self.plan.size.seed}:amounts")
        prices = [product.cents for product in self.plan.products]
        totals = (
            sum(chooser.choices(prices, k=chooser.choice((1, 1, 1, 2, 3)))) for _ in range(4096)
        )
        return sorted(min(total, 999_999) for total in totals)


def _falling_weights(count: int) -> list[float]:
    """Running sums of weights that fall along the list, as names do in a population."""
    return list(accumulate(1.0 / (place + 1) ** COMMON for place in range(count)))
