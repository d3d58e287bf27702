"""All that the systems know of a customer, from the one tool that asks them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.local.bedrock.understudy.answering.customer_facts import address, preferences
from deploy.local.bedrock.understudy.answering.lookups import SYSTEM_WORDS, failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    bullets,
    day,
    money,
    named,
    person,
    plural,
    quote,
    safe,
)
from deploy.local.bedrock.understudy.answering.numbers import whole
from deploy.local.bedrock.understudy.answering.order_tables import order_rows
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.working import Work, for_each_customer
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

Row = Mapping[str, Any]
TOOL = "get_customer_360"


def everything(work: Work, ask: Ask) -> list[Section] | None:
    """All that the systems know of each customer."""
    return for_each_customer(work, ask, _everything_of)


def _everything_of(work: Work, _: Ask, who: Resolved) -> Section | None:
    result = work.look.get(TOOL, customer_id=who.identity)
    if result is None:
        return None
    return overview(work, who, result, _whole_text)


def overview(work: Work, who: Resolved, result: Row, text_of: Any) -> Section:
    """A section out of the answer of the tool that asks all systems, or why there is none."""
    if failed(result):
        return Section(
            f"**{named(who.identity, who.name)}** could not be asked across the systems."
        )
    note_silent(work, result)
    user, profile = record(result, "customer"), record(result, "profile")
    if result.get("found") is False or not (user or profile):
        return _nobody(who, result)
    name = person(user or profile or {})
    spoke_of = (about_customer(who.identity, name),)
    text = text_of(f"**{named(who.identity, name)}**", result)
    orders = rows(record(result, "orders"), "orders")
    listed = tuple(Subject("order", "id", str(row.get("order_id"))) for row in orders)
    shown = listed if len(listed) > 1 else ()
    return Section(text, spoke_of=spoke_of, listed=shown, names={who.identity: name})


def note_silent(work: Work, result: Row) -> None:
    """Has the systems that did not answer named at the end."""
    silent = result.get("unavailable")
    for system in silent if isinstance(silent, list) else []:
        words = SYSTEM_WORDS.get(str(system), safe(system))
        work.look.failures.setdefault(str(system), f"{words} could not be asked just now")


def _nobody(who: Resolved, result: Row) -> Section:
    if result.get("unavailable"):
        text = f"Nothing on **{safe(who.identity)}** in the systems that answered."
        return Section(text)
    text = f"There is no customer **{safe(who.identity)}** in Aurora or the profile system."
    return Section(text, "not_found")


def _whole_text(head: str, result: Row) -> str:
    parts = [
        head,
        bullets([*_account(record(result, "customer")), *_profile(record(result, "profile"))]),
        _orders(record(result, "orders")),
        _reviews(record(result, "reviews")),
        _warranties(record(result, "warranties")),
        _to_know(result),
    ]
    return "\n\n".join(part for part in parts if part)


def _account(user: Row | None) -> Iterator[str]:
    if user:
        yield (
            f"account (Aurora): user name {safe(user.get('username'))}, "
            f"e-mail {safe(user.get('email'))}, since {day(user.get('created_at'))}"
        )


def _profile(profile: Row | None) -> Iterator[str]:
    if not profile:
        return
    yield (
        f"profile: tier **{safe(profile.get('tier'))}**, "
        f"lifetime value **{money(profile.get('lifetime_value'))}** over "
        f"{plural(whole(profile.get('total_purchases')), 'purchase')}, "
        f"{plural(whole(profile.get('support_cases_count')), 'support case')}, "
        f"registered {day(profile.get('registration_date'))}"
    )
    contact = f"{safe(profile.get('email'))}, {safe(profile.get('phone'))}, {address(profile)}"
    yield f"contact (profile): {contact}; {preferences(profile)}"
    if profile.get("notes"):
        yield f"note (profile): {quote(profile['notes'])}"


def _orders(orders: Row | None) -> str:
    if not orders:
        return ""
    found = rows(orders, "orders")
    if not found:
        return "**Orders** (Aurora): none"
    count = plural(whole(orders.get("total"), len(found)), "order")
    cut = (
        f"\n\nThe list is cut: the newest {len(found)} are shown."
        if orders.get("truncated")
        else ""
    )
    total = money(orders.get("sum") or 0)
    return f"**Orders** (Aurora): {count}, {total} in total\n\n{order_rows(found)}{cut}"


def _reviews(reviews: Row | None) -> str:
    if not reviews:
        return ""
    lines = (
        f"{safe(r.get('review_id'))} · {safe(r.get('rating'))} of 5 stars · product "
        f"{safe(r.get('product_id'))} · {day(r.get('created_at'))}: {quote(r.get('title', ''))}"
        for r in rows(reviews, "reviews")
    )
    return _listed("**Reviews** (catalogue)", lines, reviews)


def _warranties(warranties: Row | None) -> str:
    if not warranties:
        return ""
    lines = (
        f"{safe(r.get('product_name'))}, serial {safe(r.get('serial_number'))}, on "
        f"{safe(r.get('customer_name'))}: {safe(r.get('status')).replace('_', ' ')}, "
        f"ends {day(r.get('warranty_end_date'))}"
        for r in rows(warranties, "warranties")
    )
    return _listed("**Warranties** (warranty system, tied by name)", lines, warranties)


def _listed(title: str, lines: Iterator[str], result: Row) -> str:
    shown = bullets(lines)
    cut = "\n\nThe list is cut." if result.get("truncated") else ""
    return f"{title}\n\n{shown}{cut}" if shown else f"{title}: none"


def _to_know(result: Row) -> str:
    lines = [*differences_of(result), *lifetime_of(result), *information_of(result)]
    return f"**To know**\n\n{bullets(lines)}" if lines else ""


def differences_of(result: Row) -> list[str]:
    """Every difference between systems, with the values of both."""
    return [_difference(row) for row in rows(result, "discrepancies")]


def _difference(row: Row) -> str:
    """The message, and the values of both systems when it does not name them."""
    said = safe(row.get("message") or str(row.get("kind")).replace("_", " "))
    values = row.get("values")
    if not isinstance(values, Mapping) or all(safe(v) in said for v in values.values()):
        return said
    return f"{said} ({'; '.join(f'{safe(k)}: {safe(v)}' for k, v in values.items())})"


def lifetime_of(result: Row) -> list[str]:
    """The difference between orders and lifetime value, which is none of the systems' error."""
    life = record(result, "lifetime")
    if not life or not life.get("differs"):
        return []
    orders = f"{plural(whole(life.get('orders')), 'order')}, {money(life.get('orders_total'))}"
    bought = plural(whole(life.get("profile_total_purchases")), "purchase")
    value = money(life.get("profile_lifetime_value"))
    return [
        f"Orders in Aurora: {orders}; profile: {bought}, lifetime value {value}. "
        "The profile is kept by another system over a longer time, so this is no error."
    ]


def agreement_of(result: Row) -> list[str]:
    """That orders and lifetime value come to the same, when they do."""
    life = record(result, "lifetime")
    if not life or life.get("differs") is not False:
        return []
    value = money(life.get("profile_lifetime_value"))
    return [f"The orders in Aurora and the lifetime value of the profile match: {value}."]


def information_of(result: Row) -> list[str]:
    """What else the cross-system tool has to say."""
    found = result.get("information")
    return [safe(line) for line in found] if isinstance(found, list) else []
