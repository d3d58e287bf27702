"""A case: what a rep says, turn by turn, and what must be true of each answer."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

Outcome = Literal["answered", "clarify", "not_found", "refused", "partial", "unavailable"]
Table = Literal[
    "users", "products", "orders", "reviews", "catalog_products", "warranties", "customer_profiles"
]
Rows = dict[Table, list[dict[str, Any]]]


class _Strict(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True
    )


class SqlFact(_Strict):
    """Facts computed from the data: the first column of every row must be said."""

    sql: str
    as_: Literal["text", "money", "date", "number"] = Field("text", alias="as")


class RegexFact(_Strict):
    """A pattern, for wordings that have several right forms."""

    regex: str

    @model_validator(mode="after")
    def _can_fail(self) -> Self:
        try:
            empty = re.search(self.regex, "") is not None
        except re.error as wrong:
            raise ValueError(f"not a regular expression: {wrong}") from None
        if empty:
            raise ValueError("the pattern matches the empty text, so it can never fail")
        return self


class AnyFact(_Strict):
    """One of several facts is enough."""

    any: Annotated[list[Fact], Field(min_length=2)]


def _kind(fact: Any) -> str | None:
    """Which kind of fact is meant, so that an error is about that kind alone."""
    if isinstance(fact, (str, int)):
        return "text"
    given = fact if isinstance(fact, dict) else fact.model_fields_set
    return next((kind for kind in ("sql", "regex", "any") if kind in given), None)


Text = Annotated[str, Field(min_length=1)]
Fact = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[SqlFact, Tag("sql")]
    | Annotated[RegexFact, Tag("regex")]
    | Annotated[AnyFact, Tag("any")],
    Discriminator(
        _kind,
        custom_error_type="fact",
        custom_error_message="a fact is a text, or has one of the keys sql, regex and any",
    ),
]
AnyFact.model_rebuild()


class ExpectedCall(_Strict):
    """A tool that must have answered, with at least these arguments."""

    tool: str
    args: dict[str, str] = {}


class AnyCall(_Strict):
    """One of several ways to the same facts is enough."""

    any: Annotated[list[ExpectedCall], Field(min_length=2)]


class Tools(_Strict):
    """What must have been asked, and what must not; ``forbid`` takes names with ``*``."""

    must: list[ExpectedCall | AnyCall] = []
    forbid: list[Text] = []


class Say(_Strict):
    """What the answer must say, and what it must not."""

    must: list[Fact] = []
    must_not: list[Fact] = []


def _listed(outcome: Any) -> Any:
    """One outcome is a list of one; several are equally right."""
    return [outcome] if isinstance(outcome, str) else outcome


class Turn(_Strict):
    """One question of the rep and what is expected of its answer."""

    rep: Annotated[str, Field(min_length=1)]
    outcome: Annotated[list[Outcome], Field(min_length=1), BeforeValidator(_listed)]
    tools: Tools = Tools()
    say: Say = Say()

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not (self.say.must or self.say.must_not or self.tools.must or self.tools.forbid):
            raise ValueError("the turn expects nothing of the answer but its outcome")
        return self


class Case(_Strict):
    """A conversation with expectations; ``now`` freezes its clock, ``overlay`` adds rows for it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    family: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    now: date
    overlay: Rows = {}
    turns: Annotated[list[Turn], Field(min_length=1)]


class CaseFile(_Strict):
    """A file of cases."""

    version: Literal["1"]
    now: date | None = None
    cases: Annotated[list[Case], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _share_the_clock(cls, data: Any) -> Any:
        """Give the file's clock to every case that has none of its own."""
        if isinstance(data, dict) and "now" in data and isinstance(data.get("cases"), list):
            shared = [
                {"now": data["now"], **case} if isinstance(case, dict) else case
                for case in data["cases"]
            ]
            return {**data, "cases": shared}
        return data
