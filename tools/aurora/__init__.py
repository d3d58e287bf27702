"""Tools over Aurora: customers, orders and products, and one guarded SELECT for the rest."""

from tools.aurora.customers import customer_tools
from tools.aurora.database import Database, open_database
from tools.aurora.free_select import select_tools
from tools.aurora.orders import order_tools
from tools.aurora.products import product_tools
from tools.aurora.provisioning import provision
from tools.aurora.summaries import summary_tools
from tools.contract import Tool

__all__ = ["Database", "aurora_tools", "open_database", "provision"]


def aurora_tools(database: Database) -> list[Tool]:
    """All tools of the system ``aurora`` over an open database."""
    return [
        *customer_tools(database),
        *order_tools(database),
        *product_tools(database),
        *summary_tools(database),
        *select_tools(database.free_select),
    ]
