"""The oracle computes facts from the records alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evals.cases import Case
from evals.facts import SqlFact
from evals.oracle import Oracle, OracleError


def facts(sql: str, spelled: str = "text", **changed: Any) -> list[str]:
    """What a statement finds in the sample records on the day of the case."""
    expecting = {"rep": "?", "outcome": "answered", "say": {"must": ["x"]}}
    given = {"id": "case", "family": "orders", "now": date(2026, 11, 22), "turns": [expecting]}
    with Oracle(Case.model_validate(given | changed)) as oracle:
        return oracle.facts(SqlFact.model_validate({"sql": sql, "as": spelled}))


def test_money_has_two_digits() -> None:
    """A sum is spelled as money is."""
    assert facts("select sum(total_amount) from orders", "money") == ["1800.92"]


def test_prices_compare_as_numbers() -> None:
    """Amounts in the records are text, and still compared by value."""
    sql = "select name from products where price between 20 and 60 order by price"
    assert facts(sql) == ["Water Bottle", "Wireless Mouse", "Webcam"]


def test_the_frozen_clock_is_at_hand() -> None:
    """A statement can count days from the case's day."""
    sql = (
        "select julianday(warranty_end_date) - julianday(:today) from warranties"
        " where serial_number = 'TABLET003M5N6P'"
    )
    assert facts(sql, "number") == ["13"]
    assert facts(sql, "number", now=date(2026, 12, 5)) == ["0"]


def test_rows_of_the_case_are_there_too() -> None:
    """An overlay is part of the data that the facts are computed from."""
    added = {"orders": [{"id": 90, "customer_id": "CUST001", "total_amount": "0.02"}]}
    assert facts("select sum(total_amount) from orders", "money", overlay=added) == ["1800.94"]


@pytest.mark.parametrize(
    "sql",
    ["select 1 where 0", "select max(id) from orders where 0", "selec", "select x from users"],
)
def test_a_statement_without_a_fact_is_an_error(sql: str) -> None:
    """No row, no value and no sense are told apart from a fact."""
    with pytest.raises(OracleError):
        facts(sql)
