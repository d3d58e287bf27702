"""Two or more customers or products side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import Lookups, failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    money,
    named,
    person,
    safe,
    table,
)
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import (
    Section,
    about_customer,
    about_product,
)
from deploy.local.bedrock.understudy.answering.working import Work, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask

Row = Mapping[str, Any]
_NOT_ASKED = "not asked"


def compare(work: Work, ask: Ask) -> list[Section] | None:
    """A table with a column for each."""
    found: list[tuple[str, Resolved]] = []
    for subject in ask.subjects:
        if subject.kind == "name":
            found.append(work.either(subject))
        else:
            found.append(
                (
                    subject.kind,
                    work.customer(subject) if subject.kind == "customer" else work.product(subject),
                )
            )
    if any(one.state == "waiting" for _, one in found):
        return None
    trouble = [
        unresolved(work, replace(subject, kind=kind), one)
        for subject, (kind, one) in zip(ask.subjects, found, strict=True)
        if one.state != "found"
    ]
    if trouble:
        return trouble
    if len({kind for kind, _ in found}) > 1:
        return [Section("A customer and a product cannot be compared.", "clarify")]
    ones = [one for _, one in found]
    section = (
        _customers(work.look, ones) if found[0][0] == "customer" else _products(work.look, ones)
    )
    return [section] if section else None


def _customers(look: Lookups, ones: Sequence[Resolved]) -> Section | None:
    accounts = [look.account(one.identity) for one in ones]
    profiles = [look.profile(one.identity) for one in ones]
    orders = [look.get("list_orders", customer_id=one.identity) for one in ones]
    if None in accounts or None in profiles or None in orders:
        return None
    columns = [_customer(*parts) for parts in zip(ones, accounts, profiles, orders, strict=True)]
    unknown = [one.identity for one, column in zip(ones, columns, strict=True) if not column]
    if unknown:
        where = "Aurora or the profile system"
        return Section(
            f"There is no customer **{safe(', '.join(unknown))}** in {where}.", "not_found"
        )
    names = [
        named(one.identity, one.name or column["name"])
        for one, column in zip(ones, columns, strict=True)
    ]
    labels = [key for key in columns[0] if key != "name"]
    shown = table(
        ["", *names], ([label, *(column[label] for column in columns)] for label in labels)
    )
    listed = tuple(
        about_customer(one.identity, one.name or column["name"])
        for one, column in zip(ones, columns, strict=True)
    )
    return Section(
        f"{shown}\n\nOrders are from Aurora, the rest from the profile system.", listed=listed
    )


def _customer(one: Resolved, account: Any, profile: Any, orders: Any) -> dict[str, str]:
    user = next(
        (r for r in rows(account, "customers") if str(r.get("customer_id")) == one.identity), None
    )
    known = record(profile, "profile")
    if not user and not known and not failed(account) and not failed(profile):
        return {}
    row = known or {}
    silent = failed(profile)
    bought = orders or {}
    return {
        "name": person(user or row),
        "Tier": _NOT_ASKED if silent else safe(row.get("tier", "")),
        "Lifetime value": _NOT_ASKED if silent else money(row.get("lifetime_value") or 0),
        "Purchases in all": _NOT_ASKED if silent else safe(row.get("total_purchases", "")),
        "Support cases": _NOT_ASKED if silent else safe(row.get("support_cases_count", "")),
        "Registered": _NOT_ASKED if silent else day(row.get("registration_date")),
        "Orders": _NOT_ASKED if failed(bought) else safe(bought.get("total", "")),
        "Order total": _NOT_ASKED if failed(bought) else money(bought.get("sum") or 0),
    }


def _products(look: Lookups, ones: Sequence[Resolved]) -> Section | None:
    ours = [look.product(one.identity) for one in ones]
    theirs = [look.get("get_product", product_id=one.identity) for one in ones]
    ratings = [look.get("rating_summary", product_id=one.identity) for one in ones]
    if None in ours or None in theirs or None in ratings:
        return None
    columns = [_product(*parts) for parts in zip(ones, ours, theirs, ratings, strict=True)]
    names = [f"{one.name} ({safe(one.identity)})" for one in ones]
    shown = table(
        ["", *names], ([label, *(column[label] for column in columns)] for label in columns[0])
    )
    listed = tuple(about_product(one.identity, one.name) for one in ones)
    return Section(shown, listed=listed)


def _product(one: Resolved, ours: Any, theirs: Any, rated: Any) -> dict[str, str]:
    row = next((r for r in rows(ours, "products") if str(r.get("product_id")) == one.identity), {})
    other = record(theirs, "product")
    missing = _NOT_ASKED if failed(theirs) else "not listed"
    average = _NOT_ASKED if failed(rated) else safe(rated.get("average_rating") or "no reviews")
    return {
        "Price (Aurora)": money(row.get("price") or 0),
        "Price (catalogue)": money(other.get("price") or 0) if other else missing,
        "Stock (Aurora)": safe(row.get("stock_quantity", "")),
        "Stock (catalogue)": safe(other.get("stock_quantity", "")) if other else missing,
        "Category": safe(row.get("category", "")),
        "Average rating (catalogue)": average,
        "Reviews": _NOT_ASKED if failed(rated) else safe(rated.get("reviews", "")),
    }
