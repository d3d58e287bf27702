"""Catalogue products are found by id, by any spelling of a name and by category."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures_dynamodb import Database, catalog_of
from tools.contract import Tool
from tools.records import catalog_product_item

pytestmark = pytest.mark.stack


@pytest.fixture
def tools(sample: Database) -> dict[str, Tool]:
    """The catalogue's tools by name, over the sample records."""
    return catalog_of(sample)


def product(number: int, name: str, category: int = 1) -> dict[str, Any]:
    """A catalogue product to store."""
    return catalog_product_item(
        {"product_id": number, "name": name, "price": "5.10", "category_id": category}
    )


async def test_a_product_is_found_by_its_id(tools: dict[str, Tool]) -> None:
    """Price is a text with cents, stock a number, and derived attributes stay inside."""
    assert await tools["get_product"].call({"product_id": 4}) == {
        "found": True,
        "product": {
            "product_id": 4,
            "name": "Desk Chair",
            "description": "Office chair, adjustable height and back",
            "price": "299.99",
            "category_id": 2,
            "stock_quantity": 30,
            "created_at": "2024-01-01T00:00:00Z",
        },
    }


async def test_an_unknown_product_is_not_found_and_no_error(tools: dict[str, Tool]) -> None:
    """Not found is data."""
    assert await tools["get_product"].call({"product_id": 99}) == {"found": False, "product": None}


@pytest.mark.parametrize(
    "given", [{}, {"product_id": 0}, {"product_id": 10**30}, {"product_id": "x"}]
)
async def test_a_product_id_that_is_none_is_invalid(
    tools: dict[str, Tool], given: dict[str, Any]
) -> None:
    """The call must change, and it says which argument."""
    result = await tools["get_product"].call(given)
    assert result["error"]["kind"] == "invalid_input"
    assert result["error"]["message"].startswith("product_id: ")


@pytest.mark.parametrize(
    ("name", "found", "matched_by"),
    [
        ("laptop PRO", [1], "name"),
        ("lap", [1], "name"),
        ("mouse", [2], "name"),
        ("mug coffee", [3], "name"),
        ("laptp", [1], "similar_name"),
        ("wirless mose", [2], "similar_name"),
        ("usbcable", [5], "similar_name"),
        ("chairs", [4], "similar_name"),
        ("submarine", [], "none"),
        ("???", [], "none"),
        ("'; DROP TABLE products; --", [], "none"),
        ("ノートパソコン", [], "none"),
    ],
)
async def test_a_product_is_found_by_any_spelling_of_its_name(
    tools: dict[str, Tool], name: str, found: list[int], matched_by: str
) -> None:
    """Words in any order and case match; misspelt words match when no name holds them."""
    result = await tools["find_products"].call({"name": name})
    assert [product["product_id"] for product in result["products"]] == found
    assert (result["matched_by"], result["total"]) == (matched_by, len(found))


async def test_a_category_is_listed_by_name_and_says_when_it_is_cut(
    tools: dict[str, Tool],
) -> None:
    """Three products are in category 1, two are asked for."""
    result = await tools["find_products"].call({"category_id": 1, "limit": 2})
    assert [product["name"] for product in result["products"]] == ["Laptop Pro", "USB Cable"]
    assert (result["total"], result["truncated"], result["matched_by"]) == (3, True, "filters")


async def test_a_name_can_be_looked_for_in_one_category(tools: dict[str, Tool]) -> None:
    """The mouse is in category 1 and not in category 2."""
    within = await tools["find_products"].call({"name": "mouse", "category_id": 1})
    without = await tools["find_products"].call({"name": "mouse", "category_id": 2})
    assert (within["total"], without["total"]) == (1, 0)


async def test_products_are_not_listed_without_name_or_category(tools: dict[str, Tool]) -> None:
    """An unparsable call arrives as an empty one and must not list everything."""
    result = await tools["find_products"].call({})
    assert result["error"]["kind"] == "invalid_input"


async def test_the_exact_name_comes_before_longer_names(empty_database: Database) -> None:
    """Who asks for Desk wants Desk, not Desk Chair."""
    names = ["Desk Chair", "Standing Desk", "Desk"]
    empty_database.put("products", *(product(n, name) for n, name in enumerate(names, start=1)))
    tools = catalog_of(empty_database)
    result = await tools["find_products"].call({"name": "desk"})
    assert [found["name"] for found in result["products"]] == [
        "Desk",
        "Desk Chair",
        "Standing Desk",
    ]


async def test_many_matches_are_cut_and_counted(empty_database: Database) -> None:
    """All that match are counted, as many as asked for are given."""
    empty_database.put("products", *(product(n, f"Lamp {n:03}") for n in range(1, 121)))
    tools = catalog_of(empty_database)
    result = await tools["find_products"].call({"name": "lamp", "limit": 50})
    assert (len(result["products"]), result["total"], result["truncated"]) == (50, 120, True)
    listed = await tools["find_products"].call({"category_id": 1, "limit": 1})
    assert listed["total"] == 120
