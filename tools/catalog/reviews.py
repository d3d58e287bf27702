"""The tools over product reviews: lists, one review, and how a product is rated."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from tools import spelling
from tools.catalog import cursor as cursors
from tools.catalog.listing import newest
from tools.contract import Result, ToolFailure
from tools.dynamo import Store
from tools.queries import Condition, Query, between, equals
from tools.records import MAX_ID, REVIEW, Item, plain, record

# A list is for overview; get_review gives a review whole.
_COMMENT_IN_LIST = 1000
_COUNT_PAGES = 2  # some ten thousand; more is not worth the wait
_SUMMARY_PAGES = 10

Rating = Annotated[int, Field(ge=1, le=5)]


class ReviewTools:
    """What the model may ask about reviews."""

    def __init__(self, store: Store, table: str) -> None:
        self._store = store
        self._table = table

    async def list_reviews(
        self,
        product_id: Annotated[
            int | None, Field(ge=1, le=MAX_ID, description="Catalogue product id.")
        ] = None,
        customer_id: Annotated[
            str | None, Field(min_length=1, max_length=40, description="Customer id, e.g. CUST001.")
        ] = None,
        min_rating: Annotated[Rating | None, Field(description="Lowest rating, 1 to 5.")] = None,
        max_rating: Annotated[Rating | None, Field(description="Highest rating, 1 to 5.")] = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 20,
        cursor: Annotated[
            str | None,
            Field(max_length=cursors.MAX_LENGTH, description="From the page before, unchanged."),
        ] = None,
    ) -> Result:
        """List reviews, newest first, of a product, by a customer, or by rating.

        Give at least one of product_id, customer_id, min_rating, max_rating.
        """
        if all(given is None for given in (product_id, customer_id, min_rating, max_rating)):
            raise ToolFailure(
                "invalid_input",
                "Give at least one of product_id, customer_id, min_rating, max_rating.",
            )
        wanted = _Wanted(self._table, product_id, customer_id, min_rating or 1, max_rating or 5)
        queries = wanted.queries()
        place = cursors.Place((None,) * len(queries), None)
        if cursor is not None:
            place = cursors.read(cursor, wanted.arguments(), queries=len(queries))
        page = await newest(self._store, queries, place.positions, limit)
        total = place.total
        if cursor is None:
            total = await self._total(wanted) if page.truncated else len(page.items)
        following = cursors.Place(page.positions, total)
        return {
            "reviews": [_in_list(item) for item in page.items],
            "total": total,
            "truncated": page.truncated,
            "cursor": cursors.write(following, wanted.arguments()) if page.truncated else None,
        }

    async def get_review(
        self,
        review_id: Annotated[
            str, Field(min_length=1, max_length=40, description="Review id, e.g. REV001.")
        ],
    ) -> Result:
        """Look one review up by its id."""
        key = spelling.review_id(review_id)
        if not key:
            raise ToolFailure("invalid_input", "review_id: not a review id")
        item = await asyncio.to_thread(self._store.get, self._table, {"review_id": key}, REVIEW)
        return {"found": item is not None, "review": record(item, REVIEW) if item else None}

    async def rating_summary(
        self,
        product_id: Annotated[int, Field(ge=1, le=MAX_ID, description="Catalogue product id.")],
    ) -> Result:
        """Count a product's reviews, in all, by rating and verified, with the average rating."""
        query = Query(
            self._table,
            "by_product_rating",
            keys=(equals("product_id", product_id),),
            attributes=("rating", "verified_purchase"),
        )
        items, truncated = await asyncio.to_thread(self._store.read, query, pages=_SUMMARY_PAGES)
        ratings = Counter(int(plain(item["rating"])) for item in items)
        stars = sum(rating * count for rating, count in ratings.items())
        return {
            "product_id": product_id,
            "reviews": len(items),
            "average_rating": f"{Decimal(stars) / len(items):.2f}" if items else None,
            "ratings": {str(rating): ratings[rating] for rating in range(1, 6)},
            "verified": sum(
                plain(item.get("verified_purchase", {"BOOL": False})) for item in items
            ),
            "truncated": truncated,
        }

    async def _total(self, wanted: _Wanted) -> int | None:
        counts = await asyncio.gather(
            *(
                asyncio.to_thread(self._store.count, query, pages=_COUNT_PAGES)
                for query in wanted.counting()
            )
        )
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


class _Wanted:
    """Which reviews are asked for, and by which indexes they are found."""

    def __init__(
        self, table: str, product_id: int | None, customer_id: str | None, low: int, high: int
    ) -> None:
        if low > high:
            raise ToolFailure("invalid_input", "min_rating must not be higher than max_rating.")
        self._table = table
        self._product_id = product_id
        self._customer_id = None if customer_id is None else spelling.customer_id(customer_id)
        if self._customer_id == "":
            raise ToolFailure("invalid_input", "customer_id: not a customer id")
        self._low, self._high = low, high

    def arguments(self) -> Mapping[str, Any]:
        """What a cursor belongs to."""
        return {
            "product_id": self._product_id,
            "customer_id": self._customer_id,
            "ratings": [self._low, self._high],
        }

    def queries(self) -> list[Query]:
        """One query, or one for each rating when neither product nor customer is given."""
        if self._customer_id is not None:
            product = () if self._product_id is None else (equals("product_id", self._product_id),)
            return [self._query("by_customer", self._customer_id, (*product, *self._ratings()))]
        if self._product_id is not None:
            return [self._query("by_product", self._product_id, self._ratings())]
        return [self._query("by_rating", rating) for rating in range(self._high, self._low - 1, -1)]

    def counting(self) -> list[Query]:
        """The same reviews by the index that counts them with the fewest bytes read."""
        if self._customer_id is not None or self._product_id is None:
            return self.queries()
        product = equals("product_id", self._product_id)
        return [Query(self._table, "by_product_rating", (product, *self._ratings()), ())]

    def _ratings(self) -> tuple[Condition, ...]:
        if (self._low, self._high) == (1, 5):
            return ()
        return (between("rating", self._low, self._high),)

    def _query(self, index: str, value: Any, filters: tuple[Condition, ...] = ()) -> Query:
        keys = (equals(_PARTITIONS[index], value),)
        return Query(self._table, index, keys, REVIEW, filters, newest_first=True)


_PARTITIONS = {"by_product": "product_id", "by_customer": "customer_id", "by_rating": "rating"}


def _in_list(item: Item) -> dict[str, Any]:
    shown = record(item, REVIEW)
    comment = shown.get("comment")
    if isinstance(comment, str) and len(comment) > _COMMENT_IN_LIST:
        shown["comment"] = f"{comment[:_COMMENT_IN_LIST]} […]"
    return shown
