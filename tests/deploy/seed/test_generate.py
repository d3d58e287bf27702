"""Generated data in real stores, beside the sample data, as the tools see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import psycopg
import pytest

from deploy.seed import load_aurora, load_dynamodb, sample_records
from deploy.seed.bulk import IdsTakenError
from deploy.seed.dynamodb import TableMarker
from deploy.seed.generate import AURORA_STEP, DYNAMODB_STEP, Generated, generate
from deploy.seed.generated_items import TAG, UNFINISHED, GeneratedItems, load_generated_items
from deploy.seed.plan import FIRST_NUMBER, Plan, Size
from tests.fixtures_seed import Servers, Stores, Systems, systems_over
from tests.tools.sample_differences import SAMPLE_DIFFERENCES

pytestmark = pytest.mark.stack

SIZE = Size(customers=200, orders_per_customer=5, dynamodb_customers=200, seed=7)
TINY = Size(customers=12, orders_per_customer=2, dynamodb_customers=8, seed=1)

Difference = tuple[str, str | int]


def nothing(step: str, done: int, total: int) -> None:
    """Listens to no progress."""


def make(stores: Stores, size: Size) -> Generated:
    """Generate into the stores."""
    return generate(stores.owner_dsn, stores.client, stores.tables, size, progress=nothing)


def counts(stores: Stores) -> dict[str, int]:
    """Rows and items in both stores."""
    rows = {
        table: len(stores.rows(f"SELECT id FROM store.{table}"))
        for table in ("users", "orders", "products")
    }
    items = {f"{kind} items": len(stores.items(kind)) for kind in stores.tables if kind in KINDS}
    return rows | items


KINDS = ("profiles", "reviews", "warranties", "products")


@pytest.fixture(scope="module")
def generated(seed_servers: Servers) -> Iterator[tuple[Stores, Generated]]:
    """Stores with the sample data and two hundred customers, which tests only read."""
    stores = seed_servers.new_stores()
    load_aurora(stores.owner_dsn, sample_records())
    load_dynamodb(stores.client, stores.tables, sample_records())
    yield stores, make(stores, SIZE)
    stores.client.close()


async def differences(
    systems: Systems, customers: Iterable[str], products: Iterable[int]
) -> set[Difference]:
    """What the cross-system tools find, by kind and customer or product."""
    found: set[Difference] = set()
    for customer in customers:
        result = await systems.call("get_customer_360", {"customer_id": customer})
        assert (result["found"], result["unavailable"]) == (True, [])
        found |= {(difference["kind"], customer) for difference in result["discrepancies"]}
    for product in products:
        result = await systems.call("compare_product_records", {"product_id": product})
        found |= {(difference["kind"], product) for difference in result["discrepancies"]}
    return found


@pytest.mark.timeout(180)
async def test_the_tools_find_what_was_planted_and_nothing_else(
    generated: tuple[Stores, Generated],
) -> None:
    """Every customer and every product is asked for."""
    stores, made = generated
    last = FIRST_NUMBER + SIZE.customers
    planted: set[Difference] = {
        (row["kind"], row.get("customer_id") or row["product_id"]) for row in made.planted
    }
    async with systems_over(stores) as systems:
        found = await differences(
            systems,
            [f"CUST{number}" for number in range(FIRST_NUMBER, last)],
            range(FIRST_NUMBER + 1, FIRST_NUMBER + 1 + SIZE.products),
        )
    assert len(planted) == 14
    assert found == planted


async def test_the_sample_data_shows_the_same_differences_beside_generated_data(
    generated: tuple[Stores, Generated],
) -> None:
    """Nothing that was generated comes near a sample record."""
    async with systems_over(generated[0]) as systems:
        found = await differences(
            systems, [f"CUST00{number}" for number in range(1, 6)], range(1, 11)
        )
    assert found == {(kind, about) for kind, about, _ in SAMPLE_DIFFERENCES}


def test_everything_that_was_asked_for_is_there(generated: tuple[Stores, Generated]) -> None:
    """Beside the sample's own records."""
    stores, made = generated
    loaded = counts(stores)
    assert (loaded["users"], loaded["orders"], loaded["products"]) == (205, 1005, 50)
    assert loaded["profiles items"] == 205
    assert (made.aurora_loaded, made.dynamodb_loaded) == (True, True)


def test_names_and_sums_that_aurora_keeps_are_up_to_date(
    generated: tuple[Stores, Generated],
) -> None:
    """The bulk load rebuilds the dictionary of names and the totals."""
    stores, _ = generated
    unknown = (
        "SELECT count(*) FROM store.users WHERE lower(last_name) NOT IN"
        " (SELECT name FROM store.names WHERE part = 'last')"
    )
    sums = (
        "SELECT (SELECT sum(amount) FROM store.customer_totals)"
        " = (SELECT sum(total_amount) FROM store.orders)"
    )
    assert (stores.rows(unknown), stores.rows(sums)) == ([(0,)], [(True,)])


