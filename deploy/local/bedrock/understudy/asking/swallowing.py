"""Wants that only say more about another one of the same question, and by which."""

from __future__ import annotations

# A want that only says more about another one of the same question.
SWALLOWED_BY: dict[str, frozenset[str]] = {
    "price": frozenset({"order_average", "average_price"}),
    "spent": frozenset({"average_spent", "order_average"}),
    "category": frozenset({"products", "product_count"}),
    "products": frozenset(
        "superlative_product superlative_stock product_count stock price rating reviews"
        " differences listed ranked_rating ranked_reviews average_rating average_price"
        " average_stock".split()
    ),
    "stock": frozenset(
        "superlative_stock superlative_product"
        " customer_count review_count order_count product_count"
        " email phone address contact preferences notes tier birth".split()
    ),
    "order_total": frozenset({"spent", "review_count", "product_count", "customer_count"}),
    "sell": frozenset({"products", "product_count", "superlative_product"}),
    "customers": frozenset(
        "average_lifetime average_purchases average_cases average_spent"
        " top_lifetime top_spenders no_orders customer_count orders order_count order_total reviews"
        " rating review_count products stock price warranties revenue spent everything"
        " birth".split()
    ),
    "order_breakdown": frozenset({"revenue"}),
    "order_count": frozenset({"top_spenders"}),
    "status": frozenset({"orders"}),
    "orders": frozenset(
        {"order_count", "order_total", "order_average", "order_breakdown", "revenue"}
    ),
    "reviews": frozenset({"review_count", "ranked_rating", "ranked_reviews"}),
    "rating": frozenset({"ranked_rating", "average_rating"}),
    "review": frozenset({"reviews", "ranked_rating", "review_count", "rating", "reviewer"}),
    "lifetime": frozenset({"top_lifetime", "average_lifetime"}),
}
