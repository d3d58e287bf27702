"""Reviews are listed newest first by product, customer or rating, page by page, and summed up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures_dynamodb import Database, catalog_of
from tools.contract import Tool
from tools.records import review_item

pytestmark = pytest.mark.stack


@pytest.fixture
def tools(sample: Database) -> dict[str, Tool]:
    """The catalogue's tools by name, over the sample records."""
    return catalog_of(sample)


def review(number: int, **changed: Any) -> dict[str, Any]:
    """A review to store: of product 1, one each minute, ratings from 1 to 5 in turn."""
    return review_item(
        {
            "review_id": f"REV{number:03}",
            "product_id": 1,
            "customer_id": "CUST001",
            "rating": number % 5 + 1,
            "title": "t",
            "comment": "c",
            "verified_purchase": number % 2 == 0,
            "created_at": f"2024-01-01T{number // 60:02}:{number % 60:02}:00Z",
        }
        | changed
    )


async def every_page(tool: Tool, **arguments: Any) -> list[dict[str, Any]]:
    """All pages of a list, each asked for with the cursor of the one before."""
    pages = [await tool.call(arguments)]
    while pages[-1]["cursor"] is not None:
        assert len(pages) < 200
        pages.append(await tool.call(arguments | {"cursor": pages[-1]["cursor"]}))
    return pages


def ids(pages: list[dict[str, Any]]) -> list[str]:
    """The ids of all reviews on these pages."""
    return [review["review_id"] for page in pages for review in page["reviews"]]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"product_id": 1}, ["REV002", "REV001"]),
        ({"product_id": "1", "min_rating": 5}, ["REV001"]),
        ({"product_id": 99}, []),
        ({"customer_id": "cust-1"}, ["REV004", "REV001"]),
        ({"customer_id": "Cust 002", "max_rating": 4}, ["REV002"]),
        ({"customer_id": "CUST001", "product_id": 3}, ["REV004"]),
        ({"customer_id": "CUST999"}, []),
        ({"max_rating": 3}, ["REV004"]),
        ({"min_rating": 4, "max_rating": 4}, ["REV002"]),
        ({"min_rating": 1}, ["REV005", "REV004", "REV002", "REV003", "REV001"]),
    ],
)
async def test_reviews_are_listed_newest_first(
    tools: dict[str, Tool], given: dict[str, Any], found: list[str]
) -> None:
    """By product, customer, rating, or several of them."""
    result = await tools["list_reviews"].call(given)
    assert ids([result]) == found
    assert (result["total"], result["truncated"], result["cursor"]) == (len(found), False, None)


async def test_a_small_list_takes_one_round_trip(sample: Database) -> None:
    """What a rep asks most, reviews of a product or customer, is one query."""
    tools = catalog_of(sample)
    for given in (
        {"product_id": 1},
        {"customer_id": "CUST001"},
        {"product_id": 1, "min_rating": 5},
    ):
        await tools["list_reviews"].call(given)
    await tools["rating_summary"].call({"product_id": 1})
    await tools["get_review"].call({"review_id": "REV001"})
    assert sample.operations == ["Query", "Query", "Query", "Query", "GetItem"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Give at least one of product_id, customer_id, min_rating, max_rating."),
        ({"limit": 5}, "Give at least one of product_id, customer_id, min_rating, max_rating."),
        ({"min_rating": 4, "max_rating": 2}, "min_rating must not be higher than max_rating."),
        ({"customer_id": "--"}, "customer_id: not a customer id"),
    ],
)
async def test_a_list_of_everything_or_nothing_is_refused(
    tools: dict[str, Tool], given: dict[str, Any], message: str
) -> None:
    """The sentence says what to give."""
    assert await tools["list_reviews"].call(given) == {
        "error": {"kind": "invalid_input", "message": message, "retryable": False}
    }


@pytest.mark.parametrize(
    "given", [{"min_rating": 0}, {"max_rating": 6}, {"product_id": 1, "limit": 51}]
)
async def test_numbers_out_of_range_are_refused(
    tools: dict[str, Tool], given: dict[str, Any]
) -> None:
    """Ratings are 1 to 5 and a page has at most 50 reviews."""
    assert (await tools["list_reviews"].call(given))["error"]["kind"] == "invalid_input"


