"""Answers that lay systems side by side: everything about a customer, differences, identity checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import SYSTEM_WORDS, failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    bullets,
    day,
    joined,
    money,
    named,
    person,
    plural,
    quote,
    safe,
    table,
)
from deploy.local.bedrock.understudy.answering.numbers import whole
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import (
    Section,
    about_customer,
    about_product,
)
from deploy.local.bedrock.understudy.answering.working import (
    Work,
    for_each_customer,
    for_each_product,
    unresolved,
)
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

Row = Mapping[str, Any]
_KINDS = {
    "email_differs": "E-mail address", "name_differs": "Name", "warranty_name_differs": "Name on a warranty",
    "verified_purchase_without_order": "Verified purchase without a fitting order", "stock_differs": "Stock",
    "price_differs": "Price", "product_name_differs": "Product name",
}  # fmt: skip
_LIFETIME_NOTE = "lifetime values are kept by another system over a longer time"


def everything(work: Work, ask: Ask) -> list[Section] | None:
    """All that the systems know of each customer."""
    return for_each_customer(work, ask, _everything_of)


def _everything_of(work: Work, ask: Ask, who: Resolved) -> Section | None:
    result = work.look.get("get_customer_360", customer_id=who.identity)
    if result is None:
        return None
    if failed(result):
        return Section(
            f"**{named(who.identity, who.name)}** could not be asked across the systems."
        )
    _note_silent(work, result)
    user, profile = record(result, "customer"), record(result, "profile")
    if result.get("found") is False or not (user or profile):
        return _nobody(who, result)
    name = person(user or profile or {})
    parts = [
        f"**{named(who.identity, name)}**", bullets(_who(user, profile)), _orders(record(result, "orders")),
        _reviews(record(result, "reviews")), _warranties(record(result, "warranties")), _remarks(result),
    ]  # fmt: skip
    text = "\n\n".join(part for part in parts if part)
    return Section(text, spoke_of=(about_customer(who.identity, name),), names={who.identity: name})


def _nobody(who: Resolved, result: Row) -> Section:
    if result.get("unavailable"):
        return Section(
            f"Nothing was found on **{safe(who.identity)}** in the systems that answered."
        )
    return Section(
        f"There is no customer **{safe(who.identity)}** in Aurora or the profile system.",
        "not_found",
    )


def _note_silent(work: Work, result: Row) -> None:
    silent = result.get("unavailable")
    for system in silent if isinstance(silent, list) else []:
        words = SYSTEM_WORDS.get(str(system), safe(system))
        work.look.failures.setdefault(str(system), f"{words} could not be asked just now")


def _who(user: Row | None, profile: Row | None) -> list[str]:
    lines = []
    if user:
        lines.append(
            f"Account (Aurora): user name {safe(user.get('username'))}, e-mail {safe(user.get('email'))}, since {day(user.get('created_at'))}"
        )
    if profile:
        address = profile.get("address")
        where = (
            ", ".join(
                safe(address[k])
                for k in ("street", "city", "state", "zip", "country")
                if address.get(k)
            )
            if isinstance(address, Mapping)
            else ""
        )
        lines.append(
            f"Profile: tier **{safe(profile.get('tier'))}**, lifetime value **{money(profile.get('lifetime_value'))}** over {plural(whole(profile.get('total_purchases')), 'purchase')}, {plural(whole(profile.get('support_cases_count')), 'support case')}, registered {day(profile.get('registration_date'))}"
        )
        lines.append(
            f"Contact (profile): {safe(profile.get('email'))}, {safe(profile.get('phone'))}, {where}"
        )
        channels = profile.get("communication_preferences")
        if isinstance(channels, Mapping):
            lines.append(
                "May be contacted by: "
                + (joined([safe(k) for k, v in channels.items() if v]) or "nothing")
                + " (profile)"
            )
        if profile.get("notes"):
            lines.append(f"Note (profile): {quote(profile['notes'])}")
    return lines


def _orders(orders: Row | None) -> str:
    if not orders:
        return ""
    found = rows(orders, "orders")
    head = f"**Orders** (Aurora): {plural(whole(orders.get('total'), len(found)), 'order')}, {money(orders.get('sum') or 0)} in total"
    if not found:
        return "**Orders** (Aurora): none"
    cells = (
        (
            safe(r.get("order_id")),
            day(r.get("order_date")),
            safe(r.get("status")),
            money(r.get("total_amount")),
        )
        for r in found
    )
    cut = (
        f"\n\nThe list is cut: the newest {len(found)} are shown."
        if orders.get("truncated")
        else ""
    )
    return f"{head}\n\n{table(['Order', 'Date', 'Status', 'Total'], cells)}{cut}"


def _reviews(reviews: Row | None) -> str:
    if not reviews:
        return ""
    found = rows(reviews, "reviews")
    if not found:
        return "**Reviews** (catalogue): none"
    lines = (
        f"{safe(r.get('review_id'))} · {safe(r.get('rating'))} of 5 stars · product {safe(r.get('product_id'))} · {day(r.get('created_at'))}: {quote(r.get('title', ''))}"
        for r in found
    )
    cut = "\n\nThe list is cut." if reviews.get("truncated") else ""
    return f"**Reviews** (catalogue)\n\n{bullets(lines)}{cut}"


def _warranties(warranties: Row | None) -> str:
    if not warranties:
        return ""
    found = rows(warranties, "warranties")
    if not found:
        return "**Warranties** (warranty system, tied by name): none"
    lines = (
        f"{safe(r.get('product_name'))}, serial {safe(r.get('serial_number'))}, on {safe(r.get('customer_name'))}: {safe(r.get('status')).replace('_', ' ')}, ends {day(r.get('warranty_end_date'))}"
        for r in found
    )
    return f"**Warranties** (warranty system, tied by name)\n\n{bullets(lines)}"


def _remarks(result: Row) -> str:
    lines = [*_differences(result), *_lifetime(result), *_information(result)]
    return f"**To know**\n\n{bullets(lines)}" if lines else ""


def _differences(result: Row) -> list[str]:
    return [_difference(row) for row in rows(result, "discrepancies")]


def _difference(row: Row) -> str:
    """One difference, with the value of each system."""
    what = _KINDS.get(str(row.get("kind")), safe(row.get("kind")).replace("_", " "))
    values = row.get("values")
    given = (
        [f"{_system(k)}: {_value(k, v, str(row.get('kind')))}" for k, v in values.items()]
        if isinstance(values, Mapping)
        else []
    )
    message = safe(row.get("message", ""))
    return (
        f"{what} differs" * (what in ("E-mail address", "Name", "Stock", "Price", "Product name"))
        + (what if what not in ("E-mail address", "Name", "Stock", "Price", "Product name") else "")
        + (f" ({'; '.join(given)})" if given else "")
        + (f": {message}" if message else "")
    )


def _system(key: Any) -> str:
    words = {
        "aurora": "Aurora",
        "catalog": "catalogue",
        "profile": "profile",
        "warranty": "warranty",
    }
    return words.get(str(key), safe(key).replace("_", " "))


def _value(key: Any, value: Any, kind: str) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{safe(k).replace('_', ' ')} {safe(v)}" for k, v in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(safe(item) for item in value) or "none"
    return money(value) if kind == "price_differs" else safe(value)


def _lifetime(result: Row) -> list[str]:
    life = record(result, "lifetime")
    if not life or not life.get("differs"):
        return []
    return [
        f"Orders in Aurora: {plural(whole(life.get('orders')), 'order')}, {money(life.get('orders_total'))}; profile: "
        f"{plural(whole(life.get('profile_total_purchases')), 'purchase')}, lifetime value {money(life.get('profile_lifetime_value'))} "
        f"({_LIFETIME_NOTE}: a difference, not an error)"
    ]


def _information(result: Row) -> list[str]:
    found = result.get("information")
    return [safe(line) for line in found] if isinstance(found, list) else []


def differences(work: Work, ask: Ask) -> list[Section] | None:
    """Where the systems differ on customers or products."""
    if not ask.subjects:
        text = "All records cannot be compared at once. Name a customer or a product and I lay the systems side by side."
        return [Section(text, "clarify")]
    found: list[Section] = []
    for subject in ask.subjects:
        kind, what = (subject.kind, None) if subject.kind != "name" else work.either(subject)
        if what is not None and what.state != "found":
            if what.state == "waiting":
                return None
            found.append(unresolved(work, replace(subject, kind=kind), what))
            continue
        one = replace(ask, subjects=(replace(subject, kind=kind),))
        sections = (
            for_each_customer(work, one, _customer_differences)
            if kind == "customer"
            else for_each_product(work, one, _product_differences)
        )
        if sections is None:
            return None
        found += sections
    return found


def _customer_differences(work: Work, ask: Ask, who: Resolved) -> Section | None:
    result = work.look.get("get_customer_360", customer_id=who.identity)
    if result is None:
        return None
    if failed(result):
        return Section(
            f"**{named(who.identity, who.name)}** could not be compared across the systems."
        )
    _note_silent(work, result)
    user, profile = record(result, "customer"), record(result, "profile")
    if result.get("found") is False or not (user or profile):
        return _nobody(who, result)
    name = person(user or profile or {})
    lines = [*_differences(result), *_lifetime(result)]
    silent = bool(result.get("unavailable"))
    lead = (
        "no difference between the systems" + (" that answered" if silent else "")
        if not lines
        else f"{plural(len(lines), 'difference')} between the systems"
    )
    text = f"**{named(who.identity, name)}**: {lead}." + (f"\n\n{bullets(lines)}" if lines else "")
    return Section(text, spoke_of=(about_customer(who.identity, name),), names={who.identity: name})


def _product_differences(work: Work, ask: Ask, what: Resolved) -> Section | None:
    result = work.look.get("compare_product_records", product_id=what.identity)
    if result is None:
        return None
    head = f"**{what.name}** (product {safe(what.identity)})"
    if failed(result):
        return Section(f"{head} could not be compared across the systems.")
    _note_silent(work, result)
    found = [*_differences(result), *_information(result)]
    ours, theirs = record(result, "aurora"), record(result, "catalog")
    both = f"Aurora: {_product(ours)}; catalogue: {_product(theirs)}" if ours and theirs else ""
    lead = (
        "Aurora and the catalogue differ."
        if rows(result, "discrepancies")
        else "Aurora and the catalogue agree."
        if both
        else "There is nothing to compare."
    )
    text = f"{head}: {lead}\n\n{bullets([*found, *([both] if both else [])])}"
    return Section(text, spoke_of=(about_product(what.identity, what.name),))


def _product(row: Row) -> str:
    return f"{safe(row.get('name'))}, {money(row.get('price'))}, {safe(row.get('stock_quantity'))} in stock"


def birth(work: Work, ask: Ask) -> list[Section] | None:
    """A date of birth is never shown; the identity check is offered instead."""
    text = (
        "A date of birth is never shown. To check who is calling, tell me the customer and what the caller says: "
        "date of birth, last four digits of the phone, ZIP code (two of the three)."
    )
    return [Section(text, "refused", spoke_of=tuple(s for s in ask.subjects if s.by == "id"))]


def verify(work: Work, ask: Ask) -> list[Section] | None:
    """Whether what the caller says fits the profile; never which part of it."""
    if not ask.subjects or len(ask.given) < 2:
        text = "For an identity check I need the customer and two of these, as the caller says them: date of birth, last four digits of the phone, ZIP code."
        return [Section(text, "clarify", spoke_of=tuple(s for s in ask.subjects if s.by == "id"))]
    return for_each_customer(work, ask, _verified)


def _verified(work: Work, ask: Ask, who: Resolved) -> Section | None:
    result = work.look.get("profile___verify_customer", customer_id=who.identity, **ask.given)
    if result is None:
        return None
    head = f"**{named(who.identity, who.name)}**"
    if failed(result):
        return Section(f"{head}: the identity check could not be made.")
    status, left = str(result.get("status")), result.get("attempts_left")
    words = {
        "verified": "**verified**: what the caller says fits the profile.",
        "not_verified": "**not verified**: what the caller says does not fit.",
        "locked": "**locked**: too many failed checks.",
    }
    more = f" Attempts left: {left}." if status == "not_verified" and isinstance(left, int) else ""
    return Section(
        f"{head} is {words.get(status, safe(status))}{more} (profile system)",
        spoke_of=(about_customer(who.identity, who.name),),
    )


def unrecorded(_: Work, ask: Ask) -> list[Section] | None:
    """What no system holds."""
    return [Section(ask.note, "not_found")]


def subject_of(kind: str, value: str) -> Subject:
    """A subject by id."""
    return Subject(kind, "id", value)
