"""Free SELECTs: judged, run inside walls, answered with rows or a fixed sentence."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fixtures_postgres import AskAurora, AuroraCopy
from tests.tools.aurora.statements import Statement, cases, read_statements
from tools.aurora.free_select import FreeSelect, open_free_select
from tools.aurora.guard.refusal import SENTENCES
from tools.contract import ToolFailure

pytestmark = pytest.mark.stack

CANARY = "T0P-S3CRET"
HARMLESS = Path(__file__).parent / "guard" / "harmless.sql"
# What the statements aim at, and the reader has no right to.
TARGETS = f"""
CREATE SCHEMA vault;
CREATE TABLE vault.secrets (id int, token text);
INSERT INTO vault.secrets VALUES (1, '{CANARY}');
CREATE SCHEMA shop;
CREATE SEQUENCE shop.s;
CREATE FUNCTION shop.wipe() RETURNS void LANGUAGE sql SECURITY DEFINER
    AS 'DELETE FROM store.orders';
CREATE FUNCTION shop.peek() RETURNS text LANGUAGE sql SECURITY DEFINER
    AS 'SELECT token FROM vault.secrets';
CREATE VIEW desk.reviews_leaky AS SELECT token FROM vault.secrets;
REVOKE EXECUTE ON FUNCTION shop.wipe, shop.peek FROM PUBLIC;
"""
STATE = """
SELECT (SELECT md5(string_agg(u::text, '' ORDER BY u.id)) FROM store.users AS u),
    (SELECT md5(string_agg(p::text, '' ORDER BY p.id)) FROM store.products AS p),
    (SELECT md5(string_agg(o::text, '' ORDER BY o.id)) FROM store.orders AS o),
    (SELECT count(*) FROM vault.secrets), (SELECT last_value FROM shop.s),
    (SELECT string_agg(c.oid::text || c.relname || coalesce(c.relacl::text, ''), ',' ORDER BY c.oid)
     FROM pg_class AS c WHERE c.oid > 16383),
    (SELECT string_agg(r.rolname || coalesce(r.rolconfig::text, ''), ',' ORDER BY r.rolname)
     FROM pg_roles AS r),
    (SELECT count(*) FROM pg_largeobject_metadata)
"""
FIXED = set(SENTENCES.values())
BRIEF = "-c statement_timeout=200"
# Time and memory are not the role's to limit; a NUL does not even reach the server.
ROLE_ATTACKS = [
    re.sub(r"(sleep\W*\()[35]\)", r"\1 0.01)", item.sql)
    for item in read_statements()
    if item.category != "resource" and "\0" not in item.sql
]


@pytest.fixture
def target(aurora: AuroraCopy) -> AuroraCopy:
    """A database with things to steal and to break."""
    aurora.execute_as_admin(TARGETS)
    return aurora


@pytest.fixture
async def free_select(target: AuroraCopy) -> AsyncIterator[FreeSelect]:
    """What runs statements, without the guard before it."""
    async with open_free_select(target.reader_dsn) as opened:
        yield opened


async def test_every_forbidden_statement_gets_a_fixed_sentence(ask_shared: AskAurora) -> None:
    """The model reads a rule, never an echo of what it wrote."""
    for statement in read_statements():
        if statement.verdict == "DENY":
            result = await ask_shared("query_database", sql=statement.sql)
            assert result["error"]["kind"] == "refused", statement
            assert result["error"]["message"] in FIXED, statement


@pytest.mark.parametrize("statement", cases("ALLOW"))
async def test_a_harmless_statement_gives_its_rows(
    statement: Statement, ask_shared: AskAurora
) -> None:
    """Columns, rows and their number belong together."""
    result = await ask_shared("query_database", sql=statement.sql)
    assert result.keys() == {"columns", "rows", "row_count", "truncated"}
    assert result["row_count"] == len(result["rows"])
    assert all(len(row) == len(result["columns"]) for row in result["rows"])


@pytest.mark.parametrize("sql", [line for line in HARMLESS.read_text().splitlines() if line])
async def test_what_models_write_runs(sql: str, ask_shared: AskAurora) -> None:
    """What the guard lets through for its names, PostgreSQL knows by the same names."""
    assert (await ask_shared("query_database", sql=sql))["row_count"] >= 0


@pytest.mark.parametrize("statement", cases("BOUND"))
async def test_a_doubtful_statement_stays_within_its_bounds(
    statement: Statement, ask_shared: AskAurora
) -> None:
    """It ends in time, with capped rows or with a sentence that holds no stored value."""
    async with asyncio.timeout(5):
        result = await ask_shared("query_database", sql=statement.sql)
    text = json.dumps(result)
    assert len(text) < 70_000
    if "error" in result:
        assert result["error"]["kind"] in ("invalid_input", "timeout", "refused")
        assert "@" not in text
        assert "CUST0" not in text


async def test_without_the_guard_nothing_is_changed_and_nothing_hidden_is_read(
    free_select: FreeSelect, target: AuroraCopy
) -> None:
    """Role, read-only transaction and extended protocol hold by themselves."""
    before = target.execute_as_admin(STATE)
    seen: list[Any] = []
    for sql in ROLE_ATTACKS:
        try:
            seen.append(await free_select.run(sql))
        except ToolFailure as failure:
            seen.append(failure.message)
    assert CANARY not in json.dumps(seen)
    assert len([item for item in seen if isinstance(item, dict)]) > 30
    assert target.execute_as_admin(STATE) == before


def test_in_the_readers_own_session_nothing_is_changed_and_nothing_hidden_is_read(
    target: AuroraCopy,
) -> None:
    """Even with many statements at once and no wall but the role."""
    before = target.execute_as_admin(STATE)
    seen: list[str] = []
    for sql in ROLE_ATTACKS:
        with psycopg.connect(target.reader_dsn, autocommit=True, options=BRIEF) as session:
            seen.extend(everything_said(session, sql))
    assert CANARY not in "\n".join(seen)
    assert target.execute_as_admin(STATE) == before


async def test_rows_and_bytes_are_cut_and_said_to_be(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """A result never outgrows what a model can read."""
    aurora.execute(
        "INSERT INTO store.products (name, price) SELECT 'p', 1 FROM generate_series(1, 300)"
    )
    many = await ask_aurora("query_database", sql="SELECT id FROM products")
    assert (many["row_count"], many["truncated"]) == (200, True)
    aurora.execute("UPDATE store.products SET description = repeat('x', 1000)")
    heavy = await ask_aurora("query_database", sql="SELECT id, description FROM products")
    assert heavy["truncated"]
    assert 30 < heavy["row_count"] < 70
    aurora.execute("UPDATE store.products SET description = repeat('x', 20000) WHERE id = 1")
    wide = await ask_aurora("query_database", sql="SELECT description FROM products WHERE id = 1")
    assert (wide["rows"], wide["truncated"]) == ([], True)


async def test_columns_of_one_name_are_all_kept(ask_shared: AskAurora) -> None:
    """Two tables may have a column of the same name."""
    sql = "SELECT u.id, o.id FROM users u JOIN orders o USING (customer_id) ORDER BY o.id LIMIT 2"
    result = await ask_shared("query_database", sql=sql)
    assert (result["columns"], result["rows"]) == (["id", "id"], [[1, 1], [2, 2]])


async def test_money_stays_exact(ask_shared: AskAurora) -> None:
    """A decimal is text, as in every other tool."""
    sql = "SELECT total_amount, id, order_date FROM orders WHERE id = 1"
    result = await ask_shared("query_database", sql=sql)
    assert result["rows"] == [["1329.98", 1, "2024-01-10T10:15:00"]]


async def test_an_expensive_statement_is_refused_before_it_runs(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """The planner's price is asked first."""
    aurora.execute("INSERT INTO store.products (name) SELECT 'p' FROM generate_series(1, 4000)")
    aurora.execute("ANALYZE store.products")
    sql = "SELECT count(*) FROM products a JOIN products b ON a.id <> b.id"
    result = await ask_aurora("query_database", sql=f"{sql} JOIN products c ON c.id <> b.id")
    assert result["error"]["kind"] == "refused"
    assert "too long" in result["error"]["message"]


