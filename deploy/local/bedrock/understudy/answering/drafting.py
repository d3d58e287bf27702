"""Words a reply to the customer out of what the tools of the turn have answered, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import day, money, safe
from deploy.local.bedrock.understudy.conversation import Call, Result

Row = Mapping[str, Any]
MOST_FACTS = 5
_SHIPPED = {"shipped": "has been shipped"}
_BY_NAME = "Check first: a warranty carries no customer id and is tied to the customer by name."
_NOTHING = (
    "I suggest no reply: nothing was looked up here that can be told to one customer. Ask for one"
    " about a customer's orders or warranties, or about a product."
)


def with_draft(
    text: str, calls: Sequence[Call], names: Mapping[str, str], known: Mapping[str, str]
) -> str:
    """The answer with a suggested reply below it; it is never sent by anybody here.

    Args:
        text: the answer for the rep.
        calls: what was looked up for it.
        names: the customers of these look-ups, by id.
        known: the names that the whole conversation has brought.
    """
    results = [call.result for call in calls if not failed(call.result)]
    orders = _each(row for result in results for row in _orders(result))
    held = _each(row for result in results for row in _warranties(result))
    people = {*names, *(str(row.get("customer_id")) for row in orders)}
    holders = {known[one] for one in people if one in known}
    holders |= {safe(row.get("customer_name")) for row in held}
    facts = [_of_order(row) for row in orders[:MOST_FACTS]]
    if len(orders) > MOST_FACTS:
        facts.append("There are more orders than these.")
    facts += [_of_warranty(row) for row in held[:MOST_FACTS]]
    facts = facts or [fact for result in results for fact in _of_products(result)]
    if not facts or len(people) > 1 or len(holders) > 1:
        return f"{text}\n\n{_NOTHING}"
    reply = "\n".join(f"> {line}".rstrip() for line in _lines(facts, next(iter(holders), "")))
    note = f"\n\n{_BY_NAME}" if held else ""
    return f"{text}\n\n**Suggested reply:**\n\n{reply}{note}"


def _lines(facts: Sequence[str], name: str) -> list[str]:
    return [
        f"Hello {name.split(' ')[0]}," if name else "Hello,",
        "",
        "Thank you for your message. This is what our records show:",
        "",
        *(f"- {fact}" for fact in facts),
        "",
        "If you have any other question, please write back.",
    ]


def _each(found: Iterator[Row]) -> list[Row]:
    """Every record once, in the order in which they came."""
    by_id = {str(row.get("order_id") or row.get("serial_number")): row for row in found}
    return list(by_id.values())


def _orders(result: Result) -> Iterator[Row]:
    yield from rows(record(result, "orders") or result, "orders")
    if one := record(result, "order"):
        yield one


def _warranties(result: Result) -> Iterator[Row]:
    yield from rows(record(result, "warranties") or result, "warranties")
    if one := record(result, "warranty"):
        yield one


def _of_order(row: Row) -> str:
    amount, placed = money(row.get("total_amount")), day(row.get("order_date"))
    status = str(row.get("status"))
    told = _SHIPPED.get(status, f"is {safe(status)}")
    return f"Your order {safe(row.get('order_id'))} of {placed} over {amount} {told}."


def _of_warranty(row: Row) -> str:
    ends = day(row.get("warranty_end_date"))
    state = {"active": f"is valid until {ends}", "expired": f"ended on {ends}"}
    told = state.get(str(row.get("status")), f"begins later and ends on {ends}")
    device = f"{safe(row.get('product_name'))} (serial number {safe(row.get('serial_number'))})"
    return f"The warranty of your {device} {told}."


def _of_products(result: Result) -> Iterator[str]:
    found = rows(result, "products")
    if len(found) == 1:
        stock = found[0].get("stock_quantity")
        there = "in stock" if isinstance(stock, int) and stock > 0 else "not in stock"
        yield f"{safe(found[0].get('name'))} costs {money(found[0].get('price'))} and is {there}."
