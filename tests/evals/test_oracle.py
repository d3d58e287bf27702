"""The oracle computes facts from the records alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evals.cases import Case
from evals.data import records_of
from evals.facts import SqlFact, StoreFact
from evals.oracle import Oracle, OracleError, open_oracle


def facts(sql: str, spelled: str = "text", **changed: Any) -> list[str]:
    """What a statement finds in the sample records on the day of the case."""
    with Oracle(case_of(**changed)) as oracle:
        return oracle.facts(SqlFact.model_validate({"sql": sql, "as": spelled}))


def case_of(**changed: Any) -> Case:
    """A case on the sample data, or what was changed of it."""
    expecting = {"rep": "?", "outcome": "answered", "say": {"must": ["x"]}}
    given = {"id": "case", "family": "orders", "now": date(2026, 11, 22), "turns": [expecting]}
    return Case.model_validate(given | changed)


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


def test_a_field_of_a_store_is_looked_up() -> None:
    """Values are compared as text, and a field may lie inside another one."""
    case = case_of()
    city = StoreFact.model_validate(
        {"store": "customer_profiles", "where": {"customer_id": "CUST001"}, "field": "address.city"}
    )
    shipped = {"id": 3, "status": "shipped"}
    amount = StoreFact.model_validate(
        {"store": "orders", "where": shipped, "field": "total_amount", "as": "money"}
    )
    assert open_oracle(case).facts(city) == ["San Francisco"]
    assert open_oracle(case).facts(amount) == ["299.99"]


@pytest.mark.parametrize("changed", [{"field": "state"}, {"where": {"number": "3"}}])
def test_a_field_that_is_not_there_is_an_error(changed: dict[str, Any]) -> None:
    """SQLite would take the misspelt name for a text."""
    fact = {"store": "orders", "where": {"id": 3}, "field": "status"}
    with pytest.raises(OracleError, match="no such column"):
        open_oracle(case_of()).facts(StoreFact.model_validate(fact | changed))


def test_cases_of_one_seed_share_its_database() -> None:
    """Only rows of its own give a case a copy."""
    records = records_of("base")
    assert open_oracle(case_of()).records is records
    own = open_oracle(case_of(overlay={"orders": [{"id": 90}]}), records)
    assert own.records is not records
    assert len(own.records["orders"]) == len(records["orders"]) + 1


def test_facts_hold_on_generated_data() -> None:
    """The same statement asks whatever data the case is about."""
    assert facts("select count(*) from users", "number", seed="generated:200") == ["205"]
