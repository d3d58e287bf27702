"""A fact that an answer must or must not say: typed, computed from the data, or a pattern."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

Spelling = Literal["text", "money", "date", "number"]
Table = Literal[
    "users", "products", "orders", "reviews", "catalog_products", "warranties", "customer_profiles"
]
TABLES: tuple[Table, ...] = get_args(Table)

# A pattern that finds something in each of these says nothing about an answer.
_ANYTHING = ("", "x", "7", "The order 3 is shipped.", "Zoë\n-- 12.50")


class Strict(BaseModel):
    """A part of a case file: frozen, and every key that it does not know is refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True
    )


class SqlFact(Strict):
    """Computed by SQL over the records: the first column of every row must be said.

    The statement runs in SQLite with one table for each kind of record, and ``:today``. Without a
    row it is an error, unless ``empty`` says that none is right.
    """

    sql: str
    as_: Spelling = Field("text", alias="as")
    empty: bool = False


class StoreFact(Strict):
    """Looked up in the records of one store: a field of every row that has these values."""

    store: Table
    where: Annotated[dict[str, str], Field(min_length=1)]
    field: str
    as_: Spelling = Field("text", alias="as")
    empty: bool = False


class NumberFact(Strict):
    """A number as a decimal: ``1,329.98`` and ``1329.980`` are the same."""

    number: Annotated[Decimal, WithJsonSchema({"type": ["number", "string"]})]


class DateFact(Strict):
    """A day, ``YYYY-MM-DD``, in whatever spelling the answer has it."""

    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class RegexFact(Strict):
    """A pattern, for wordings that have several right forms."""

    regex: str

    @model_validator(mode="after")
    def _can_fail(self) -> Self:
        try:
            pattern = re.compile(self.regex, re.IGNORECASE)
        except re.error as wrong:
            raise ValueError(f"not a regular expression: {wrong}") from None
        if pattern.search("") is not None:
            raise ValueError("the pattern matches the empty text, so it can never fail")
        if all(pattern.search(text) for text in _ANYTHING[1:]):
            raise ValueError("the pattern matches every text, so it can never fail")
        return self


class AnyFact(Strict):
    """One of several facts is enough."""

    any: Annotated[list[Fact], Field(min_length=2)]


_KINDS = ("sql", "store", "number", "date", "regex", "any")


def _kind(fact: Any) -> str | None:
    """Which kind of fact is meant, so that an error is about that kind alone."""
    if isinstance(fact, (str, int)):
        return "text"
    given = fact if isinstance(fact, dict) else fact.model_fields_set
    return next((kind for kind in _KINDS if kind in given), None)


Text = Annotated[str, Field(min_length=1)]
Fact = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[SqlFact, Tag("sql")]
    | Annotated[StoreFact, Tag("store")]
    | Annotated[NumberFact, Tag("number")]
    | Annotated[DateFact, Tag("date")]
    | Annotated[RegexFact, Tag("regex")]
    | Annotated[AnyFact, Tag("any")],
    Discriminator(
        _kind,
        custom_error_type="fact",
        custom_error_message=(
            "a fact is a text, or has one of the keys sql, store, number, date, regex and any"
        ),
    ),
]
AnyFact.model_rebuild()
OracleFact = SqlFact | StoreFact
