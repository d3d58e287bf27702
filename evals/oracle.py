"""The oracle: computes expected facts from the records, apart from every tool and store.

A statement runs in SQLite over one table for each kind of record, a case's own rows among them; it
may use ``:today``, the case's frozen clock.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from evals.cases import Case
from evals.data import DatabaseError, Records, records_of
from evals.facts import OracleFact, SqlFact, StoreFact


class OracleError(Exception):
    """A statement that gives no fact."""


def open_oracle(case: Case, records: Records | None = None) -> Oracle:
    """The oracle of a case over its seed's records, which all cases of the seed share."""
    return Oracle(case, records)


class Oracle:
    """The records of a case, with its own rows among them, ready to be asked.

    Args:
        records: those of the case's seed; looked up when not given.
    """

    def __init__(self, case: Case, records: Records | None = None) -> None:
        shared = records_of(case.seed) if records is None else records
        self._case = case
        self.records = shared.with_rows(case.overlay) if case.overlay else shared

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close: the database is shared, or goes with the oracle."""

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
            rows = self.records.database.ask(statement, values)
        except DatabaseError as wrong:
            raise OracleError(str(wrong)) from None
        if any(row[0] is None for row in rows) or not (rows or fact.empty):
            raise OracleError(f"{statement!r} finds no value")
        return [_spelled(row[0], fact) for row in rows]


def _statement(fact: StoreFact) -> str:
    conditions = " AND ".join(
        f"CAST({_column(fact.store, name)} AS TEXT) = :value{number}"
        for number, name in enumerate(fact.where)
    )
    return f"SELECT {_column(fact.store, fact.field)} FROM {fact.store} WHERE {conditions}"  # noqa: S608  # the store is one of a closed set, names are quoted


def _column(store: str, name: str) -> str:
    """A field as a column; ``address.city`` is inside a nested one.

    With its table's name before it: SQLite takes an unknown name in quotes for a text.
    """
    outer, dot, inner = name.partition(".")
    quoted = f'{store}."' + outer.replace('"', '""') + '"'
    if not dot:
        return quoted
    path = inner.replace("'", "''")
    return f"json_extract({quoted}, '$.{path}')"


def _spelled(value: object, fact: OracleFact) -> str:
    if fact.as_ == "money":
        return f"{Decimal(str(value)):.2f}"
    if fact.as_ == "date":
        return str(value)[:10]
    if fact.as_ == "number":
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)
