"""Answers about products: price, stock, category, description, and groups of products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.likeness import same
from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    bullets,
    money,
    plural,
    quote,
    safe,
    table,
)
from deploy.local.bedrock.understudy.answering.numbers import amount, whole, within
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_product
from deploy.local.bedrock.understudy.answering.working import Work, for_each_product, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

Row = Mapping[str, Any]
_MOST = 50


def product(work: Work, ask: Ask) -> list[Section] | None:
    """The wanted facts of each product, or of a group when no product was named."""
    if not ask.subjects:
        return products(work, ask)
    if any(_may_be_category(s, ask) for s in ask.subjects):
        return products(work, ask)
    return for_each_product(work, ask, _facts_of)


def _may_be_category(subject: Subject, ask: Ask) -> bool:
    narrowed = ask.filters.bounds or (ask.filters.stock is False and not ask.yes_no)
    return subject.by == "name" and bool(narrowed)


def _facts_of(work: Work, ask: Ask, what: Resolved) -> Section | None:
    ours = work.look.get("search_products", query=what.identity)
    theirs = work.look.get("get_product", product_id=what.identity)
    if ours is None or theirs is None:
        return None
    one = next(
        (r for r in rows(ours, "products") if str(r.get("product_id")) == what.identity), None
    )
    other = record(theirs, "product")
    if other and not same(str(other.get("name", "")), what.name):
        other = None
    lines = [
        line for fact in (ask.facts or ("product",)) for line in _lines(fact, one, other, theirs)
    ]
    lead = _yes_or_no(ask, one)
    text = _layout(what, lead, lines)
    return Section(text, spoke_of=(about_product(what.identity, what.name),))


def _layout(what: Resolved, lead: str, lines: list[str]) -> str:
    head = f"**{what.name}** (product {safe(what.identity)})"
    start = f"{lead} {head}" if lead else head
    return f"{start}: {lines[0]}" if len(lines) == 1 else f"{start}\n\n{bullets(lines)}"


def _yes_or_no(ask: Ask, one: Row | None) -> str:
    if not ask.yes_no or not one:
        return ""
    if "stock" in ask.facts:
        there = amount(one.get("stock_quantity")) > 0
        return "Yes." if there == (ask.filters.stock is not False) else "No."
    if "price" in ask.facts and (ask.filters.least is not None or ask.filters.most is not None):
        return "Yes." if within(one.get("price"), ask.filters) else "No."
    return "Yes." if "sell" in ask.facts else ""


def _lines(fact: str, one: Row | None, other: Row | None, theirs: Row) -> list[str]:
    if fact == "price":
        return [_both("price", one, other, theirs, "price", money)]
    if fact == "stock":
        return [_both("stock", one, other, theirs, "stock_quantity", lambda n: f"{safe(n)} units")]
    if fact == "category":
        return [f"category **{safe((one or {}).get('category'))}** (Aurora)"]
    if fact == "description":
        return _descriptions(one, other)
    return [
        *_lines("price", one, other, theirs), *_lines("stock", one, other, theirs),
        *_lines("category", one, other, theirs), *_descriptions(one, other),
    ]  # fmt: skip


def _descriptions(one: Row | None, other: Row | None) -> list[str]:
    found = [
        (row, words)
        for row, words in ((one, "Aurora"), (other, "catalogue"))
        if row and row.get("description")
    ]
    return [f"description {quote(row['description'])} ({words})" for row, words in found] or [
        "no description"
    ]


def _both(what: str, one: Row | None, other: Row | None, theirs: Row, key: str, show: Any) -> str:
    """A fact that both systems hold: one value when they agree, both when they do not."""
    mine = one.get(key) if one else None
    if other is None:
        silent = "the catalogue could not be asked" if failed(theirs) else "not in the catalogue"
        return f"{what} **{show(mine)}** (Aurora; {silent})"
    if amount(mine) == amount(other.get(key)):
        return f"{what} **{show(mine)}** (the same in Aurora and the catalogue)"
    return f"{what} **{show(mine)}** in Aurora, but **{show(other.get(key))}** in the catalogue: the systems differ"


def products(work: Work, ask: Ask) -> list[Section] | None:
    """A group of products: by category, price, stock."""
    subject = next(
        (s for s in ask.subjects if s.kind in ("product", "name") and s.by == "name"), None
    )
    if subject is None and any(s.by == "id" for s in ask.subjects):
        return for_each_product(work, replace(ask, want="product", facts=("product",)), _facts_of)
    filters = ask.filters
    if subject is None and filters.pick in ("largest", "smallest") and not filters.bounds:
        return superlative(work, ask)
    given = {"min_price": filters.least, "max_price": filters.most, "in_stock": filters.stock}
    if subject is None:
        return _all_of(work, ask, given)
    return _of_kind(work, ask, subject, given)


def _all_of(work: Work, ask: Ask, given: dict[str, Any]) -> list[Section] | None:
    if all(value is None for value in given.values()):
        given["min_price"] = 0
    result = work.look.get("search_products", limit=ask.filters.limit or _MOST, **given)
    if result is None:
        return None
    return [_listing("Products", ask, result)]


def _of_kind(work: Work, ask: Ask, subject: Subject, given: dict[str, Any]) -> list[Section] | None:
    """A name in a question about a group may be a category or a product."""
    category = work.look.get("search_products", category=subject.value, limit=_MOST, **given)
    named = work.look.get("search_products", query=subject.value, **given)
    if category is None or named is None:
        return None
    if rows(category, "products"):
        said = safe(rows(category, "products")[0].get("category"))
        return [_listing(f"Products in category {said}", ask, category)]
    found = [r for r in rows(named, "products") if named.get("matched_by") == "name"]
    if found:
        return [
            _listing(
                f"Products called {quote(subject.value, 60)}", ask, {**named, "products": found}
            )
        ]
    guessed = _nearest_category(work, subject.value)
    if guessed is None:
        return None
    if guessed:
        return _of_kind(
            work,
            replace(ask, subjects=(replace(subject, value=guessed),)),
            replace(subject, value=guessed),
            given,
        )
    if failed(category) or failed(named):
        return [Section("Products could not be asked.")]
    if rows(named, "products"):
        return for_each_product(
            work,
            replace(ask, subjects=(replace(subject, kind="product"),), facts=("product",)),
            _facts_of,
        )
    if _known_without_filters(work, ask, subject) is None:
        return None
    return [
        Section(
            f"Aurora has no product and no category called {quote(subject.value, 60)}{_narrowed(ask.filters)}.",
            "not_found",
        )
    ]


def _known_without_filters(work: Work, ask: Ask, subject: Subject) -> bool | None:
    return True


def _nearest_category(work: Work, said: str) -> str | None:
    """The category that a mistyped word means; empty when there is none, None while it is asked."""
    from deploy.local.bedrock.understudy.answering.likeness import mistakes

    result = work.look.get(
        "query_database", sql="select distinct category from products order by category limit 100"
    )
    if result is None:
        return None
    raw = result.get("rows")
    known = (
        [str(row[0]) for row in raw if isinstance(row, list) and row]
        if isinstance(raw, list)
        else []
    )
    near = [
        (found, name)
        for name in known
        if (found := mistakes(said, name)) is not None and name != said
    ]
    return min(near)[1] if near else ""


def _narrowed(filters: Filters) -> str:
    parts = [safe(filters.bounds)] if filters.bounds else []
    if filters.stock is not None:
        parts.append("in stock" if filters.stock else "out of stock")
    return " " + ", ".join(parts) if parts else ""


def _listing(head: str, ask: Ask, result: Row) -> Section:
    if failed(result):
        return Section(f"{head} could not be asked.")
    found = [r for r in rows(result, "products") if within(r.get("price"), ask.filters)]
    title = f"**{head}{_narrowed(ask.filters)}** (Aurora)"
    if not found:
        return Section(f"{title}: {'No, none.' if ask.yes_no else 'none.'}")
    total = result.get("total")
    count = plural(
        total if isinstance(total, int) and not ask.filters.bounds else len(found), "product"
    )
    lead = f"Yes, {count}." if ask.yes_no else f"{count}."
    if ask.filters.pick in ("largest", "smallest") and not result.get("truncated"):
        found = sorted(
            found, key=lambda r: amount(r.get("price")), reverse=ask.filters.pick == "largest"
        )[: ask.filters.limit or 1]
    shown = _table(found)
    cut = (
        f"\n\nThe list is cut: {len(found)} of {total} are shown."
        if result.get("truncated")
        else ""
    )
    return Section(f"{title}: {lead}\n\n{shown}{cut}", spoke_of=_only(found), listed=_listed(found))


def _table(found: Sequence[Row]) -> str:
    cells = (
        (
            safe(r.get("product_id")),
            safe(r.get("name")),
            safe(r.get("category")),
            money(r.get("price")),
            safe(r.get("stock_quantity")),
        )
        for r in found
    )
    return table(["Product", "Name", "Category", "Price", "Stock"], cells)


def _listed(found: Sequence[Row]) -> tuple[Subject, ...]:
    return tuple(about_product(r.get("product_id"), safe(r.get("name"))) for r in found)


def _only(found: Sequence[Row]) -> tuple[Subject, ...]:
    return _listed(found) if len(found) == 1 else ()


def superlative(work: Work, ask: Ask) -> list[Section] | None:
    """The cheapest, dearest, fullest or emptiest products."""
    ordered = "stock_quantity" if ask.facts == ("stock",) or ask.note == "stock" else "price"
    down = ask.filters.pick == "largest" if ordered == "price" else ask.filters.descending
    count = ask.filters.limit or 1
    sql = f"select id, name, category, price, stock_quantity from products order by {ordered}{' desc' if down else ''}, id limit {count}"
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    if failed(result):
        return [Section("Products could not be asked.")]
    columns = ("product_id", "name", "category", "price", "stock_quantity")
    raw = result.get("rows")
    found = (
        [dict(zip(columns, row, strict=False)) for row in raw if isinstance(row, list)]
        if isinstance(raw, list)
        else []
    )
    if not found:
        return [Section("Aurora has no products.", "not_found")]
    what = {
        ("price", True): "Most expensive",
        ("price", False): "Cheapest",
        ("stock_quantity", True): "Highest stock",
        ("stock_quantity", False): "Lowest stock",
    }[(ordered, down)]
    return [
        Section(
            f"**{what}** (Aurora):\n\n{_table(found)}", spoke_of=_only(found), listed=_listed(found)
        )
    ]


def product_count(work: Work, ask: Ask) -> list[Section] | None:
    """How many products there are."""
    if ask.filters.bounds or ask.filters.stock is not None or ask.subjects:
        return products(work, ask)
    result = work.look.get("search_products", min_price=0, limit=1)
    if result is None:
        return None
    if failed(result):
        return [Section("Products could not be asked.")]
    return [Section(f"Aurora has **{plural(whole(result.get('total')), 'product')}**.")]


def categories(work: Work, ask: Ask) -> list[Section] | None:
    """Which categories there are."""
    result = work.look.get(
        "query_database",
        sql="select category, count(*) from products group by category order by category limit 100",
    )
    if result is None:
        return None
    raw = result.get("rows")
    found = (
        [row for row in raw if isinstance(row, list) and len(row) > 1]
        if isinstance(raw, list)
        else []
    )
    if failed(result) or not found:
        return [Section("Categories could not be asked.")]
    return [
        Section(
            f"**Categories** (Aurora)\n\n{table(['Category', 'Products'], ((safe(a), safe(b)) for a, b, *_ in found))}"
        )
    ]


def unknown_product(work: Work, subject: Subject, found: Resolved) -> Section:
    """What is said of a product that is not known."""
    return unresolved(work, subject, found)
