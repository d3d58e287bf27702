"""Answers about groups of products: by category, price and stock, the cheapest, how many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.likeness import mistakes
from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import money, plural, quote, safe, table
from deploy.local.bedrock.understudy.answering.numbers import amount, whole, within
from deploy.local.bedrock.understudy.answering.sections import Section, about_product
from deploy.local.bedrock.understudy.answering.statements import named_rows, select
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

Row = Mapping[str, Any]
Single = Callable[[Work, Ask], list[Section] | None]
_MOST = 50
_COLUMNS = ("product_id", "name", "category", "price", "stock_quantity")
_SUPERLATIVES = {
    ("price", True): "Most expensive",
    ("price", False): "Cheapest",
    ("stock_quantity", True): "Highest stock",
    ("stock_quantity", False): "Lowest stock",
}
_NOT_ASKED = Section("Products could not be asked.")


def products(work: Work, ask: Ask, single: Single) -> list[Section] | None:
    """A group of products; ``single`` answers when the name turns out to be one product's."""
    named = [s for s in ask.subjects if s.kind in ("product", "name")]
    if any(subject.by == "id" for subject in named):
        return single(work, replace(ask, want="product", facts=("product",)))
    filters = ask.filters
    if not named and filters.pick in ("largest", "smallest") and not filters.bounds:
        return superlative(work, ask)
    given: dict[str, Any] = {
        "min_price": None if filters.of_stock else filters.least,
        "max_price": None if filters.of_stock else filters.most,
        "in_stock": filters.stock,
    }
    if named:
        return _of_kind(work, ask, named[0], given, single)
    if all(value is None for value in given.values()):
        given["min_price"] = 0
    result = work.look.get("search_products", limit=filters.limit or _MOST, **given)
    return None if result is None else [_listing("Products", ask, result)]


def of_category(work: Work, ask: Ask) -> list[Section] | None:
    """The products of the category that an ask names; empty when there is none of that name."""
    result = work.look.get("search_products", category=ask.subjects[0].value, limit=_MOST)
    if result is None or not (found := rows(result, "products")):
        return None if result is None else []
    return [_listing(f"Products in category {safe(found[0].get('category'))}", ask, result)]


def _of_kind(
    work: Work, ask: Ask, subject: Subject, given: Mapping[str, Any], single: Single
) -> list[Section] | None:
    """A name in a question about a group may be a category or a product."""
    category = work.look.get("search_products", category=subject.value, limit=_MOST, **given)
    named = work.look.get("search_products", query=subject.value, **given)
    if category is None or named is None:
        return None
    if found := rows(category, "products"):
        title = f"Products in category {safe(found[0].get('category'))}"
        return [_listing(title, ask, category)]
    if rows(named, "products") and named.get("matched_by") == "name":
        return [_listing(f"Products called {quote(subject.value, 60)}", ask, named)]
    if failed(category) or failed(named):
        return [_NOT_ASKED]
    return _guessed(work, ask, subject, given, single)


def _guessed(
    work: Work, ask: Ask, subject: Subject, given: Mapping[str, Any], single: Single
) -> list[Section] | None:
    """Nothing is called just so: a mistyped category, a mistyped product, or nothing at all."""
    sql = select("distinct category", "products", order="category", limit=100)
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    said = subject.value
    known = [str(row["category"]) for row in named_rows(result, ("category",))]
    near = [(n, name) for name in known if (n := mistakes(said, name)) is not None]
    if near and min(near)[1] != said:
        return _of_kind(work, ask, replace(subject, value=min(near)[1]), given, single)
    if near:
        return [Section(f"**Products in category {safe(said)}{_narrowed(ask.filters)}**: none.")]
    return single(work, replace(ask, subjects=(replace(subject, kind="product"),)))


def _narrowed(filters: Filters) -> str:
    parts = [safe(filters.bounds)] if filters.bounds else []
    parts += ["in stock"] if filters.of_stock else []
    if filters.stock is not None:
        parts.append("in stock" if filters.stock else "out of stock")
    return " " + ", ".join(parts) if parts else ""


def _listing(head: str, ask: Ask, result: Row) -> Section:
    if failed(result):
        return _NOT_ASKED
    filters = ask.filters
    bounded = "stock_quantity" if filters.of_stock else "price"
    found = [row for row in rows(result, "products") if within(row.get(bounded), filters)]
    title = f"**{head}{_narrowed(filters)}** (Aurora)"
    if not found:
        return Section(f"{title}: {'No, none.' if ask.yes_no else 'none.'}")
    total = len(found) if filters.bounds else whole(result.get("total"), len(found))
    count = plural(total, "product")
    shown = _picked(found, filters) if not result.get("truncated") else found
    lead = f"Yes, {count}." if ask.yes_no else f"{count}."
    cut = ""
    if result.get("truncated"):
        cut = f"\n\nThe list is cut: {len(found)} of {safe(result.get('total'))} are shown."
    return Section(
        f"{title}: {lead}\n\n{_table(shown)}{cut}", spoke_of=_only(shown), listed=_listed(shown)
    )