def test_the_same_size_again_loads_nothing_and_lists_the_same(empty_stores: Stores) -> None:
    """A repeated command is quick and still says what was planted."""
    first = make(empty_stores, TINY)
    loaded = counts(empty_stores)
    second = make(empty_stores, TINY)
    assert (second.aurora_loaded, second.dynamodb_loaded) == (False, False)
    assert second.planted == first.planted
    assert counts(empty_stores) == loaded


def test_another_size_takes_the_place_of_the_earlier_one(empty_stores: Stores) -> None:
    """What was generated before goes, in both stores; the sample stays."""
    load_aurora(empty_stores.owner_dsn, sample_records())
    load_dynamodb(empty_stores.client, empty_stores.tables, sample_records())
    make(empty_stores, SIZE)
    make(empty_stores, TINY)
    loaded = counts(empty_stores)
    assert (loaded["users"], loaded["orders"], loaded["products"]) == (17, 29, 50)
    assert loaded["profiles items"] == 13
    assert {"CUST001", "CUST1000"} <= {
        row[0] for row in empty_stores.rows("SELECT customer_id FROM store.users")
    }
    assert "REV001" in {item["review_id"]["S"] for item in empty_stores.items("reviews")}


def test_rows_that_were_not_generated_are_never_overwritten(empty_stores: Stores) -> None:
    """Somebody's own customer in the range of ids stops the load, and everything stays."""
    with psycopg.connect(empty_stores.owner_dsn) as connection:
        connection.execute(
            "INSERT INTO store.users (customer_id, username, email)"
            " VALUES ('CUST1003', 'own', 'own@example.com')"
        )
    with pytest.raises(IdsTakenError, match="not generated by this command"):
        make(empty_stores, TINY)
    assert counts(empty_stores)["users"] == 1
    assert counts(empty_stores)["profiles items"] == 0
    triggers = "SELECT DISTINCT tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
    assert empty_stores.rows(triggers) == [("O",)]


def test_a_load_that_was_interrupted_is_done_again(empty_stores: Stores) -> None:
    """DynamoDB has no transaction over a whole load, so the table says that one is under way."""
    make(empty_stores, TINY)
    whole = counts(empty_stores)
    marker = TableMarker(empty_stores.client, empty_stores.tables["profiles"], TAG)
    marker.write(UNFINISHED + TINY.text())
    empty_stores.client.delete_item(
        TableName=empty_stores.tables["profiles"], Key={"customer_id": {"S": "CUST1002"}}
    )
    again = make(empty_stores, TINY)
    assert (again.aurora_loaded, again.dynamodb_loaded) == (False, True)
    assert (counts(empty_stores), marker.read()) == (whole, TINY.text())


def test_a_removal_that_was_interrupted_is_not_taken_for_whole_data(empty_stores: Stores) -> None:
    """Somebody asks for another size, breaks off, and then wants the earlier one after all."""
    make(empty_stores, TINY)
    whole = counts(empty_stores)

    def break_off(**request: object) -> None:
        raise KeyboardInterrupt

    stores = empty_stores
    before = "before-call.dynamodb.BatchWriteItem"
    stores.client.meta.events.register(before, break_off)
    other = GeneratedItems(Plan(replace(TINY, seed=2)))
    with pytest.raises(KeyboardInterrupt):
        load_generated_items(stores.client, stores.tables, other, lambda customers: None)
    stores.client.meta.events.unregister(before, break_off)
    stores.client.delete_item(
        TableName=stores.tables["profiles"], Key={"customer_id": {"S": "CUST1002"}}
    )
    make(stores, TINY)
    assert counts(stores) == whole


def test_generated_items_are_loaded_again_into_tables_made_anew(empty_stores: Stores) -> None:
    """A table keeps what it says of itself when the emulator empties it for a changed file."""
    make(empty_stores, TINY)
    whole = counts(empty_stores)
    for customer in range(FIRST_NUMBER, FIRST_NUMBER + TINY.dynamodb_customers):
        empty_stores.client.delete_item(
            TableName=empty_stores.tables["profiles"],
            Key={"customer_id": {"S": f"CUST{customer}"}},
        )
    make(empty_stores, TINY)
    assert counts(empty_stores) == whole


def test_progress_starts_at_nothing_and_ends_with_everything(empty_stores: Stores) -> None:
    """Each step of the load says how far it is."""
    said: list[tuple[str, int, int]] = []

    def listen(step: str, done: int, total: int) -> None:
        said.append((step, done, total))

    stores = empty_stores
    generate(stores.owner_dsn, stores.client, stores.tables, TINY, progress=listen)
    assert said == [
        (AURORA_STEP, 0, 12),
        (AURORA_STEP, 12, 12),
        (DYNAMODB_STEP, 0, 8),
        (DYNAMODB_STEP, 8, 8),
    ]
