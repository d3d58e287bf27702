"""Every tool's statement follows indexes on tables of real size, its functions included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from deploy.local.postgres import PostgresServer, provision
from tests.fixtures_postgres import FAST, OWNER_PASSWORD, READER_PASSWORD, AskAurora
from tools.aurora.database import open_database

FILL = """
SELECT store.begin_bulk_load();
INSERT INTO store.users (customer_id, username, email, first_name, last_name)
SELECT 'CUST' || to_char(n, 'FM99999000'), 'user' || n, 'user' || n || '@example.com',
    initcap(translate((n % 400)::text, '0123456789', 'aeioubdgkl')) || 'na',
    initcap(translate((n * 7 % 9000)::text, '0123456789', 'aeiourstmn')) || 'son'
FROM generate_series(1, {users}) AS n;
INSERT INTO store.orders (customer_id, total_amount, status, order_date)
SELECT 'CUST' || to_char(1 + n * 37 % {users}, 'FM99999000'), 1 + n % 900,
    (ARRAY['pending', 'completed', 'shipped'])[1 + n % 3],
    timestamp '2020-01-01' + n * interval '5 minutes'
FROM generate_series(1, {orders}) AS n;
INSERT INTO store.products (name, description, price, category, stock_quantity)
SELECT 'Thing ' || n, 'A thing of kind ' || n % 70, n % 500, 'Kind ' || n % 20, n % 9
FROM generate_series(1, 5000) AS n;
SELECT store.finish_bulk_load();
"""
CALLS = [
    ("find_customers", {"query": "CUST777"}),
    ("find_customers", {"query": "USER777@example.com"}),
    ("find_customers", {"query": "user777"}),
    ("find_customers", {"query": "Eana Arson"}),
    ("find_customers", {"query": "Sttuson"}),
    ("find_customers", {"query": "Dbena"}),
    ("find_customers", {"query": "Dbeena Sttusonn"}),
    ("find_customers", {"query": "D. Sttuson"}),
    ("find_customers", {"query": "Stt"}),
    ("list_orders", {"customer_id": "CUST777"}),
    ("list_orders", {"customer_id": "CUST777", "status": "shipped", "since": "2020-01-05"}),
    ("list_orders", {"status": "pending"}),
    ("list_orders", {"since": "2020-02-01", "until": "2020-02-03"}),
    ("list_orders", {"status": "shipped", "since": "2020-02-01", "until": "2020-02-03"}),
    ("get_order", {"order_id": "777"}),
    ("summarize_orders", {"group_by": "status"}),
    ("summarize_orders", {"group_by": "month", "status": "shipped"}),
    ("summarize_orders", {"group_by": "customer"}),
    ("summarize_orders", {"group_by": "customer", "status": "pending"}),
    ("summarize_orders", {"group_by": "customer", "since": "2020-01-10", "until": "2020-01-11"}),
]


class Plans:
    """A filled server whose log holds the plan of every statement, nested ones included."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.reader_dsn = make_conninfo(
            server.dsn, dbname="deskhand", user="deskhand_reader", password=READER_PASSWORD
        )

    def fill(self, users: int, orders: int) -> None:
        """Rows, statistics and visibility as after a load and a VACUUM."""
        passwords: dict[str, Any] = {
            "owner_password": OWNER_PASSWORD,
            "reader_password": READER_PASSWORD,
        }
        provision(self.server.dsn, **passwords)
        admin = make_conninfo(self.server.dsn, dbname="deskhand")
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(FILL.format(users=users, orders=orders).encode())
            connection.execute("VACUUM ANALYZE")
            for name, value in {
                "session_preload_libraries": "auto_explain",
                "auto_explain.log_min_duration": "0",
                "auto_explain.log_nested_statements": "on",
            }.items():
                connection.execute(f"ALTER ROLE deskhand_reader SET {name} = '{value}'")

    def position(self) -> int:
        """Where the log ends now."""
        return self.server.log.stat().st_size

    def since(self, position: int) -> str:
        """What was logged since then."""
        return self.server.log.read_bytes()[position:].decode()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((10_000, 50_000), id="10k-users-50k-orders"),
        pytest.param((100_000, 500_000), id="100k-users-500k-orders", marks=pytest.mark.soak),
    ],
)
def plans(request: pytest.FixtureRequest, open_folder: Path) -> Iterator[Plans]:
    """A server with that many users and orders."""
    users, orders = request.param
    server = PostgresServer.start(open_folder / f"plans-{users}", settings=FAST)
    try:
        filled = Plans(server)
        filled.fill(users, orders)
        yield filled
    finally:
        server.stop()


@pytest.mark.stack
@pytest.mark.timeout(300)
async def test_no_tool_reads_users_or_orders_from_end_to_end(plans: Plans) -> None:
    """Scans of whole tables are what grows with the data."""
    async with open_database(plans.reader_dsn) as database:
        ask = AskAurora(database)
        for name, arguments in CALLS:
            position = plans.position()
            result = await ask(name, **arguments)
            assert "error" not in result, (name, arguments)
            plan = plans.since(position)
            assert "Query Text" in plan, (name, arguments)
            assert not re.search(r"Seq Scan on (users|orders|names|customer_totals)", plan), plan


@pytest.mark.stack
async def test_the_newest_orders_of_a_customer_come_out_of_the_index_alone(plans: Plans) -> None:
    """No row of the table is fetched for them, nor for their count and sum."""
    async with open_database(plans.reader_dsn) as database:
        position = plans.position()
        assert await database.customer_overview("CUST777") is not None
        plan = plans.since(position)
    assert plan.count("Index Only Scan using orders_customer") == 2
    assert "Seq Scan" not in plan
