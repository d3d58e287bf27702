"""Makes customers a thousand at a time, each block by itself, with all their records."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

from deploy.seed.attached import LAST_DAY, Attached, AttachedMaker
from deploy.seed.chance import seeded
from deploy.seed.plan import BLOCK, CHEAP_CENTS, FIRST_NUMBER, Customer, Plan, Planted
from deploy.seed.records import Record, sample_records
from tools import discrepancies, spelling

FIRST_DAY = date(2019, 1, 1)
DAYS = LAST_DAY + 1
STATUSES = ("completed", "shipped", "pending")
STATUS_WEIGHTS = (0.8, 0.92, 1.0)
COMMON = 0.35  # how much more often the first names of the list are taken than the last ones


@dataclass(slots=True)
class Block:
    """Lines for COPY, and the DynamoDB records of those customers that have any."""

    users: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    profiles: list[Record] = field(default_factory=list)
    reviews: list[Record] = field(default_factory=list)
    warranties: list[Record] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)

    def add(self, made: Attached) -> None:
        """Take one customer's records in."""
        self.profiles.append(made.profile)
        self.reviews.extend(made.reviews)
        self.warranties.extend(made.warranties)
        self.planted.extend(made.planted)


@dataclass(frozen=True, slots=True)
class _Orders:
    """The orders of one block: lines for COPY, whose they are, and their totals in cents."""

    lines: list[str]
    owners: list[int]
    cents: list[int]

    def of_each(self, customers: int) -> list[list[int]]:
        """The totals of each customer's orders."""
        found: list[list[int]] = [[] for _ in range(customers)]
        for owner, cents in zip(self.owners, self.cents, strict=True):
            found[owner].append(cents)
        return found


class BlockMaker:
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
        chance = seeded(self.plan.size.seed, "block", number)
        customers = list(self._customers(number, chance))
        users = [self._user_line(customer, chance) for customer in customers]
        orders = self._orders(number, customers, chance)
        block = Block(users=users, orders=orders.lines)
        attached = self.plan.size.dynamodb_customers - number * BLOCK
        if attached > 0:
            totals = orders.of_each(len(customers))
            for customer in customers[:attached]:
                place = customer.index - number * BLOCK
                block.add(self._attached.make(customer, totals[place]))
        return block

    def _customers(self, number: int, chance: Random) -> Iterator[Customer]:
        start = number * BLOCK
        count = min(BLOCK, self.plan.size.customers - start)
        firsts = chance.choices(self._first_names, cum_weights=self._first_weights, k=count)
        lasts = [self._last_name(chance) for _ in range(count)]
        reserved = self.plan.reserved_names
        for place in range(count):
            index = start + place
            if place % 50 == 49:  # beside the namesakes that chance brings
                firsts[place], lasts[place] = firsts[place - 1], lasts[place - 1]
            first, last = firsts[place], lasts[place]
            if spelling.name(f"{first} {last}") in self._sample_names:
                last = self._last_names[-1]
            if index in reserved:
                first, last = reserved[index].first_name, reserved[index].last_name
            yield Customer(
                index=index,
                first_name=first,
                last_name=last,
                created=int(chance.random() * (DAYS - 1)),
                planted=self.plan.planted_customers.get(index),
            )

    def _last_name(self, chance: Random) -> str:
        """A name of the list, or one of a great many that are made of two."""
        one, other = chance.choices(self._last_names, cum_weights=self._last_weights, k=2)
        kind = chance.random()
        if kind < 0.85 or one == other:
            return one
        return f"{one}-{other}" if kind < 0.97 else f"{chance.choice(self._particles)} {one}"

    def _user_line(self, customer: Customer, chance: Random) -> str:
        created = f"{self._days[customer.created]}T{self._times[chance.randrange(1440)]}"
        return (
            f"{customer.customer_id}\t{customer.username}\t{customer.email}"
            f"\t{customer.first_name}\t{customer.last_name}\t{created}\n"
        )

    def _orders(self, number: int, customers: list[Customer], chance: Random) -> _Orders:
        each = self.plan.size.orders_per_customer
        count = each * len(customers)
        # One customer in eight has never ordered; of the others some order far more than most.
        weights = list(
            accumulate(
                0.0 if chance.random() < 0.125 else chance.lognormvariate(0, 0.8) for _ in customers
            )
        )
        owners = sorted(chance.choices(range(len(customers)), cum_weights=weights, k=count))
        amounts = chance.choices(range(len(self._amounts)), k=count)
        for place, owner in enumerate(owners):
            if customers[owner].has_doubtful_review:
                amounts[place] %= self._cheap
        first = FIRST_NUMBER + 1 + number * BLOCK * each
        ids = [customer.customer_id for customer in customers]
        created = [customer.created for customer in customers]
        drawn = zip(
            range(first, first + count),
            owners,
            amounts,
            chance.choices(STATUSES, cum_weights=STATUS_WEIGHTS, k=count),
            chance.choices(self._times, k=count),
            strict=True,
        )
        part = chance.random
        lines = [
            f"{order_id}\t{ids[owner]}\t{self._texts[amount]}\t{status}"
            f"\t{self._days[created[owner] + int(part() * (DAYS - created[owner]))]}T{time}\n"
            for order_id, owner, amount, status, time in drawn
        ]
        return _Orders(lines, owners, [self._amounts[amount] for amount in amounts])

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
        chance = seeded(self.plan.size.seed, "amounts")
        prices = [product.cents for product in self.plan.products]
        totals = (
            sum(chance.choices(prices, k=chance.choice((1, 1, 1, 2, 3)))) for _ in range(4096)
        )
        return sorted(min(total, 999_999) for total in totals)


def _falling_weights(count: int) -> list[float]:
    """Running sums of weights that fall along the list, as names do in a population."""
    return list(accumulate(1.0 / (place + 1) ** COMMON for place in range(count)))
