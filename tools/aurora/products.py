"""The tool that searches products by words, category, price and stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema

from tools.aurora import shapes
from tools.aurora.database import Database, Row
from tools.aurora.product_search import MATCHED_BY, ProductSearch, read_product_search
from tools.contract import Result, Tool
from tools.typed import build_tool

_AMOUNT = WithJsonSchema({"type": "number", "minimum": 0})
Price = Annotated[Decimal, Field(ge=0, lt=100_000_000), _AMOUNT] | None

_COLUMNS = ("product_id", "name", "description", "price", "category", "stock_quantity")


def product_tools(database: Database) -> list[Tool]:
    """``search_products`` over an open database."""

    async def search_products(
        query: Annotated[
            str | None, Field(max_length=200, description="Words of the name, or a product id.")
        ] = None,
        category: Annotated[str | None, Field(max_length=100)] = None,
        min_price: Price = None,
        max_price: Price = None,
        in_stock: Annotated[bool | None, Field(description="false: out of stock only")] = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> Result:
        """Search the products we sell: price, category, stock. Give at least one condition.

        matched_by "similar_name" means no product is named so, only similarly.
        """
        search = read_product_search(ProductSearch(query, category, min_price, max_price, in_stock))
        parameters = search.parameters() | {"page": limit + 1}
        return _result(await database.fetch(search.statement(), parameters), limit)

    return [build_tool(search_products, system="aurora")]


def _result(rows: list[Row], limit: int) -> Result:
    found = [row for row in rows if row["product_id"] is not None]
    shown = [{name: row[name] for name in _COLUMNS} for row in found[:limit]]
    result: Result = {
        "products": [product | {"price": shapes.money(product["price"])} for product in shown],
        "total": rows[0]["total"],
        "truncated": len(found) > limit,
        "matched_by": MATCHED_BY.get(rows[0]["best_rank"], "none"),
    }
    if rows[0]["categories"] is not None:  # the category given is none of ours
        result["categories"] = rows[0]["categories"]
    return result