def _picked(found: Sequence[Row], filters: Filters) -> Sequence[Row]:
    if filters.pick not in ("largest", "smallest"):
        return found
    dearest_first = filters.pick == "largest"
    ordered = sorted(found, key=lambda row: amount(row.get("price")), reverse=dearest_first)
    return ordered[: filters.limit or 1]


def _table(found: Sequence[Row]) -> str:
    cells = (
        (
            safe(row.get("product_id")),
            safe(row.get("name")),
            safe(row.get("category")),
            money(row.get("price")),
            safe(row.get("stock_quantity")),
        )
        for row in found
    )
    return table(["Product", "Name", "Category", "Price", "Stock"], cells)


def _listed(found: Sequence[Row]) -> tuple[Subject, ...]:
    return tuple(about_product(row.get("product_id"), safe(row.get("name"))) for row in found)


def _only(found: Sequence[Row]) -> tuple[Subject, ...]:
    return _listed(found) if len(found) == 1 else ()


def superlative(work: Work, ask: Ask) -> list[Section] | None:
    """The cheapest, dearest, fullest or emptiest products."""
    ordered = "stock_quantity" if "stock" in ask.facts else "price"
    filters = ask.filters
    down = filters.pick == "largest" if ordered == "price" else filters.descending
    if ask.subjects:
        return _superlative_of_kind(work, ask, ordered, down=down)
    order = f"{ordered}{' desc' if down else ''}, id"
    columns = "id, name, category, price, stock_quantity"
    sql = select(columns, "products", order=order, limit=filters.rank or filters.limit or 1)
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    if failed(result):
        return [_NOT_ASKED]
    found = _ranked(named_rows(result, _COLUMNS), filters)
    if not found:
        return [Section("Aurora has no such product.", "not_found")]
    place = f", place {filters.rank}" * bool(filters.rank)
    title = f"**{_SUPERLATIVES[ordered, down]}{place}** (Aurora)"
    return [Section(f"{title}\n\n{_table(found)}", spoke_of=_only(found), listed=_listed(found))]


def _ranked(found: Sequence[Row], filters: Filters) -> Sequence[Row]:
    """Only the one at the place that was asked for, when one was."""
    return found[filters.rank - 1 : filters.rank] if filters.rank else found


def _superlative_of_kind(work: Work, ask: Ask, ordered: str, *, down: bool) -> list[Section] | None:
    """The cheapest, dearest, fullest or emptiest product of one category."""
    found = category_rows(work, ask.subjects[0].value)
    if found is None:
        return None
    said = quote(ask.subjects[0].said or ask.subjects[0].value, 60)
    if not found:
        return [Section(f"Aurora has no category called {said}.", "not_found")]
    ranked = sorted(found, key=lambda row: amount(row.get(ordered)), reverse=down)
    shown = _ranked(ranked[: ask.filters.rank or ask.filters.limit or 1], ask.filters)
    title = f"{_SUPERLATIVES[ordered, down]} in category {safe(found[0].get('category'))}"
    text = f"**{title}** (Aurora)\n\n{_table(shown)}"
    return [Section(text, spoke_of=_only(shown), listed=_listed(shown))]


def category_rows(work: Work, said: str) -> list[Row] | None:
    """The products of a category, a mistyped one too; none when there is no such category."""
    result = work.look.get("search_products", category=said, limit=_MOST)
    if result is None:
        return None
    if found := rows(result, "products"):
        return found
    sql = select("distinct category", "products", order="category", limit=100)
    known = work.look.get("query_database", sql=sql)
    if known is None:
        return None
    names = [str(row["category"]) for row in named_rows(known, ("category",))]
    like = ((n, name) for name in names if (n := mistakes(said, name)) is not None)
    near = min(like, default=None)
    if near is None or near[1] == said:
        return []
    again = work.look.get("search_products", category=near[1], limit=_MOST)
    return None if again is None else rows(again, "products")


def product_count(work: Work, ask: Ask, single: Single) -> list[Section] | None:
    """How many products there are."""
    if ask.filters.bounds or ask.filters.stock is not None or ask.subjects:
        return products(work, ask, single)
    result = work.look.get("search_products", min_price=0, limit=1)
    if result is None:
        return None
    if failed(result):
        return [_NOT_ASKED]
    return [Section(f"Aurora has **{plural(whole(result.get('total')), 'product')}**.")]


def categories(work: Work, _: Ask) -> list[Section] | None:
    """Which categories there are."""
    source = "products group by category"
    sql = select("category, count(*)", source, order="category", limit=100)
    result = work.look.get("query_database", sql=sql)
    if result is None:
        return None
    found = named_rows(result, ("category", "products"))
    if not found:
        return [Section("Categories could not be asked.")]
    cells = ((safe(row.get("category")), safe(row.get("products"))) for row in found)
    return [Section(f"**Categories** (Aurora)\n\n{table(['Category', 'Products'], cells)}")]
