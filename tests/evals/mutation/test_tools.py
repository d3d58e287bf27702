"""Each mutant of the tools gives something else than the systems hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.evals.mutation.held import mutant
from tools.contract import Tool, error

ORDERS = {
    "orders": [
        {"order_id": 4, "total_amount": "89.99", "status": "completed"},
        {"order_id": 1, "total_amount": "1329.98", "status": "shipped"},
    ],
    "total": 2,
    "sum": "1419.97",
}
PROFILE = {"found": True, "profile": {"customer_id": "CUST001", "tier": "Gold"}}


def tool(name: str, result: Mapping[str, Any] | None = None) -> Tool:
    """A tool that gives this result, or its name and what it was asked for."""

    async def call(arguments: Mapping[str, Any]) -> dict[str, Any]:
        return dict(result) if result is not None else {"tool": name, "asked": dict(arguments)}

    return Tool(name, "aurora", name, {}, call)


async def given(mutant_id: str, result: Mapping[str, Any], name: str = "list_orders") -> Any:
    """What the tool gives in the hands of the mutant."""
    [broken] = mutant(mutant_id).tools([tool(name, result)])
    return await broken.call({})


@pytest.mark.parametrize(
    ("mutant_id", "name"),
    [
        ("dropped-orders-tool", "list_orders"),
        ("dropped-profile-tool", "profile___get_customer_profile"),
        ("dropped-warranty-tool", "warranty___check_warranty_status"),
    ],
)
def test_a_dropped_tool_is_not_offered(mutant_id: str, name: str) -> None:
    """All others are."""
    left = mutant(mutant_id).tools([tool(name), tool("get_review")])
    assert [kept.name for kept in left] == ["get_review"]


def test_a_renamed_tool_is_the_same_tool() -> None:
    """Only its name is another one."""
    [renamed] = mutant("renamed-tool").tools([tool("get_order")])
    assert renamed.name == "read_order"


async def test_swapped_tools_answer_for_each_other() -> None:
    """Each runs the other's query; without a partner a tool stays as it is."""
    both = mutant("swapped-tools").tools([tool("find_customers"), tool("search_products")])
    assert [(await swapped.call({}))["tool"] for swapped in both] == [
        "search_products",
        "find_customers",
    ]
    [alone] = mutant("swapped-tools").tools([tool("find_customers")])
    assert (await alone.call({}))["tool"] == "find_customers"


async def test_a_wrong_key_is_the_next_one() -> None:
    """Ids go up by one in their own spelling; other arguments stay."""
    [broken] = mutant("wrong-key").tools([tool("any")])
    asked = {"customer_id": "CUST009", "order_id": "3", "product_id": 4, "limit": 5}
    assert (await broken.call(asked))["asked"] == {
        "customer_id": "CUST010",
        "order_id": "4",
        "product_id": 5,
        "limit": 5,
    }


async def test_every_order_is_pending_again() -> None:
    """Only the status is old."""
    stale = await given("stale-status", ORDERS)
    assert [order["status"] for order in stale["orders"]] == ["pending", "pending"]
    assert stale["sum"] == ORDERS["sum"]


async def test_old_values_are_others() -> None:
    """Price, stock and tier differ from what the systems hold today."""
    old = await given("old-values", {"price": "10.00", "stock_quantity": 3, "tier": "Standard"})
    assert old == {"price": "9.00", "stock_quantity": 10, "tier": "Gold"}


async def test_an_empty_result_finds_nothing() -> None:
    """Lists are empty, counts are nought, single records are gone."""
    assert await given("empty-result", ORDERS) == {"orders": [], "total": 0, "sum": "0.00"}
    assert await given("empty-result", PROFILE) == {"found": False, "profile": None}


async def test_an_error_comes_as_data() -> None:
    """The result is no error, and its text is one; other tools are as they were."""
    result = await given("error-as-data", ORDERS)
    assert "error" not in result
    assert "503" in result["result"]
    assert await given("error-as-data", ORDERS, "get_review") == ORDERS


async def test_rows_are_mixed_and_none_is_lost() -> None:
    """Each id has the values of another row, in records and in plain rows."""
    mixed = await given("mixed-rows", ORDERS)
    assert [(row["order_id"], row["total_amount"]) for row in mixed["orders"]] == [
        (4, "1329.98"),
        (1, "89.99"),
    ]
    rows = await given("mixed-rows", {"rows": [[1, "a"], [2, "b"]]})
    assert rows == {"rows": [[1, "b"], [2, "a"]]}


async def test_a_cut_list_says_that_it_is_whole() -> None:
    """One row, and a count of one."""
    cut = await given("cut-without-saying", ORDERS)
    assert (len(cut["orders"]), cut["total"]) == (1, 1)


async def test_counts_and_sums_are_one_too_high() -> None:
    """The rows themselves are right."""
    off = await given("off-by-one", ORDERS)
    assert (off["total"], off["sum"], off["orders"]) == (3, "1420.97", ORDERS["orders"])


async def test_a_comparison_finds_no_difference() -> None:
    """What does not compare is as it was."""
    assert await given("no-comparison", {"discrepancies": [1]}) == {"discrepancies": []}
    assert await given("no-comparison", ORDERS) == ORDERS


@pytest.mark.parametrize("mutant_id", ["empty-result", "stale-status", "error-as-data"])
async def test_an_error_stays_an_error(mutant_id: str) -> None:
    """A mutant of the data does not hide that a system is down."""
    down = error("unavailable", "Aurora does not answer.")
    assert await given(mutant_id, down) == down
