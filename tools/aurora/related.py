"""What a cross-system check asks Aurora after the other systems have answered, in one statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from tools.aurora import shapes

MOST_NAMESAKES = 100  # counted no further; nobody needs to know how many more there are

# Names are looked up through the dictionary, so that accents and signs do not matter.
RELATED = sql.SQL("""
SELECT
    (SELECT json_agg(json_build_object(
        'product_id', p.id, 'name', p.name, 'description', p.description, 'price', p.price::text,
        'category', p.category, 'stock_quantity', p.stock_quantity) ORDER BY p.id)
     FROM desk.products AS p
     WHERE p.id = ANY(%(product_ids)s::int[])
        OR lower(p.name) = ANY(%(product_names)s::text[])) AS products,
    (SELECT json_agg(json_build_object('name', wanted.whole, 'customers', wanted.customers))
     FROM (SELECT parts.whole, (
               SELECT count(*) FROM (
                   SELECT FROM desk.spellings('last', parts.last_name) AS last
                   CROSS JOIN desk.spellings('first', parts.first_name) AS first
                   JOIN desk.users AS u ON lower(u.last_name) COLLATE "C" = last.name
                       AND lower(u.first_name) COLLATE "C" = first.name
                   LIMIT %(most)s) AS namesakes) AS customers
           FROM unnest(%(wholes)s::text[], %(first_names)s::text[], %(last_names)s::text[])
               AS parts (whole, first_name, last_name)) AS wanted) AS namesakes
""")

Fetch = Callable[[sql.SQL, Mapping[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Related:
    """The products that were found, and how many customers have each full name."""

    products: Sequence[Mapping[str, Any]]
    namesakes: Mapping[str, int]


async def read_related(
    fetch_one: Fetch,
    *,
    product_ids: Sequence[int],
    product_names: Sequence[str],
    full_names: Sequence[str],
) -> Related:
    """Products by id or name in any case, and the number of customers of each full name."""
    parts = [split for whole in full_names for split in _splits(whole)]
    row = await fetch_one(
        RELATED,
        {
            "product_ids": [number for number in product_ids if number <= shapes.LARGEST_ID],
            "product_names": [name.lower() for name in product_names],
            "wholes": [whole for whole, _, _ in parts],
            "first_names": [first for _, first, _ in parts],
            "last_names": [last for _, _, last in parts],
            "most": MOST_NAMESAKES,
        },
    )
    namesakes = dict.fromkeys(full_names, 0)
    for found in row["namesakes"] or []:
        namesakes[found["name"]] += found["customers"]
    products = [
        {**product, "price": shapes.money(product["price"])} for product in row["products"] or []
    ]
    return Related(products=products, namesakes=namesakes)


def _splits(whole: str) -> Iterator[tuple[str, str, str]]:
    """Where first and last name may part: ``Ana María de la Cruz`` can be cut in four places."""
    words = whole.split()[:8]
    for place in range(1, len(words)):
        yield whole, " ".join(words[:place]), " ".join(words[place:])
