"""What the generator makes, before anything is loaded."""

from __future__ import annotations

import unicodedata
from collections import Counter
from decimal import Decimal
from itertools import combinations

import pytest

from deploy.seed import sample_records
from deploy.seed.blocks import Block, BlockMaker
from deploy.seed.generated_items import GeneratedItems
from deploy.seed.plan import CUSTOMER_KINDS, PRODUCT_KINDS, Plan, Size
from deploy.seed.rare_names import misspelt
from tools import discrepancies, likeness, spelling

SMALL = Size(customers=1500, orders_per_customer=4, dynamodb_customers=1200, seed=3)


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    """Fifteen hundred customers in two blocks."""
    return list(BlockMaker(Plan(SMALL)).blocks())


def fields(lines: list[str]) -> list[list[str]]:
    """The columns of lines for COPY."""
    return [line.rstrip("\n").split("\t") for line in lines]


def users(blocks: list[Block]) -> list[list[str]]:
    """Customer id, user name, e-mail, first name, last name, time."""
    return [row for block in blocks for row in fields(block.users)]


def orders(blocks: list[Block]) -> list[list[str]]:
    """Order id, customer id, amount, status, time."""
    return [row for block in blocks for row in fields(block.orders)]


def test_equal_sizes_make_equal_data_in_any_order(blocks: list[Block]) -> None:
    """A block depends on the seed and its number, not on what was made before."""
    again = BlockMaker(Plan(SMALL))
    assert [again.block(1), again.block(0)] == [blocks[1], blocks[0]]


def test_another_seed_makes_other_data(blocks: list[Block]) -> None:
    """Other names, other orders, the same ids."""
    other = list(BlockMaker(Plan(Size(1500, 4, 1200, seed=4))).blocks())
    assert users(other) != users(blocks)
    assert [row[0] for row in users(other)] == [row[0] for row in users(blocks)]


def test_there_are_exactly_as_many_customers_and_orders_as_asked_for(blocks: list[Block]) -> None:
    """Also in a block that is not full."""
    assert (len(users(blocks)), len(orders(blocks))) == (1500, 6000)
    assert sum(len(block.profiles) for block in blocks) == 1200


def test_ids_are_canonical_and_unlike_those_of_the_sample(blocks: list[Block]) -> None:
    """Every tool finds them by any spelling, and no sample record is touched."""
    sample = sample_records()
    ids = [row[0] for row in users(blocks)]
    reviews = [str(review["review_id"]) for block in blocks for review in block.reviews]
    serials = [str(row["serial_number"]) for block in blocks for row in block.warranties]
    assert [spelling.customer_id(given) for given in ids] == ids
    assert [spelling.review_id(given) for given in reviews] == reviews
    assert [spelling.serial_number(given) for given in serials] == serials
    for made in (ids, reviews, serials, [row[0] for row in orders(blocks)]):
        assert len(set(made)) == len(made)
    assert not set(ids) & {user["customer_id"] for user in sample.users}
    assert not set(reviews) & {review["review_id"] for review in sample.reviews}
    assert min(int(row[0]) for row in orders(blocks)) > max(row["id"] for row in sample.orders)


def test_user_names_and_addresses_are_unique_and_fit_their_columns(blocks: list[Block]) -> None:
    """The limits of the users table."""
    for column, longest in ((1, 50), (2, 100)):
        values = [row[column] for row in users(blocks)]
        assert len(set(values)) == len(values)
        assert max(map(len, values)) <= longest
        assert all(value.isascii() for value in values)


def test_names_are_as_names_are(blocks: list[Block]) -> None:
    """Accents, apostrophes, hyphens, particles, other scripts, and people called Null."""
    names = [f"{row[3]} {row[4]}" for row in users(blocks)]
    assert any(unicodedata.normalize("NFD", name) != name for name in names)
    assert any("'" in name for name in names)
    assert any("-" in name for name in names)
    assert any(name.split()[1] in ("van", "de", "von", "della", "Saint") for name in names)
    assert any(name.split()[-1] in ("Null", "None") for name in names)
    assert any(ord(name[0]) > 0x370 for name in names)
    assert all("\t" not in name and "\\" not in name for name in names)


