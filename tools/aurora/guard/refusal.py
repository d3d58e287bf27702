"""Why a statement does not get through, in a fixed sentence that never repeats the statement."""

from __future__ import annotations

from typing import Literal

Reason = Literal[
    "text",
    "syntax",
    "one_select",
    "construct",
    "function",
    "operator",
    "type",
    "relation",
    "column",
    "join",
    "size",
]

SENTENCES: dict[Reason, str] = {
    "text": "The statement is empty, longer than 4,000 characters, or has control characters.",
    "syntax": "The statement is not valid PostgreSQL.",
    "one_select": "Exactly one SELECT is allowed, and nothing else.",
    "construct": (
        "Only plain SELECT is allowed: no INTO, locking, VALUES, recursion, row or composite "
        "values, ONLY, TABLESAMPLE, functions in FROM, collations or parameters."
    ),
    "function": (
        "A function is not allowed. Allowed are aggregates, window functions and the usual "
        "functions of numbers, text and dates."
    ),
    "operator": "An operator is not allowed; use comparison, arithmetic, ||, LIKE or ILIKE.",
    "type": (
        "A type is not allowed; use integer, numeric, text, date, timestamp, interval or boolean."
    ),
    "relation": "Only the tables users, products and orders of schema desk can be read.",
    "column": (
        "There is no such column. users: id, customer_id, username, email, first_name, last_name, "
        "created_at; products: id, name, description, price, category, stock_quantity, created_at; "
        "orders: id, customer_id, total_amount, status, order_date."
    ),
    "join": "Join tables with JOIN … ON or USING and a condition on columns of both.",
    "size": "The statement is too large or nested too deeply.",
}


class Refused(Exception):
    """The guard does not let a statement through.

    Args:
        reason: which rule it breaks; ``SENTENCES`` says it in words.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason

    @property
    def sentence(self) -> str:
        """The fixed sentence for the model."""
        return SENTENCES[self.reason]
