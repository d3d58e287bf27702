"""A fake of the catalogue's tools, over records in memory."""

from __future__ import annotations

from decimal import Decimal

from deploy.seed.records import Records
from tests.deploy.local.bedrock.understudy.fake_rows import Result, Row, page, products_named
from tools import spelling


class FakeCatalog:
    """Catalogue products and reviews."""

    def __init__(self, records: Records) -> None:
        self.products = [{**p, "price": str(p["price"])} for p in records.catalog_products]
        self.reviews = sorted(
            ({**r, "created_at": str(r["created_at"])} for r in records.reviews),
            key=lambda r: str(r["created_at"]),
            reverse=True,
        )

    def get_product(self, product_id: int) -> Result:
        """One catalogue product."""
        found = next((p for p in self.products if p["product_id"] == int(product_id)), None)
        return {"found": found is not None, "product": found}

    def find_products(
        self, name: str = "", category_id: int | None = None, limit: int = 10
    ) -> Result:
        """Catalogue products by name or category number."""
        rows: list[Row] = [p for p in self.products if category_id in (None, p["category_id"])]
        matched_by = "category"
        if name:
            rows, matched_by = products_named(rows, name)
        return page(rows, limit, "products", matched_by=matched_by if rows else "none")

    def list_reviews(
        self,
        product_id: int | None = None,
        customer_id: str = "",
        min_rating: int = 1,
        max_rating: int = 5,
        limit: int = 20,
        cursor: str = "",
    ) -> Result:
        """Reviews by product, customer or rating, newest first."""
        rows: list[Row] = [
            r
            for r in self.reviews
            if product_id in (None, r["product_id"])
            and customer_id in ("", r["customer_id"])
            and min_rating <= r["rating"] <= max_rating
        ]
        return page(rows, limit, "reviews", cursor=None)

    def get_review(self, review_id: str) -> Result:
        """One review."""
        found = next(
            (r for r in self.reviews if r["review_id"] == spelling.review_id(review_id)), None
        )
        return {"found": found is not None, "review": found}

    def rating_summary(self, product_id: int) -> Result:
        """How a product is rated."""
        ratings = [r["rating"] for r in self.reviews if r["product_id"] == int(product_id)]
        average = f"{Decimal(sum(ratings)) / len(ratings):.2f}" if ratings else None
        verified = [
            r for r in self.reviews if r["product_id"] == int(product_id) and r["verified_purchase"]
        ]
        return {
            "product_id": product_id,
            "reviews": len(ratings),
            "average_rating": average,
            "ratings": {str(n): ratings.count(n) for n in range(1, 6)},
            "verified": len(verified),
            "truncated": False,
        }
