"""Compares a figure that somebody claims with what is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import joined, money, plural, quote, safe
from deploy.local.bedrock.understudy.answering.numbers import amount, whole
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Claim, Subject

Row = Mapping[str, Any]
Recorded = tuple[Decimal, str]
_PROFILE = {"cases": ("support_cases_count", "support case"),
            "purchases": ("total_purchases", "purchase")}  # fmt: skip
_NEAR = Decimal(1)
_MOST_NAMED = 4


def judged(work: Work, ask: Ask, claim: Claim) -> Section | None:
    """Whether a claimed figure is recorded, and what is instead; None while look-ups are open."""
    recorded: list[Recorded] = []
    for subject in ask.subjects:
        found = _recorded(work, ask, claim, subject)
        if found is None:
            return None
        recorded += found
    if not recorded:
        return Section(f"**Not confirmed**: nothing is recorded to compare {_said(claim)} with.")
    same = [what for value, what in recorded if value == claim.value]
    near = [what for value, what in recorded if _is_near(value, claim)]
    verdict = "Confirmed" if same else "About right" if near else "Not confirmed"
    named = joined(same or near or [what for _, what in recorded[:_MOST_NAMED]])
    return Section(f"**{verdict}**, claimed was {_said(claim)}: recorded is {named}.")


def _said(claim: Claim) -> str:
    what = f" {claim.of}" if claim.of not in ("amount", "stock") else ""
    return quote(claim.said + what, 40)


def _is_near(value: Decimal, claim: Claim) -> bool:
    whole_number = claim.value == claim.value.to_integral_value()
    return claim.of == "amount" and whole_number and abs(value - claim.value) < _NEAR


def _recorded(work: Work, ask: Ask, claim: Claim, subject: Subject) -> list[Recorded] | None:
    if subject.kind == "order":
        return _of_order(work, subject)
    if subject.kind == "product":
        return _of_product(work, claim, subject)
    if subject.kind in ("customer", "name"):
        return _of_customer(work, ask, claim, subject)
    return []


def _of_order(work: Work, subject: Subject) -> list[Recorded] | None:
    result = work.look.get("get_order", order_id=subject.value)
    if result is None:
        return None
    row = record(result, "order")
    if not row:
        return []
    total = amount(row.get("total_amount"))
    return [(total, f"{money(total)} for order {safe(row.get('order_id'))} (Aurora)")]


def _of_product(work: Work, claim: Claim, subject: Subject) -> list[Recorded] | None:
    what = work.product(subject)
    if what.state != "found":
        return None if what.state == "waiting" else []
    key = "stock_quantity" if claim.of == "stock" else "price"
    ours = work.look.product(what.identity)
    theirs = work.look.get("get_product", product_id=what.identity)
    if ours is None or theirs is None:
        return None
    found: list[Recorded] = []
    for row, system in ((next(iter(rows(ours, "products")), None), "Aurora"),
                        (record(theirs, "product"), "catalogue")):  # fmt: skip
        if row:
            value = amount(row.get(key))
            shown = money(value) if key == "price" else f"{value} units"
            found.append((value, f"{shown} for {what.name} ({system})"))
    return found


def _of_customer(work: Work, ask: Ask, claim: Claim, subject: Subject) -> list[Recorded] | None:
    who = work.customer(subject)
    if who.state != "found":
        return None if who.state == "waiting" else []
    if claim.of in _PROFILE:
        return _of_profile(work, claim, who.identity)
    if claim.of == "reviews":
        result = work.look.get("list_reviews", customer_id=who.identity)
        return None if result is None else _counted(result, "review", "catalogue")
    orders = work.look.get("list_orders", customer_id=who.identity)
    profile = work.look.profile(who.identity) if _of_lifetime(ask) else {}
    if orders is None or profile is None:
        return None
    if claim.of == "orders":
        return _counted(orders, "order", "Aurora")
    return [*_amounts(orders), *_lifetime(record(profile, "profile"))]


def _of_lifetime(ask: Ask) -> bool:
    return ask.want == "spent" or "lifetime" in ask.facts


def _counted(result: Row, what: str, system: str) -> list[Recorded]:
    if failed(result):
        return []
    total = whole(result.get("total"))
    return [(Decimal(total), f"{plural(total, what)} ({system})")]


def _amounts(orders: Row) -> list[Recorded]:
    """The sum of all orders, and each of them."""
    if failed(orders):
        return []
    found = rows(orders, "orders")
    singles = [
        (amount(row.get("total_amount")),
         f"{money(row.get('total_amount'))} for order {safe(row.get('order_id'))}")
        for row in found
    ]  # fmt: skip
    if len(found) == 1 and not orders.get("truncated"):
        return [(value, f"{what}, the only one (Aurora)") for value, what in singles]
    total = amount(orders.get("sum"))
    return [(total, f"{money(total)} for all orders together (Aurora)"), *singles]


def _lifetime(profile: Row | None) -> list[Recorded]:
    if not profile:
        return []
    value = amount(profile.get("lifetime_value"))
    return [(value, f"{money(value)} as lifetime value (profile system)")]


def _of_profile(work: Work, claim: Claim, identity: str) -> list[Recorded] | None:
    result = work.look.profile(identity)
    if result is None:
        return None
    profile = record(result, "profile")
    key, what = _PROFILE[claim.of]
    if not profile:
        return []
    count = whole(profile.get(key))
    return [(Decimal(count), f"{plural(count, what)} (profile system)")]
