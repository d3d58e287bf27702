"""What a cross-system check asks Aurora after the others: products, and who is called what."""

from __future__ import annotations

import psycopg
import pytest

from tests.fixtures_postgres import AskAurora, AuroraCopy
from tools.aurora.database import open_database
from tools.aurora.related import MOST_NAMESAKES, RELATED

pytestmark = pytest.mark.stack

ADD = (
    "INSERT INTO store.users (customer_id, username, email, first_name, last_name)"
    " SELECT 'CUST' || n, 'u' || n, n || '@example.com', {first}, {last}"
    " FROM generate_series({start}, {end}) AS n"
)


async def test_products_are_found_by_number_and_by_name_in_any_case(ask_shared: AskAurora) -> None:
    """Each once, by number; what is not sold is not there."""
    found = await ask_shared.database.related_records(
        product_ids=[4, 99], product_names=["laptop PRO", "Desk Chair", "Camera Pro"]
    )
    assert [(row["product_id"], row["name"], row["price"]) for row in found.products] == [
        (1, "Laptop Pro", "1299.99"),
        (4, "Desk Chair", "299.99"),
    ]


async def test_a_number_that_no_product_here_can_have_hides_nothing(ask_shared: AskAurora) -> None:
    """The catalogue's numbers may be larger; one of them must not take the others with it."""
    found = await ask_shared.database.related_records(
        product_ids=[4, 2**31, 2**53], full_names=["John Doe"]
    )
    assert [row["product_id"] for row in found.products] == [4]
    assert found.namesakes == {"John Doe": 1}


async def test_namesakes_are_counted_whatever_the_accents(aurora: AuroraCopy) -> None:
    """A name in two or more parts may be cut anywhere between first and last name."""
    aurora.execute(ADD.format(first="'José María'", last="'de la Cruz'", start=2000, end=2002))
    async with open_database(aurora.reader_dsn) as database:
        found = await database.related_records(
            full_names=["jose maria de la cruz", "John Doe", "Jane Doe", "Madonna", ""]
        )
    assert found.namesakes == {
        "jose maria de la cruz": 3,
        "John Doe": 1,
        "Jane Doe": 0,
        "Madonna": 0,
        "": 0,
    }


async def test_a_very_common_name_is_counted_to_a_limit(aurora: AuroraCopy) -> None:
    """Nobody needs to know how many more there are."""
    aurora.execute(ADD.format(first="'Ann'", last="'Lee'", start=2000, end=2000 + MOST_NAMESAKES))
    async with open_database(aurora.reader_dsn) as database:
        found = await database.related_records(full_names=["Ann Lee"])
    assert found.namesakes == {"Ann Lee": MOST_NAMESAKES}


async def test_nothing_asked_is_nothing_found(ask_shared: AskAurora) -> None:
    """No rows, no error."""
    found = await ask_shared.database.related_records()
    assert (found.products, found.namesakes) == ([], {})


def test_names_are_looked_up_through_their_index(shared_aurora: AuroraCopy) -> None:
    """With millions of customers a look through all of them would take a second."""
    parameters = {
        "product_ids": [1],
        "product_names": ["laptop pro"],
        "wholes": ["John Doe"],
        "first_names": ["John"],
        "last_names": ["Doe"],
        "most": MOST_NAMESAKES,
    }
    with psycopg.connect(shared_aurora.reader_dsn) as connection:
        # Five rows are read fastest from end to end; the question is whether the index fits.
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(b"EXPLAIN " + RELATED.as_bytes(connection), parameters)
        lines = [row[0] for row in plan.fetchall()]
    assert any("users_lower_name" in line for line in lines)
    assert not any("Seq Scan on users" in line for line in lines)