async def test_a_connection_comes_back_as_it_was(free_select: FreeSelect) -> None:
    """What a statement leaves in its session, the next one does not find."""
    for _ in range(4):
        await free_select.run("SELECT set_config('work_mem', '1GB', false)")
    after = await free_select.run("SELECT current_setting('work_mem') AS memory")
    assert after["rows"] == [["8MB"]]


async def test_more_callers_than_connections_are_told_it_is_busy(target: AuroraCopy) -> None:
    """Nobody waits longer than a second for a free SELECT."""
    async with open_free_select(target.reader_dsn, max_size=1) as one:
        slow = asyncio.create_task(_kind_of(one, "SELECT pg_sleep(1.6)"))
        await _until_busy(target)
        assert await _kind_of(one, "SELECT 1 AS one") == "busy"
        assert await slow == "done"


async def test_a_first_log_in_may_take_longer_than_a_wait_for_others(target: AuroraCopy) -> None:
    """With TLS and a token that AWS signs it takes several round trips."""

    async def login() -> str:
        async with await psycopg.AsyncConnection.connect(target.reader_dsn) as signing:
            await signing.execute("SELECT pg_sleep(1.2)")
        return target.reader_dsn

    async with open_free_select(login) as slow:
        assert await _kind_of(slow, "SELECT 1 AS one") == "done"


async def test_a_statement_without_end_is_stopped(free_select: FreeSelect) -> None:
    """After two seconds the database itself stops it."""
    assert await _kind_of(free_select, "SELECT pg_sleep(30)") == "timeout"


async def _kind_of(free_select: FreeSelect, sql: str) -> str:
    try:
        await free_select.run(sql)
    except ToolFailure as failure:
        return failure.kind
    return "done"


async def _until_busy(target: AuroraCopy) -> None:
    """Waits until the slow statement runs on the server, as a FETCH from its cursor."""
    running = (
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'FETCH%' AND state = 'active'"
        " AND datname = current_database()"
    )
    async with asyncio.timeout(5):
        while not await asyncio.to_thread(target.execute_as_admin, running):
            continue


def everything_said(session: psycopg.Connection, sql: str) -> list[str]:
    """The rows of all results of a text, and the error that ended it."""
    said: list[str] = []
    try:
        cursor = session.execute(sql.encode())
        said.extend(map(str, cursor.fetchall() if cursor.description else []))
        while cursor.nextset():
            said.extend(map(str, cursor.fetchall() if cursor.description else []))
    except psycopg.Error as error:
        said.append(str(error))
    return said


async def test_whole_numbers_of_any_length_come_back_exact(ask_shared: AskAurora) -> None:
    """JavaScript would round them, and Python refuses thousands of digits."""
    sql = "SELECT 5 AS a, -999999999999999 AS b, 12345678901234567890 AS c, 1e5000 AS d FROM orders"
    result = await ask_shared("query_database", sql=f"{sql} LIMIT 1")
    assert result["rows"] == [[5, "-999999999999999", "12345678901234567890", f"1{'0' * 5000}"]]