def test_several_customers_share_a_name(blocks: list[Block]) -> None:
    """A name alone does not say who is meant."""
    names = Counter(f"{row[3]} {row[4]}" for row in users(blocks))
    assert sum(1 for count in names.values() if count > 1) >= 10


def test_some_customers_have_no_orders_and_some_have_many(blocks: list[Block]) -> None:
    """Orders are not spread evenly."""
    counts = Counter(row[1] for row in orders(blocks))
    assert len(counts) < 1400
    assert max(counts.values()) > 12


def test_nobody_is_ordered_for_before_being_a_customer(blocks: list[Block]) -> None:
    """Orders come on or after the day of the account."""
    created = {row[0]: row[5][:10] for row in users(blocks)}
    assert all(row[4][:10] >= created[row[1]] for row in orders(blocks))


def test_names_of_the_sample_are_not_used_again() -> None:
    """The sample's customers and warranty holders stay unambiguous beside any generated data."""
    sample = sample_records()
    taken = {spelling.name(discrepancies.full_name(user)) for user in sample.users}
    taken |= {spelling.name(row["customer_name"]) for row in sample.warranties}
    names = {
        spelling.name(f"{row[3]} {row[4]}")
        for row in users(list(BlockMaker(Plan(Size(customers=5000))).blocks()))
    }
    assert not names & taken


def test_verified_reviews_are_borne_out_by_orders_but_for_the_planted_ones(
    blocks: list[Block],
) -> None:
    """A verified purchase is never dearer than the customer's largest order."""
    prices = {product.product_id: product.price for product in Plan(SMALL).products}
    largest: dict[str, Decimal] = {}
    for row in orders(blocks):
        largest[row[1]] = max(Decimal(row[2]), largest.get(row[1], Decimal(0)))
    doubtful = {
        review["customer_id"]
        for block in blocks
        for review in block.reviews
        if review["verified_purchase"]
        and prices[int(str(review["product_id"]))]
        > largest.get(str(review["customer_id"]), Decimal(0))
    }
    planted = {
        row["customer_id"]
        for block in blocks
        for row in block.planted
        if row["kind"] == "verified_purchase_without_order"
    }
    assert doubtful == planted


def test_every_kind_of_difference_is_planted_and_listed() -> None:
    """The list names the kind, the customer or product, and the value in each system."""
    items = GeneratedItems(Plan(SMALL))
    for _ in items.records():
        pass
    kinds = Counter(row["kind"] for row in items.planted)
    assert set(kinds) == {*CUSTOMER_KINDS, *PRODUCT_KINDS} == set(discrepancies.KINDS)
    assert {kinds[kind] for kind in CUSTOMER_KINDS} == {12}
    assert all(len(row["values"]) == 2 for row in items.planted)
    assert len({row.get("customer_id") or row["product_id"] for row in items.planted}) == len(
        items.planted
    )


def test_without_dynamodb_customers_nothing_is_planted() -> None:
    """A difference needs two systems."""
    items = GeneratedItems(Plan(Size(customers=100)))
    assert (list(items.records()), items.planted) == ([], [])


def test_no_planted_name_comes_near_another() -> None:
    """Each planted difference is found at one customer only."""
    plan = Plan(Size(customers=4000, dynamodb_customers=4000, seed=1))
    names = [
        likeness.person(f"{name.first_name} {last_name}")
        for name in plan.reserved_names.values()
        for last_name in {name.last_name, name.profile_last_name}
    ]
    assert len(names) == 200
    near = [
        (one, other) for one, other in combinations(names, 2) if likeness.near_person(one, other)
    ]
    assert near == []


def test_every_first_name_can_be_misspelt_so_that_it_stays_near() -> None:
    """Names of two letters included, and never into somebody else's name."""
    names = Plan(SMALL).words["first_names"].split()[:120]
    taken = frozenset(name.casefold() for name in names)
    wrong = {name: misspelt(name, taken) for name in names}
    assert all(discrepancies.is_nearly_named([f"{n} Doe"], f"{w} Doe") for n, w in wrong.items())
    assert not {name.casefold() for name in wrong.values()} & taken


def test_a_size_reads_back_what_it_wrote() -> None:
    """The text that is kept beside the data tells what to remove later."""
    assert Size.from_text(SMALL.text()) == SMALL