@pytest.mark.parametrize(
    "given",
    [
        {"product_id": 1},
        {"customer_id": "CUST001"},
        {"min_rating": 1},
        {"product_id": 1, "min_rating": 2, "max_rating": 3},
        {"customer_id": "CUST001", "max_rating": 2},
        {"min_rating": 2, "max_rating": 4},
    ],
)
@pytest.mark.parametrize("limit", [7, 20])
async def test_pages_hold_every_review_once_and_in_order(
    empty_database: Database, given: dict[str, Any], limit: int
) -> None:
    """Page after page is the whole list; the total is of the whole list on each of them."""
    empty_database.put("reviews", *(review(number) for number in range(60)))
    tools = catalog_of(empty_database)
    pages = await every_page(tools["list_reviews"], **given, limit=limit)
    low, high = given.get("min_rating", 1), given.get("max_rating", 5)
    expected = [f"REV{n:03}" for n in reversed(range(60)) if low <= n % 5 + 1 <= high]
    assert ids(pages) == expected
    assert {page["total"] for page in pages} == {len(expected)}
    assert [page["truncated"] for page in pages] == [True] * (len(pages) - 1) + [False]


async def test_reviews_of_one_moment_are_listed_once_each(empty_database: Database) -> None:
    """A sort key that is the same for all neither repeats nor loses a review."""
    moment = "2024-05-05T05:05:05Z"
    empty_database.put("reviews", *(review(n, created_at=moment) for n in range(40)))
    tools = catalog_of(empty_database)
    for given in ({"product_id": 1}, {"min_rating": 1}):
        found = ids(await every_page(tools["list_reviews"], **given, limit=6))
        assert sorted(found) == [f"REV{n:03}" for n in range(40)]


async def test_a_rare_rating_among_many_reviews_is_found(empty_database: Database) -> None:
    """A filter that drops nearly all reads on instead of giving an empty page."""
    empty_database.put(
        "reviews", *(review(n, rating=5 if n else 1, review_id=f"R-{n}") for n in range(1200))
    )
    tools = catalog_of(empty_database)
    result = await tools["list_reviews"].call({"product_id": 1, "max_rating": 1})
    assert (result["total"], result["truncated"]) == (1, False)


async def test_a_review_is_found_by_any_spelling_of_its_id(tools: dict[str, Tool]) -> None:
    """All stored attributes come back, in their JSON types."""
    assert await tools["get_review"].call({"review_id": "rev 3"}) == {
        "found": True,
        "review": {
            "review_id": "REV003",
            "product_id": 2,
            "customer_id": "CUST003",
            "rating": 5,
            "title": "My hand stopped hurting",
            "comment": "Comfortable all day and it never drops the connection.",
            "verified_purchase": True,
            "created_at": "2024-01-18T16:45:00Z",
        },
    }
    assert await tools["get_review"].call({"review_id": "REV9"}) == {"found": False, "review": None}
    assert "error" in await tools["get_review"].call({"review_id": "#"})


async def test_a_long_comment_is_cut_in_lists_and_whole_by_itself(
    empty_database: Database,
) -> None:
    """Fifty long comments would leave no room for anything else."""
    empty_database.put("reviews", review(1, comment="long " * 400))
    tools = catalog_of(empty_database)
    listed = await tools["list_reviews"].call({"product_id": 1})
    whole = await tools["get_review"].call({"review_id": "REV001"})
    assert listed["reviews"][0]["comment"].endswith(" […]")
    assert (len(listed["reviews"][0]["comment"]), len(whole["review"]["comment"])) == (1004, 2000)


async def test_ratings_are_counted_and_averaged(tools: dict[str, Tool]) -> None:
    """Product 1 has a four and a five, both verified."""
    assert await tools["rating_summary"].call({"product_id": 1}) == {
        "product_id": 1,
        "reviews": 2,
        "average_rating": "4.50",
        "ratings": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1},
        "verified": 2,
        "truncated": False,
    }


async def test_a_product_without_reviews_has_no_average(tools: dict[str, Tool]) -> None:
    """None, rather than a zero that was never given."""
    result = await tools["rating_summary"].call({"product_id": 77})
    assert (result["reviews"], result["average_rating"], result["verified"]) == (0, None, 0)
