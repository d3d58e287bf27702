"""What a product search means in SQL: words, a category, prices and stock as conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg import sql

from tools.contract import ToolFailure

MATCHED_BY = {1: "product_id", 2: "name", 3: "description", 4: "similar_name", 5: "filters"}

_ID = re.compile(r"(?:(?:product|item|article|id|no|nr)[\s#:._-]*|#\s*)?0*(\d{1,9})", re.IGNORECASE)
_MOST_WORDS = 8
_MOST_SIMILAR = 200  # nearest names looked at before the other conditions apply
_FILLERS = frozenset({"a", "an", "and", "any", "for", "of", "or", "some", "the", "with"})

# The categories there are, found by stepping through their index, and those that fit the one given.
_CATEGORIES = sql.SQL("""
known (category) AS (
    (SELECT lower(p.category) FROM desk.products AS p WHERE p.category IS NOT NULL
     ORDER BY lower(p.category) LIMIT 1)
    UNION ALL
    SELECT (SELECT lower(p.category) FROM desk.products AS p
            WHERE lower(p.category) > known.category ORDER BY lower(p.category) LIMIT 1)
    FROM known WHERE known.category IS NOT NULL
), fitting AS MATERIALIZED (
    SELECT category FROM known WHERE category = %(category)s
    UNION
    SELECT category FROM known
    WHERE category LIKE ALL (%(category_parts)s::text[])
      AND cardinality(%(category_parts)s::text[]) > 0
      AND NOT EXISTS (SELECT FROM known AS same WHERE same.category = %(category)s)
),""")
_KNOWN_CATEGORIES = sql.SQL("""
    CASE WHEN NOT EXISTS (SELECT FROM fitting) THEN ARRAY(
        SELECT (SELECT p.category FROM desk.products AS p
                WHERE lower(p.category) = known.category LIMIT 1)
        FROM known WHERE known.category IS NOT NULL LIMIT 30) END""")

# Each way of finding has a rank; the best rank that found anything is the answer.
_SEARCH = sql.SQL("""
WITH RECURSIVE {categories} found AS MATERIALIZED ({ways}), best AS (
    SELECT found.* FROM found WHERE found.rank = (SELECT min(rank) FROM found)
)
SELECT totals.*, {known} AS categories, page.*
FROM (SELECT count(*) AS total, min(rank) AS best_rank FROM best) AS totals
LEFT JOIN LATERAL (
    SELECT row_number() OVER (ORDER BY {order}, p.id) AS place, p.id AS product_id,
        p.name, p.description, p.price, p.category, p.stock_quantity
    FROM best JOIN desk.products AS p ON p.id = best.id
    ORDER BY place LIMIT %(page)s) AS page ON true
