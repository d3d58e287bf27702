"""Answers that pick one of the records which were named or shown before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering import customers, orders, products, reviews
from deploy.local.bedrock.understudy.answering.lookups import record, rows
from deploy.local.bedrock.understudy.answering.numbers import amount
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.working import Work, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters, Subject

Row = Mapping[str, Any]
_AMOUNT = {"order": "total_amount", "product": "price", "review": "rating"}
_DAY = {"order": "order_date", "product": "product_id", "review": "created_at"}


def pick(work: Work, ask: Ask) -> list[Section] | None:
    """The records that fit, of those that were shown."""
    among = [s for s in ask.subjects if s.by == "id"]
    named = [s for s in ask.subjects if s.by == "name" and s.kind == "product"]
    found = [_row(work, subject) for subject in among]
    product = work.product(named[0]) if named else None
    if any(row is None for row in found) or (product and product.state == "waiting"):
        return None
    if product and product.state != "found":
        return [unresolved(work, named[0], product)]
    known = [(s, row) for s, row in zip(among, found, strict=True) if row]
    if product:
        chosen = [s for s, row in known if str(row.get("product_id")) == product.identity]
    else:
        chosen = _chosen(known, ask.filters)
    if not chosen:
        return [Section("None of those fits.", "not_found")]
    sections = [_shown(work, replace(ask, subjects=(s,), filters=Filters())) for s in chosen]
    if any(one is None for one in sections):
        return None
    return [section for one in sections for section in one or []]


def _row(work: Work, subject: Subject) -> Row | None:
    """The record of a subject; an empty one when there is none, None while it is asked for."""
    if subject.kind == "product":
        result = work.look.product(subject.value)
        found = rows(result, "products")
        return None if result is None else (found[0] if found else {})
    tool, key = {
        "order": ("get_order", "order_id"),
        "review": ("get_review", "review_id"),
    }[subject.kind]
    result = work.look.get(tool, **{key: subject.value})
    return None if result is None else record(result, subject.kind) or {}


def _chosen(known: Sequence[tuple[Subject, Row]], filters: Filters) -> list[Subject]:
    if filters.stars:
        low, high = filters.stars
        return [s for s, row in known if low <= amount(row.get("rating")) <= high]
    if filters.status:
        return [s for s, row in known if str(row.get("status")) == filters.status]
    if not known:
        return []
    values = [_value(subject, row, filters.by) for subject, row in known]
    best = max(values) if filters.pick == "largest" else min(values)
    return [subject for (subject, _), value in zip(known, values, strict=True) if value == best]


def _value(subject: Subject, row: Row, by: str) -> Any:
    if by == "date":
        return str(row.get(_DAY[subject.kind]))
    return amount(row.get(_AMOUNT[subject.kind]))


def _shown(work: Work, ask: Ask) -> list[Section] | None:
    kind = ask.subjects[0].kind
    if kind == "order":
        return orders.order(work, ask)
    if kind == "review":
        written = reviews.review(work, ask)
        if "reviewer" not in ask.facts:
            return written
        by = replace(ask.subjects[0], kind="customer", by="review")
        who = customers.identity(work, replace(ask, subjects=(by,)))
        return None if who is None or written is None else [*written, *who]
    return products.single(work, replace(ask, want="product", facts=("product",)))
