"""The guard lets through what is marked so and refuses the rest, before any database sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.aurora.statements import Statement, cases, read_statements
from tools.aurora.guard import Refused, canonical
from tools.aurora.guard.refusal import SENTENCES

HARMLESS = Path(__file__).with_name("harmless.sql")
KNOWN = read_statements()
PIECES = sorted({piece for item in KNOWN for piece in item.sql[:400].split()})
WRITES = ("insert", "update", "delete", "truncate", "drop", "copy", "into", "for update", "set ")


def judged(sql: str) -> str | None:
    """The canonical text, or None when the statement is refused."""
    try:
        return canonical(sql)
    except Refused:
        return None


@pytest.mark.parametrize("statement", cases("DENY"))
def test_a_forbidden_statement_is_refused(statement: Statement) -> None:
    """It never reaches the database."""
    assert judged(statement.sql) is None, statement.why


@pytest.mark.parametrize("statement", cases("ALLOW"))
def test_a_harmless_statement_passes_and_stays_what_it_is(statement: Statement) -> None:
    """A false alarm would make the tool useless; what passes is stable when judged again."""
    text = judged(statement.sql)
    assert text is not None, statement.why
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("", "text"),
        (" " * 10, "text"),
        ("SELECT 1 FROM users -- " + "x" * 4000, "text"),
        ("SELECT '\ud800' FROM users", "text"),
        ("SELECT 'a\x85b' FROM users", "text"),
        ("SELECT FROM WHERE", "syntax"),
        (";", "one_select"),
        ("SELECT id FROM users; SELECT id FROM orders", "one_select"),
        ("DELETE FROM users", "one_select"),
        ("SELECT 1", "relation"),
        ("SELECT id FROM store.users", "relation"),
        ("SELECT id FROM shop.desk.users", "relation"),
        ("SELECT id FROM ONLY users", "construct"),
        ("SELECT id FROM users FOR SHARE", "construct"),
        ("SELECT $1 FROM users", "construct"),
        ("SELECT id FROM users WHERE (id, id) = (1, 1)", "construct"),
        ('SELECT email COLLATE "C" FROM users', "construct"),
        ("SELECT current_user FROM users", "construct"),
        ("SELECT ARRAY(SELECT id FROM users) FROM users", "construct"),
        ("WITH RECURSIVE r AS (SELECT id FROM users) SELECT id FROM r", "construct"),
        ("SELECT x.email FROM users AS x, orders", "join"),
        ("SELECT u.id FROM users u CROSS JOIN orders o", "join"),
        ("SELECT u.id FROM users u JOIN orders o ON u.id > 0", "join"),
        ("SELECT u.id FROM users u NATURAL JOIN orders o", "construct"),
        ("SELECT email ~ 'x' FROM users", "operator"),
        ("SELECT id FROM users WHERE email SIMILAR TO 'x'", "construct"),
        ("SELECT substring(email FROM '(a+)+$') FROM users", "function"),
        ("SELECT substring(email, username) FROM users", "function"),
        ("SELECT email::regclass FROM users", "type"),
        ("SELECT '{1}'::int[] FROM users", "construct"),
        ("SELECT password FROM users", "column"),
        ("SELECT u.password FROM users u", "column"),
        ("SELECT orders.row_to_json FROM orders", "column"),
        ("SELECT o FROM orders o", "column"),
        ("SELECT users.id FROM orders", "column"),
        ("SELECT id FROM users WHERE n > 1", "column"),
        ("SELECT s.email FROM (SELECT id FROM users) AS s", "column"),
        ("SELECT id FROM users ORDER BY nothing", "column"),
        ("SELECT id FROM users UNION SELECT id FROM pg_class", "relation"),
        (f"SELECT {'+'.join(['1'] * 1500)} FROM users", "size"),
        (f"SELECT id FROM users WHERE id IN ({','.join(['1'] * 900)})", "size"),
        ("SELECT " + "(1 + " * 55 + "1" + ")" * 55 + " FROM users", "size"),
        ("SELECT " + "||".join(["email"] * 13) + " FROM users", "size"),
        (
            "SELECT id FROM users WHERE id IN "
            + "(SELECT id FROM users WHERE id IN " * 6
            + "(1)"
            + ")" * 6,
            "size",
        ),
    ],
)
def test_each_rule_says_which_it_is(sql: str, reason: str) -> None:
    """The model reads what to change, in a fixed sentence."""
    with pytest.raises(Refused) as refused:
        canonical(sql)
    assert refused.value.reason == reason
    assert refused.value.sentence in SENTENCES.values()


@pytest.mark.parametrize("sql", [line for line in HARMLESS.read_text().splitlines() if line])
def test_what_models_write_passes(sql: str) -> None:
    """Names of output columns are known further out as PostgreSQL knows them."""
    assert judged(sql) is not None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map(" ".join))
def test_shuffled_attacks_never_crash_nor_pass_a_write(sql: str) -> None:
    """Any mix of the known statements' pieces is refused or a plain SELECT."""
    text = judged(sql)
    assert text is None or text.upper().startswith(("SELECT", "WITH", "("))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([item for item in KNOWN if len(item.sql) < 400]),
    st.integers(0, 399),
    st.integers(0, 5),
    st.text(max_size=8) | st.sampled_from([";", "'", '"', "--", "/*", "$$", "U&", "(", ")", "\\"]),
)
def test_a_mutated_statement_is_refused_or_reads_only(
    item: Statement, place: int, cut: int, put: str
) -> None:
    """One edit anywhere never turns a statement into more than a SELECT over the three views."""
    sql = item.sql[:place] + put + item.sql[place + cut :]
    text = judged(sql)
    if text is not None:
        assert canonical(text) == text
        assert not any(word in text.lower().split("'")[0] for word in WRITES if word != "set ")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_judged_without_a_crash(sql: str) -> None:
    """Whatever comes is refused or canonical."""
    text = judged(sql)
    assert text is None or judged(text) == text
