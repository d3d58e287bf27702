"""The oracle: computes expected facts from the sample records, apart from every tool and store.

The records (and a case's overlay) lie in an SQLite database in memory, one table a file of
``deploy/seed/sample``; a statement may use ``:today``, the case's frozen clock.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Self, get_args

from evals.cases import Case
from evals.facts import OracleFact, SqlFact, StoreFact, Table

SAMPLE = Path(__file__).parents[1] / "deploy" / "seed" / "sample"
MONEY = {"price", "total_amount", "lifetime_value"}


class OracleError(Exception):
    """A statement that gives no fact."""


class Oracle:
    """The sample records and the overlay of one case, ready to be asked."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def __enter__(self) -> Self:
        self._database = sqlite3.connect(":memory:")
        for table in get_args(Table):
            rows = json.loads((SAMPLE / f"{table}.json").read_text(encoding="utf-8"))
            self._fill(table, [*rows, *self._case.overlay.get(table, [])])
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def facts(self, fact: OracleFact) -> list[str]:
        """The first column of every row, spelled as an answer would spell it.

        Raises:
            OracleError: the statement is wrong, or finds no row or an unknown value.
        """
        statement = fact.sql if isinstance(fact, SqlFact) else _statement(fact)
        values = {"today": self._case.now.isoformat()}
        if isinstance(fact, StoreFact):
            values |= {f"value{number}": value for number, value in enumerate(fact.where.values())}
        try:
            rows = self._database.execute(statement, values).fetchall()
        except sqlite3.Error as wrong:
            raise OracleError(f"{statement!r}: {wrong}") from None
        if any(row[0] is None for row in rows) or not (rows or fact.empty):
            raise OracleError(f"{statement!r} finds no value")
        return [_spelled(row[0], fact) for row in rows]

    def _fill(self, table: str, rows: list[Mapping[str, Any]]) -> None:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        declared = ", ".join(f'"{column}" {_affinity(column)}' for column in columns)
        marks = ", ".join("?" for _ in columns)
        self._database.execute(f'CREATE TABLE "{table}" ({declared})')
        self._database.executemany(
            f'INSERT INTO "{table}" VALUES ({marks})',  # noqa: S608  # the table is one of a closed set
            [[_stored(row.get(column)) for column in columns] for row in rows],
        )


def _affinity(column: str) -> str:
    return (
        "REAL" if column in MONEY else "NUMERIC" if column.endswith(("_quantity", "_count")) else ""
    )


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def _statement(fact: StoreFact) -> str:
    conditions = " AND ".join(
        f"CAST({_column(name)} AS TEXT) = :value{number}" for number, name in enumerate(fact.where)
    )
    return f"SELECT {_column(fact.field)} FROM {fact.store} WHERE {conditions}"  # noqa: S608  # the store is one of a closed set, names are quoted


def _column(name: str) -> str:
    """A field as a column; ``address.city`` is inside a nested one."""
    outer, dot, inner = name.partition(".")
    quoted = '"' + outer.replace('"', '""') + '"'
    if not dot:
        return quoted
    path = inner.replace("'", "''")
    return f"json_extract({quoted}, '$.{path}')"


def _spelled(value: Any, fact: OracleFact) -> str:
    if fact.as_ == "money":
        return f"{Decimal(str(value)):.2f}"
    if fact.as_ == "date":
        return str(value)[:10]
    if fact.as_ == "number":
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)
