"""The tools that ask every system at once: all about one customer, one product in both systems."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, cast

from pydantic import Field

from tools import spelling
from tools.contract import Result, Tool, error
from tools.inquiry import DEADLINE_SECONDS, LAST, Aurora, Call, CustomerInquiry, ask, ask_tool
from tools.merging import customer_result, product_result
from tools.typed import build_tool


def customer_360_tools(
    database: Aurora, call: Call, *, deadline: float = DEADLINE_SECONDS
) -> list[Tool]:
    """The tools that compare systems.

    Args:
        database: asked for the Aurora part, in one statement.
        call: asks any other tool by the name that it is offered under.
        deadline: seconds that a call may take; systems that are late are missing from its result.
    """

    # The docstrings of these two are what the model reads.
    async def get_customer_360(
        customer_id: Annotated[
            str, Field(min_length=1, max_length=64, description="Like CUST001, in any spelling")
        ],
    ) -> Result:
        """Everything about one customer from all systems in one call, and where they differ.

        Record, newest orders, profile, reviews, warranties (tied by name), discrepancies;
        `unavailable` names the systems that did not answer.
        """
        inquiry = CustomerInquiry(database, call, deadline)
        return customer_result(await inquiry.ask_all(spelling.customer_id(customer_id)))

    async def compare_product_records(
        product_id: Annotated[int, Field(ge=1, le=2_147_483_647, description="Product number")],
    ) -> Result:
        """One product's name, price and stock in Aurora and in the catalogue, and differences."""
        until = asyncio.get_running_loop().time() + LAST * deadline
        aurora, catalog = await asyncio.gather(
            ask("aurora", database.related_records(product_ids=[product_id]), until),
            ask_tool("catalog", call("get_product", {"product_id": product_id}), until),
        )
        return product_result(product_id, aurora, catalog)

    return [
        build_tool(get_customer_360, system="local"),
        build_tool(compare_product_records, system="local"),
    ]


def specs() -> list[Tool]:
    """The same tools without any system: name, description and schema are real, calls refused."""
    unconnected = customer_360_tools(cast("Aurora", None), _refuse_any)
    return [replace(tool, call=_refuse) for tool in unconnected]


async def _refuse(arguments: Mapping[str, Any]) -> Result:
    return error("unavailable", "No system is connected here.")


async def _refuse_any(name: str, arguments: Mapping[str, Any]) -> Result:
    return await _refuse(arguments)