ORDER BY page.place
""")
_WAY = sql.SQL(
    "SELECT {rank} AS rank, p.id, {likeness} AS likeness FROM {source} WHERE {condition}"
)
_PRODUCTS = sql.SQL("desk.products AS p")
_ALIKE = sql.SQL("1::real")
_SIMILAR = sql.SQL(
    "desk.similar_products(%(query)s, %(similar)s) AS near"
    " JOIN desk.products AS p ON p.id = near.id"
)
_BY_NAME = sql.SQL(
    "lower(p.name) = lower(%(query)s) DESC, best.likeness DESC,"
    " starts_with(lower(p.name), lower(%(query)s)) DESC"
)


@dataclass(frozen=True, slots=True)
class ProductSearch:
    """The arguments of one search; any may be None, but not all."""

    query: str | None
    category: str | None
    min_price: Decimal | None
    max_price: Decimal | None
    in_stock: bool | None

    def statement(self) -> sql.Composed:
        """The one statement that finds, counts and cuts."""
        conditions = self._conditions()
        return _SEARCH.format(
            categories=_CATEGORIES if self.category else sql.SQL(""),
            known=_KNOWN_CATEGORIES if self.category else sql.SQL("NULL"),
            ways=sql.SQL(" UNION ALL ").join(self._ways(conditions)),
            order=self._order(),
        )

    def parameters(self) -> dict[str, Any]:
        """The values for the statement, by name."""
        category = " ".join((self.category or "").lower().split())
        number = _ID.fullmatch(self.query or "")
        return {
            "query": self.query,
            "similar": _MOST_SIMILAR,
            "number": int(number[1]) if number else None,
            "category": category,
            "category_parts": patterns(category),
            "min_price": self.min_price,
            "max_price": self.max_price,
            **{f"word_{place}": word for place, word in enumerate(patterns(self.query or ""))},
        }

    def _conditions(self) -> list[sql.SQL]:
        stock = {True: "p.stock_quantity > 0", False: "coalesce(p.stock_quantity, 0) <= 0"}
        given = {
            "lower(p.category) = ANY (ARRAY(SELECT category FROM fitting))": self.category or None,
            "p.price >= %(min_price)s": self.min_price,
            "p.price <= %(max_price)s": self.max_price,
            stock[self.in_stock is True]: self.in_stock,
        }
        return [sql.SQL(text) for text, value in given.items() if value is not None]

    def _ways(self, conditions: list[sql.SQL]) -> list[sql.Composed]:
        if not self.query:
            return [_way(5, conditions)]
        words = [sql.Placeholder(f"word_{place}") for place in range(len(patterns(self.query)))]
        in_name = [sql.SQL("lower(p.name) LIKE {}").format(word) for word in words]
        anywhere = [
            sql.SQL("(lower(p.name) LIKE {0} OR lower(p.description) LIKE {0})").format(word)
            for word in words
        ]
        by_number = sql.SQL("p.id = %(number)s::int")
        near = _way(4, conditions, source=_SIMILAR, likeness=sql.SQL("near.similarity"))
        by_words = [_way(2, [*in_name, *conditions]), _way(3, [*anywhere, *conditions])]
        return [_way(1, [by_number, *conditions]), *(by_words if words else []), near]

    def _order(self) -> sql.SQL:
        if self.query:
            return _BY_NAME
        by_price = self.min_price is not None or self.max_price is not None
        return sql.SQL("p.price") if by_price else sql.SQL("best.rank")


def read_product_search(search: ProductSearch) -> ProductSearch:
    """The search itself, once its arguments make sense together.

    Raises:
        ToolFailure: ``invalid_input`` when nothing is given or the prices exclude each other.
    """
    given = (search.query, search.category, search.min_price, search.max_price, search.in_stock)
    if all(value in (None, "") for value in given):
        raise ToolFailure("invalid_input", "Give a query, a category, a price or in_stock.")
    low, high = search.min_price, search.max_price
    if low is not None and high is not None and low > high:
        raise ToolFailure("invalid_input", "min_price is above max_price.")
    return search


def patterns(text: str) -> list[str]:
    """A LIKE pattern for each word that matters, in the singular, its wildcards made plain."""
    words = [word.strip("\"'.,;:!?()") for word in text.lower().split()]
    telling = [word for word in words if word and word not in _FILLERS] or [w for w in words if w]
    return [f"%{_plain(_singular(word))}%" for word in telling[:_MOST_WORDS]]


def _plain(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _singular(word: str) -> str:
    """``mugs`` is ``mug``, ``watches`` ``watch``, ``batteries`` ``batter`` (of ``battery``)."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us")):
        return word
    if word.endswith("ies"):
        return word[:-3]
    return word[:-2] if word.endswith(("shes", "ches", "xes", "sses")) else word[:-1]


def _way(
    rank: int,
    conditions: list[sql.SQL] | list[sql.Composable],
    *,
    source: sql.SQL = _PRODUCTS,
    likeness: sql.SQL = _ALIKE,
) -> sql.Composed:
    return _WAY.format(
        rank=sql.Literal(rank),
        likeness=likeness,
        source=source,
        condition=sql.SQL(" AND ").join(conditions or [sql.SQL("true")]),
    )
