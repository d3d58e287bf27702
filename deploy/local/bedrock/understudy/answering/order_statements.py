"""Orders of everybody that only a statement can pick: the largest, the smallest, the first."""

from __future__ import annotations

from deploy.local.bedrock.understudy.answering.lookups import failed
from deploy.local.bedrock.understudy.answering.markdown import money, plural
from deploy.local.bedrock.understudy.answering.numbers import whole
from deploy.local.bedrock.understudy.answering.order_tables import narrowed, order_rows
from deploy.local.bedrock.understudy.answering.sections import Section, behind
from deploy.local.bedrock.understudy.answering.statements import between, named_rows, select
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

_MOST = 50
_COUNTED = frozenset({"order_count", "order_total", "spent", "revenue"})
PICKS = {
    "latest": "latest",
    "recent": "latest",
    "first": "first",
    "largest": "largest",
    "smallest": "smallest",
}
SORTED = {
    "largest": "total_amount desc, id",
    "smallest": "total_amount, id",
    "first": "order_date, id",
}
_COLUMNS = ("order_id", "customer_id", "total_amount", "status", "order_date")


def by_statement(work: Work, ask: Ask) -> list[Section] | None:
    """The largest, smallest or first orders of all, which no other tool can pick."""
    filters = ask.filters
    limit = filters.rank or filters.limit or (1 if filters.pick else _MOST)
    sql = select(
        "id, customer_id, total_amount, status, order_date",
        "orders",
        tests=tests_of(filters),
        order=SORTED.get(filters.pick, "order_date desc, id desc"),
        limit=limit,
    )
    result = work.look.get("query_database", sql=sql)
    counted = "" if filters.pick or ask.want not in _COUNTED else _counted(work, filters)
    if result is None or counted is None:
        return None
    if failed(result):
        return [Section("Orders could not be asked.")]
    found = named_rows(result, _COLUMNS)
    if filters.rank:
        found = found[filters.rank - 1 : filters.rank]
    what = f"{PICKS.get(filters.pick, '')} orders".strip().capitalize()
    what += f", place {filters.rank}" * bool(filters.rank)
    given = {"since": filters.since, "until": filters.until}
    title = f"**{what}**{narrowed(filters, given)} (Aurora)"
    if not found:
        return [Section(f"{title}: {'No, none.' if ask.yes_no else 'none.'}")]
    listed = tuple(Subject("order", "id", str(row["order_id"])) for row in found)
    more = result.get("truncated") or len(found) == _MOST
    cut = "\n\nThe list is cut: there are more." if more else ""
    text = f"{title}{counted}\n\n{order_rows(found, one_customer=False)}{cut}"
    only = listed if len(listed) == 1 else ()
    return [Section(text, spoke_of=only, listed=listed, people=behind(found))]


def _counted(work: Work, filters: Filters) -> str | None:
    """How many orders there are and what they come to, however many of them are listed."""
    sql = select("count(*), sum(total_amount)", "orders", tests=tests_of(filters), limit=1)
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    row = next(iter(named_rows(result, ("orders", "total"))), {})
    count = plural(whole(row.get("orders")), "order")
    return f": **{count}**, **{money(row.get('total'))}** in total" if row else ""


def tests_of(filters: Filters) -> list[str]:
    """What the orders must be, as a statement tests it."""
    tests = [f"status = '{filters.status}'"] if filters.status else []
    tests += between("order_date", filters)
    tests += [f"total_amount >= {filters.least}"] if filters.least is not None else []
    tests += [f"total_amount <= {filters.most}"] if filters.most is not None else []
    return tests
