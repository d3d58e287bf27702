"""Products by words, category, price and stock, the surest way of finding first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures_postgres import AskAurora, AuroraCopy
from tools.aurora.product_search import ProductSearch, patterns


def ids(result: dict[str, Any]) -> list[int]:
    """The product ids of a result."""
    return [product["product_id"] for product in result["products"]]


@pytest.mark.stack
@pytest.mark.parametrize(
    ("arguments", "expected", "matched_by"),
    [
        ({"query": "laptop"}, [1], "name"),
        ({"query": "LAPTOP pro"}, [1], "name"),
        ({"query": "the mugs"}, [3], "name"),
        ({"query": "4"}, [4], "product_id"),
        ({"query": "product #4"}, [4], "product_id"),
        ({"query": "lumbar"}, [4], "description"),
        ({"query": "steel bottle"}, [9], "description"),
        ({"query": "laptp"}, [1], "similar_name"),
        ({"query": "wireles mose"}, [2], "similar_name"),
        ({"query": "webcan"}, [10], "similar_name"),
        ({"category": "electronics"}, [1, 2, 5, 8, 10], "filters"),
        ({"category": "office"}, [3, 4, 6, 7, 9], "filters"),
        ({"category": "Office Supply", "max_price": 6}, [], "none"),
        ({"category": "office supplies", "max_price": 25}, [6, 3, 9], "filters"),
        ({"min_price": 80, "max_price": "299.99"}, [8, 4], "filters"),
        ({"in_stock": False}, [9], "filters"),
        ({"query": "bottle", "in_stock": True}, [], "none"),
        ({"query": "keyboard", "category": "electronics", "in_stock": True}, [8], "name"),
        ({"query": "spaceship"}, [], "none"),
        ({"query": "%"}, [], "none"),
        ({"query": "_"}, [], "none"),
        ({"query": "\\"}, [], "none"),
        ({"query": "'; --"}, [], "none"),
    ],
)
async def test_products_are_found(
    arguments: dict[str, Any], expected: list[int], matched_by: str, ask_shared: AskAurora
) -> None:
    """Each way says which it was; prices sort what was asked for by price."""
    result = await ask_shared("search_products", **arguments)
    assert (ids(result), result["matched_by"]) == (expected, matched_by)
    assert (result["total"], result["truncated"]) == (len(expected), False)


@pytest.mark.stack
async def test_a_product_is_shown_whole(ask_shared: AskAurora) -> None:
    """The fields of the contract and no other."""
    result = await ask_shared("search_products", query="desk chair")
    assert result["products"] == [
        {
            "product_id": 4,
            "name": "Desk Chair",
            "description": "Adjustable office chair with lumbar support",
            "price": "299.99",
            "category": "Office Supplies",
            "stock_quantity": 25,
        }
    ]


@pytest.mark.stack
@pytest.mark.parametrize("category", ["toys", "?", "'!'", "%"])
async def test_a_category_that_does_not_exist_names_those_that_do(
    ask_shared: AskAurora, category: str
) -> None:
    """The next call can be right."""
    result = await ask_shared("search_products", category=category)
    assert (result["products"], result["matched_by"]) == ([], "none")
    assert result["categories"] == ["Electronics", "Office Supplies"]


@pytest.mark.stack
async def test_what_is_cut_is_counted(ask_shared: AskAurora) -> None:
    """A page is not the whole."""
    result = await ask_shared("search_products", min_price=0, limit=3)
    assert (ids(result), result["total"], result["truncated"]) == ([6, 3, 5], 10, True)


@pytest.mark.stack
async def test_the_product_of_that_very_name_comes_first(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """Others only contain the word."""
    aurora.execute(
        "INSERT INTO store.products (id, name) VALUES (50, 'Monitor'), (51, 'A Monitor')"
    )
    assert ids(await ask_aurora("search_products", query="monitor")) == [50, 7, 51]


@pytest.mark.stack
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"query": ""},
        {"min_price": 5, "max_price": 4},
        {"min_price": -1},
        {"max_price": "cheap"},
        {"query": "x", "limit": 0},
    ],
)
async def test_wrong_arguments_are_named(arguments: dict[str, Any], ask_shared: AskAurora) -> None:
    """A search needs a condition that makes sense."""
    result = await ask_shared("search_products", **arguments)
    assert result["error"]["kind"] == "invalid_input"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the mugs", ["%mug%"]),
        ("watches and batteries", ["%watch%", "%batter%"]),
        ("glass", ["%glass%"]),
        ("50% off_sale", [r"%50\%%", r"%off\_sale%"]),
        ("the", ["%the%"]),
        ("   ", []),
    ],
)
def test_words_become_patterns(text: str, expected: list[str]) -> None:
    """In the singular, without fillers, wildcards as plain signs."""
    assert patterns(text) == expected


@given(st.text(max_size=60))
def test_any_words_give_a_statement_for_each_of_them(text: str) -> None:
    """Every placeholder of the statement has its value."""
    search = ProductSearch(text, "x", Decimal(1), Decimal(2), in_stock=True)
    statement = search.statement().as_string()
    wanted = [name for name in search.parameters() if name.startswith("word_")]
    assert all(f"%({name})s" in statement for name in wanted)
    assert "%(word_9)s" not in statement
