"""The loader of Aurora, on a real PostgreSQL with the project's own migrations."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import psycopg
import pytest

from deploy.seed import load_aurora, sample_records
from tests.fixtures_seed import Stores

pytestmark = pytest.mark.stack

ALL = (
    "SELECT 'user', customer_id, email, created_at::text FROM store.users UNION ALL"
    " SELECT 'product', name, price::text, stock_quantity::text FROM store.products UNION ALL"
    " SELECT 'order', customer_id, total_amount::text, order_date::text FROM store.orders"
    " ORDER BY 1, 2, 3, 4"
)


def execute(stores: Stores, statement: str) -> None:
    """Change something as the owner."""
    with psycopg.connect(stores.owner_dsn) as connection:
        connection.execute(statement.encode())


def test_a_second_load_changes_nothing_and_says_so(empty_stores: Stores) -> None:
    """It is safe to load at every start."""
    first = load_aurora(empty_stores.owner_dsn, sample_records())
    loaded = empty_stores.rows(ALL)
    second = load_aurora(empty_stores.owner_dsn, sample_records())
    forced = load_aurora(empty_stores.owner_dsn, sample_records(), force=True)
    assert (first, second, forced) == (True, False, True)
    assert len(loaded) == 20
    assert empty_stores.rows(ALL) == loaded


def test_money_and_times_arrive_as_they_are_in_the_files(empty_stores: Stores) -> None:
    """To the cent and to the second."""
    load_aurora(empty_stores.owner_dsn, sample_records())
    orders = "SELECT id, total_amount, order_date::text FROM store.orders ORDER BY id LIMIT 1"
    assert empty_stores.rows(orders) == [(1, Decimal("1329.98"), "2024-01-10 10:15:00")]


def test_a_row_that_somebody_changed_stays_until_the_load_is_forced(empty_stores: Stores) -> None:
    """A later start leaves it alone; ``seed`` puts the sample back."""
    load_aurora(empty_stores.owner_dsn, sample_records())
    execute(empty_stores, "UPDATE store.users SET first_name = 'Jon' WHERE customer_id = 'CUST001'")
    name = "SELECT first_name FROM store.users WHERE customer_id = 'CUST001'"
    load_aurora(empty_stores.owner_dsn, sample_records())
    kept = empty_stores.rows(name)
    load_aurora(empty_stores.owner_dsn, sample_records(), force=True)
    assert (kept, empty_stores.rows(name)) == ([("Jon",)], [("John",)])


def test_changed_records_are_loaded_without_force(empty_stores: Stores) -> None:
    """A new release with other sample data reaches a stack that has the old one."""
    load_aurora(empty_stores.owner_dsn, sample_records())
    order = {**sample_records().orders[0], "total_amount": Decimal("7.00")}
    changed = replace(sample_records(), orders=(order, *sample_records().orders[1:]))
    assert load_aurora(empty_stores.owner_dsn, changed)
    amounts = "SELECT total_amount FROM store.orders WHERE id = 1"
    assert empty_stores.rows(amounts) == [(Decimal("7.00"),)]


def test_new_rows_get_ids_behind_the_loaded_ones(empty_stores: Stores) -> None:
    """The sequences know of the ids that were given, also after several loads."""
    load_aurora(empty_stores.owner_dsn, sample_records())
    load_aurora(empty_stores.owner_dsn, sample_records(), force=True)
    execute(empty_stores, "INSERT INTO store.orders (customer_id) VALUES ('CUST001')")
    execute(empty_stores, "INSERT INTO store.products (name) VALUES ('Lamp')")
    newest = "SELECT (SELECT max(id) FROM store.orders), (SELECT max(id) FROM store.products)"
    assert empty_stores.rows(newest) == [(6, 11)]


def test_two_loads_at_once_load_one_after_the_other(empty_stores: Stores) -> None:
    """Two commands that start together do not trip over each other."""
    with ThreadPoolExecutor(4) as pool:
        loads = [
            pool.submit(load_aurora, empty_stores.owner_dsn, sample_records()) for _ in range(4)
        ]
        outcomes = sorted(load.result(timeout=30) for load in loads)
    assert outcomes == [False, False, False, True]
    assert len(empty_stores.rows(ALL)) == 20


def test_the_reader_cannot_see_what_the_loader_notes(sample_stores: Stores) -> None:
    """The marker is no business of the desk."""
    with psycopg.connect(sample_stores.reader_dsn) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM store.seed_marker")
