"""The catalogue's tools over DynamoDB, products and reviews, and the MCP server for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from tools.catalog.products import ProductTools
from tools.catalog.reviews import ReviewTools
from tools.contract import Result, Tool, error
from tools.dynamo import Store
from tools.typed import build_tool

__all__ = ["catalog_tools", "specs"]


def catalog_tools(client: Any, tables: Mapping[str, str]) -> list[Tool]:
    """All catalogue tools over a boto3 DynamoDB client.

    Args:
        client: made by ``tools.dynamo.open_client`` or alike; its calls run in threads.
        tables: the names of the tables ``products`` and ``reviews``.
    """
    store = Store(client, "catalog")
    products = ProductTools(store, tables["products"])
    reviews = ReviewTools(store, tables["reviews"])
    functions = (
        products.get_product,
        products.find_products,
        reviews.list_reviews,
        reviews.get_review,
        reviews.rating_summary,
    )
    return [build_tool(function, system="catalog") for function in functions]


@cache
def specs() -> tuple[Tool, ...]:
    """The same tools without a client: name, description and schema are real, calls are refused."""
    unconnected = catalog_tools(None, {"products": "products", "reviews": "reviews"})
    return tuple(replace(tool, call=_refuse) for tool in unconnected)


async def _refuse(arguments: Mapping[str, Any]) -> Result:
    return error("unavailable", "The catalog system is not connected here.")
