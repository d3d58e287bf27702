"""The average order of everybody, as the database works it out."""

from __future__ import annotations

from dataclasses import replace

from deploy.local.bedrock.understudy.answering import orders
from deploy.local.bedrock.understudy.answering.lookups import failed
from deploy.local.bedrock.understudy.answering.markdown import money, plural
from deploy.local.bedrock.understudy.answering.numbers import whole
from deploy.local.bedrock.understudy.answering.order_statements import tests_of
from deploy.local.bedrock.understudy.answering.order_tables import narrowed
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.statements import named_rows, select
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask

_COLUMNS = ("orders", "total", "average")
_FIGURES = "count(*), sum(total_amount), round(avg(total_amount), 2)"


def order_average(work: Work, ask: Ask) -> list[Section] | None:
    """What an order comes to on average: of customers from their orders, of all from Aurora."""
    filters = ask.filters
    if ask.subjects or filters.pick or filters.limit:
        return orders.orders(work, ask)
    sql = select(_FIGURES, "orders", tests=tests_of(filters), limit=1)
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    found = named_rows(result, _COLUMNS)
    if failed(result) or not found:
        return orders.orders(work, ask)
    row = found[0]
    given = {"since": filters.since, "until": filters.until}
    head = f"**Average per order**{narrowed(filters, given)} (Aurora)"
    if not whole(row.get("orders")):
        return orders.orders(work, replace(ask, want="orders"))
    count = plural(whole(row.get("orders")), "order")
    average, total = money(row.get("average")), money(row.get("total"))
    text = f"{head}: **{average}**, worked out there from {count}, {total} in total."
    return [Section(text)]
