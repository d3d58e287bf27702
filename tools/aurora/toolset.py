"""All tools of the system ``aurora`` together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from tools.aurora.customers import customer_tools
from tools.aurora.database import Database
from tools.aurora.free_select import select_tools
from tools.aurora.orders import order_tools
from tools.aurora.products import product_tools
from tools.aurora.summaries import summary_tools
from tools.contract import Result, Tool, error


def aurora_tools(database: Database) -> list[Tool]:
    """All tools of the system ``aurora`` over an open database."""
    return [
        *customer_tools(database),
        *order_tools(database),
        *product_tools(database),
        *summary_tools(database),
        *select_tools(database.free_select),
    ]


def specs() -> list[Tool]:
    """The same tools without a database: name, description and schema are real, calls refused."""
    nothing = cast("Database", SimpleNamespace(free_select=None))
    return [replace(tool, call=_refuse) for tool in aurora_tools(nothing)]


async def _refuse(arguments: Mapping[str, Any]) -> Result:
    return error("unavailable", "The aurora system is not connected here.")
