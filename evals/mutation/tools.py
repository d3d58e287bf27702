"""Mutants whose tools are missing, mixed up, or give something else than the systems hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from evals.mutation.mutant import Arguments, ChangeTools, Mutant, Result, Tool
from evals.mutation.results import (
    changing_arguments,
    changing_results,
    each_field,
    each_list,
    named,
    with_call,
    without,
)

_COUNTS = frozenset(
    {"total", "orders", "reviews", "support_cases_count", "total_purchases", "stock_quantity"}
)
_SUMS = frozenset({"sum", "lifetime_value", "average_rating"})
_NUMBER = re.compile(r"\d+$")


def _renamed(old: str, new: str) -> ChangeTools:
    def change(tools: Sequence[Tool]) -> list[Tool]:
        known: Any = tools
        return [replace(tool, name=new) if tool.name == old else tool for tool in known]

    return change


def _swapped(first: str, second: str) -> ChangeTools:
    """Each of the two runs the other one's query."""

    def change(tools: Sequence[Tool]) -> list[Tool]:
        partners = {first: named(tools, second), second: named(tools, first)}
        return [
            with_call(tool, partner.call) if (partner := partners.get(tool.name)) else tool
            for tool in tools
        ]

    return change


def _next(value: Any) -> Any:
    """The key after this one: CUST003 for CUST002, 5 for 4."""
    text = str(value)
    raised = _NUMBER.sub(lambda found: str(int(found[0]) + 1).zfill(len(found[0])), text)
    return int(raised) if isinstance(value, int) else raised


def _other_key(arguments: Arguments) -> Arguments:
    keys = ("customer_id", "order_id", "product_id")
    return {name: _next(value) if name in keys else value for name, value in arguments.items()}


def _earlier_status(result: Result) -> Result:
    def change(key: str, value: Any) -> Any:
        return "pending" if value in ("completed", "shipped") and key == "status" else value

    stale: Result = each_field(result, change)
    return stale


def _old_values(result: Result) -> Result:
    """Prices, stocks, tiers and lifetime values as of some time ago."""

    def change(key: str, value: Any) -> Any:
        match key, value:
            case (("price" | "lifetime_value"), str()):
                return f"{Decimal(value) * Decimal('0.9'):.2f}"
            case "stock_quantity", int():
                return value + 7
            case "tier", str():
                return "Standard" if value != "Standard" else "Gold"
        return value

    stale: Result = each_field(result, change)
    return stale


def _nothing(result: Result) -> Result:
    def change(key: str, value: Any) -> Any:
        match key, value:
            case "found", True:
                return False
            case (("total" | "row_count" | "reviews"), int()):
                return 0
            case "sum", _:
                return "0.00"
        return value

    emptied = each_list(each_field(result, change), lambda rows: [])
    single = ("profile", "order", "product", "review", "warranty", "customer")
    return {key: None if key in single else value for key, value in emptied.items()}


def _error_as_data(result: Result) -> Result:
    return {"result": "Error 503: upstream connect error or disconnect before headers"}


def _mixed_rows(rows: list[Any]) -> list[Any]:
    """Every row has its own first field and the rest of the next row."""
    others = [*rows[1:], rows[0]]
    if isinstance(rows[0], list):
        return [[*row[:1], *other[1:]] for row, other in zip(rows, others, strict=True)]
    return [
        {**other, key: row[key]}
        for row, other in zip(rows, others, strict=True)
        for key in list(row)[:1]
    ]


def _cut(result: Result) -> Result:
    """The first of the rows, told as if it were all of them."""

    def change(key: str, value: Any) -> Any:
        return min(value, 1) if key in ("total", "row_count") and isinstance(value, int) else value

    cut: Result = each_list(each_field(result, change), lambda rows: rows[:1])
    return cut


def _off_by_one(result: Result) -> Result:
    def change(key: str, value: Any) -> Any:
        if key in _COUNTS and isinstance(value, int):
            return value + 1
        if key in _SUMS and isinstance(value, str):
            return f"{Decimal(value) + 1}"
        return value

    changed: Result = each_field(result, change)
    return changed


def _without_differences(result: Result) -> Result:
    return {**result, "discrepancies": []} if "discrepancies" in result else result


TOOL_MUTANTS = (
    Mutant(
        id="dropped-orders-tool",
        group="tool",
        does="The tool that lists orders is not offered.",
        meant_for=("trajectory", "facts"),
        tools=without("list_orders"),
    ),
    Mutant(
        id="dropped-profile-tool",
        group="tool",
        does="The tool that reads a customer's profile is not offered.",
        meant_for=("trajectory", "facts"),
        tools=without("profile___get_customer_profile"),
    ),
    Mutant(
        id="dropped-warranty-tool",
        group="tool",
        does="The tool that looks a serial number up is not offered.",
        meant_for=("trajectory", "facts"),
        tools=without("warranty___check_warranty_status"),
    ),
    Mutant(
        id="renamed-tool",
        group="tool",
        does="The tool that reads one order goes by another name.",
        meant_for=("trajectory",),
        tools=_renamed("get_order", "read_order"),
    ),
    Mutant(
        id="swapped-tools",
        group="tool",
        does="The searches for customers and for products answer for each other.",
        meant_for=("facts", "outcome"),
        tools=_swapped("find_customers", "search_products"),
    ),
    Mutant(
        id="wrong-key",
        group="tool",
        does="Tools look up the customer, order or product after the one asked for.",
        meant_for=("facts",),
        tools=changing_arguments(_other_key),
    ),
    Mutant(
        id="stale-status",
        group="tool",
        does="Every order is still pending, as it was at first.",
        meant_for=("facts",),
        tools=changing_results(_earlier_status),
    ),
    Mutant(
        id="old-values",
        group="tool",
        does="Prices, stocks, tiers and lifetime values are those of some time ago.",
        meant_for=("facts",),
        tools=changing_results(_old_values),
    ),
    Mutant(
        id="empty-result",
        group="tool",
        does="Every tool finds nothing.",
        meant_for=("facts", "outcome"),
        tools=changing_results(_nothing),
    ),
    Mutant(
        id="error-as-data",
        group="tool",
        does="The text of an error is given as an order's or a profile's data.",
        meant_for=("facts", "outcome"),
        tools=changing_results(
            _error_as_data, "list_orders", "get_order", "profile___get_customer_profile"
        ),
    ),
    Mutant(
        id="mixed-rows",
        group="tool",
        does="Rows of a list are mixed: the id of one with the values of the next.",
        meant_for=("facts",),
        tools=changing_results(lambda result: dict(each_list(result, _mixed_rows))),
    ),
    Mutant(
        id="cut-without-saying",
        group="tool",
        does="Lists end after their first row, told as if that were all.",
        meant_for=("facts",),
        tools=changing_results(_cut),
    ),
    Mutant(
        id="off-by-one",
        group="tool",
        does="Counts, sums and averages are one too high.",
        meant_for=("facts",),
        tools=changing_results(_off_by_one),
    ),
    Mutant(
        id="no-comparison",
        group="tool",
        does="The tools that compare systems report no difference.",
        meant_for=("discrepancy", "facts"),
        tools=changing_results(_without_differences),
    ),
)
