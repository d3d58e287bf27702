"""The tools over catalogue products: by id, by any spelling of a name, by category."""

from __future__ import annotations

import asyncio
from typing import Annotated

from pydantic import Field

from tools import spelling
from tools.contract import Result, ToolFailure
from tools.dynamo import Store
from tools.naming import Match, Named, find_names
from tools.queries import Query, begins, equals
from tools.records import MAX_ID, PRODUCT, SHELF, Item, plain, record

_NAME_PAGES = 3  # about 50,000 names
_COUNT_PAGES = 2  # some ten thousand; more is not worth the wait

Limit = Annotated[int, Field(ge=1, le=50)]


class ProductTools:
    """What the model may ask about the catalogue's products."""

    def __init__(self, store: Store, table: str) -> None:
        self._store = store
        self._table = table

    async def get_product(
        self,
        product_id: Annotated[int, Field(ge=1, le=MAX_ID, description="Catalogue product id.")],
    ) -> Result:
        """Look one catalogue product up by its id: price, category id, stock."""
        item = await asyncio.to_thread(
            self._store.get, self._table, {"product_id": product_id}, PRODUCT
        )
        return {"found": item is not None, "product": record(item, PRODUCT) if item else None}

    async def find_products(
        self,
        name: Annotated[
            str | None,
            Field(min_length=1, max_length=100, description="Name or part of it, any spelling."),
        ] = None,
        category_id: Annotated[
            int | None, Field(ge=0, le=MAX_ID, description="Category number.")
        ] = None,
        limit: Limit = 10,
    ) -> Result:
        """Find catalogue products by name, misspelt too, or by category id. Give at least one."""
        if name is not None:
            return await asyncio.to_thread(self._find_by_name, name, category_id, limit)
        if category_id is None:
            raise ToolFailure("invalid_input", "Give at least one of name, category_id.")
        return await asyncio.to_thread(self._list_category, category_id, limit)

    def _list_category(self, category_id: int, limit: int) -> Result:
        query = _category(self._table, category_id, PRODUCT)
        page = self._store.query(query, limit=limit + 1)
        truncated = len(page.items) > limit
        total = len(page.items)
        return {
            "products": [record(item, PRODUCT) for item in page.items[:limit]],
            "total": self._store.count(query, pages=_COUNT_PAGES) if truncated else total,
            "truncated": truncated,
            "matched_by": "filters" if total else "none",
        }

    def _find_by_name(self, name: str, category_id: int | None, limit: int) -> Result:
        wanted = spelling.name(name)
        named, incomplete = self._names(wanted, category_id)
        match = find_names(wanted, named)
        return {
            "products": self._records(match, limit),
            "total": None if incomplete else len(match.keys),
            "truncated": incomplete or len(match.keys) > limit,
            "matched_by": match.matched_by,
        }

    def _names(self, wanted: str, category_id: int | None) -> tuple[list[Named[int]], bool]:
        """All names; of a huge catalogue the first ones and those that begin alike."""
        keys = ("product_id", "name_key")
        shelf = Query(self._table, "by_name", (equals("shelf", SHELF),), keys)
        query = shelf if category_id is None else _category(self._table, category_id, keys)
        items, incomplete = self._store.read(query, pages=_NAME_PAGES)
        if incomplete:
            alike = (*query.keys, begins("name_key", wanted))
            items += self._store.read(Query(self._table, query.index, alike, keys), pages=1)[0]
        return list(
            {int(plain(item["product_id"])): _named(item) for item in items}.values()
        ), incomplete

    def _records(self, match: Match[int], limit: int) -> list[Result]:
        wanted = match.keys[:limit]
        if not wanted:
            return []
        items = self._store.get_many(
            self._table, [{"product_id": product_id} for product_id in wanted], PRODUCT
        )
        found = {int(plain(item["product_id"])): record(item, PRODUCT) for item in items}
        return [found[product_id] for product_id in wanted if product_id in found]


def _category(table: str, category_id: int, attributes: tuple[str, ...]) -> Query:
    return Query(table, "by_category", (equals("category_id", category_id),), attributes)


def _named(item: Item) -> Named[int]:
    return Named(int(plain(item["product_id"])), plain(item["name_key"]))
