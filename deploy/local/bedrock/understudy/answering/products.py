"""Answers about single products: price, stock, category, description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deploy.local.bedrock.understudy.answering.ends import end_of
from deploy.local.bedrock.understudy.answering.likeness import same
from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import bullets, money, quote, safe
from deploy.local.bedrock.understudy.answering.numbers import amount, within
from deploy.local.bedrock.understudy.answering.product_groups import categories, products
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_product
from deploy.local.bedrock.understudy.answering.working import Work, for_each_product
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

Row = Mapping[str, Any]
_COUNTED = {"price": "price", "stock": "stock_quantity"}


def product(work: Work, ask: Ask) -> list[Section] | None:
    """The wanted facts of each product, or of a group when no single product is meant."""
    if not ask.subjects and ask.facts == ("category",):
        return categories(work, ask)
    if not ask.subjects or any(_may_be_category(subject, ask) for subject in ask.subjects):
        return products(work, ask, single)
    sections = single(work, ask)
    unknown = sections is not None and all(s.outcome == "not_found" for s in sections)
    if unknown and ask.filters.bounds and len(ask.subjects) == 1 and ask.subjects[0].by == "name":
        return products(work, ask, single)
    return sections


def single(work: Work, ask: Ask) -> list[Section] | None:
    """The wanted facts of each product; of several, which has the highest price or stock."""
    sections = for_each_product(work, ask, _facts_of)
    if sections is None or len(ask.subjects) < 2:
        return sections
    highest = [_highest(work, ask, fact) for fact in ask.facts if fact in _COUNTED]
    return [*sections, *(Section(text) for text in highest if text)]


def _highest(work: Work, ask: Ask, fact: str) -> str:
    found = []
    for subject in ask.subjects:
        what = work.product(subject)
        if what.state != "found":
            return ""
        row = next(iter(rows(work.look.product(what.identity), "products")), None)
        if row is None:
            return ""
        found.append((amount(row.get(_COUNTED[fact])), what.name))
    return end_of(ask, fact, found)


def _may_be_category(subject: Subject, ask: Ask) -> bool:
    narrowed = ask.filters.bounds or ask.filters.stock is False
    return subject.by == "name" and bool(narrowed) and not ask.yes_no


def _facts_of(work: Work, ask: Ask, what: Resolved) -> Section | None:
    ours = work.look.product(what.identity)
    theirs = work.look.get("get_product", product_id=what.identity)
    if ours is None or theirs is None:
        return None
    found = (r for r in rows(ours, "products") if str(r.get("product_id")) == what.identity)
    one, other = next(found, {}), record(theirs, "product")
    if other and not same(str(other.get("name", "")), what.name):
        other = None
    if failed(ours):
        return Section(f"**{what.name}** could not be looked up in Aurora.")
    wanted = ask.facts or ("product",)
    lines = list(dict.fromkeys(line for f in wanted for line in _lines(f, one, other, theirs)))
    text = _layout(what, _verdict(ask, what, one, other, theirs), lines)
    return Section(text, spoke_of=(about_product(what.identity, what.name),))


def _layout(what: Resolved, verdict: str, lines: list[str]) -> str:
    head = f"**{what.name}** (product {safe(what.identity)})"
    start = f"{verdict} {head}" if verdict else head
    return f"{start}: {lines[0]}" if len(lines) == 1 else f"{start}\n\n{bullets(lines)}"


def _verdict(ask: Ask, what: Resolved, one: Row, other: Row | None, theirs: Row) -> str:
    if not ask.yes_no or not one:
        return ""
    if "listed" in ask.facts:
        return "" if failed(theirs) else "Yes." if other else "No."
    if "stock" in ask.facts:
        there = amount(one.get("stock_quantity")) > 0
        return "Yes." if there == (ask.filters.stock is not False) else "No."
    if "price" in ask.facts and ask.filters.bounds:
        return "Yes." if within(one.get("price"), ask.filters) else "No."
    return "Yes." if "sell" in ask.facts and not what.note else ""


def _lines(fact: str, one: Row, other: Row | None, theirs: Row) -> list[str]:
    if fact == "price":
        return [_both("price", one, other, theirs, "price", money)]
    if fact == "stock":
        return [_both("stock", one, other, theirs, "stock_quantity", _units)]
    if fact == "category":
        return [f"category **{safe(one.get('category'))}** (Aurora)"]
    if fact == "description":
        return _descriptions(one, other)
    wanted = ("price", "stock", "category", "description")
    return [line for part in wanted for line in _lines(part, one, other, theirs)]


def _units(value: Any) -> str:
    return f"{safe(value)} unit{'' if str(value) == '1' else 's'}"


def _descriptions(one: Row, other: Row | None) -> list[str]:
    return [
        f"description {quote(row['description'])} ({system})"
        for row, system in ((one, "Aurora"), (other, "catalogue"))
        if row and row.get("description")
    ] or ["no description"]


def _both(
    what: str, one: Row, other: Row | None, theirs: Row, key: str, show: Callable[[Any], str]
) -> str:
    """A fact that both systems hold: one value when they agree, both when they do not."""
    ours = show(one.get(key))
    if other is None:
        silent = failed(theirs)
        absent = "the catalogue could not be asked" if silent else "not in the catalogue"
        return f"{what} **{ours}** (Aurora; {absent})"
    if amount(one.get(key)) == amount(other.get(key)):
        return f"{what} **{ours}** (the same in Aurora and the catalogue)"
    return (
        f"{what} **{ours}** in Aurora, but **{show(other.get(key))}** in the catalogue: "
        "the systems differ"
    )
