"""Answers that lay systems side by side, identity checks, and what no system holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.everything import (
    TOOL,
    agreement_of,
    differences_of,
    information_of,
    lifetime_of,
    note_silent,
    overview,
)
from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    bullets,
    money,
    named,
    plural,
    safe,
)
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
_VERDICTS = {
    "verified": "is **verified**: what the caller says fits the profile.",
    "not_verified": "is **not verified**: what the caller says does not fit.",
    "locked": "is **locked**: there were too many failed checks.",
}
_NEEDED = "date of birth, last four digits of the phone number, ZIP code"


def differences(work: Work, ask: Ask) -> list[Section] | None:
    """Where the systems differ on customers or products."""
    if not ask.subjects:
        text = (
            "All records cannot be compared at once. Name a customer or a product, "
            "and I lay the systems side by side."
        )
        return [Section(text, "clarify")]
    answers = [_differences_of(work, ask, subject) for subject in ask.subjects]
    if any(sections is None for sections in answers):
        return None
    return [section for sections in answers for section in sections or []]


def _differences_of(work: Work, ask: Ask, subject: Subject) -> list[Section] | None:
    kind = subject.kind
    if kind == "name":
        kind, what = work.either(subject)
        if what.state == "waiting":
            return None
        if what.state != "found":
            return [unresolved(work, replace(subject, kind=kind), what)]
    one = replace(ask, subjects=(replace(subject, kind=kind),))
    if kind == "customer":
        return for_each_customer(work, one, _customer)
    return for_each_product(work, one, _product)


def _customer(work: Work, _: Ask, who: Resolved) -> Section | None:
    result = work.look.get(TOOL, customer_id=who.identity)
    return None if result is None else overview(work, who, result, _customer_text)


def _customer_text(head: str, result: Row) -> str:
    lines = [*differences_of(result), *lifetime_of(result)]
    answered = " that answered" if result.get("unavailable") else ""
    same = "\n\n".join(agreement_of(result))
    if not lines:
        return f"{head}: no difference between the systems{answered}. {same}".strip()
    count = plural(len(lines), "difference")
    return f"{head}: {count} between the systems{answered}.\n\n{bullets(lines)}\n\n{same}".strip()


def _product(work: Work, _: Ask, what: Resolved) -> Section | None:
    result = work.look.get("compare_product_records", product_id=what.identity)
    if result is None:
        return None
    head = f"**{what.name}** (product {safe(what.identity)})"
    if failed(result):
        return Section(f"{head} could not be compared across the systems.")
    note_silent(work, result)
    lines = [*differences_of(result), *information_of(result)]
    ours, theirs = record(result, "aurora"), record(result, "catalog")
    if ours and theirs:
        lines.append(f"Aurora: {_record(ours)}; catalogue: {_record(theirs)}")
    if rows(result, "discrepancies"):
        lead = "Aurora and the catalogue differ."
    else:
        lead = "Aurora and the catalogue agree." if ours and theirs else "Nothing to compare."
    text = f"{head}: {lead}\n\n{bullets(lines)}"
    return Section(text, spoke_of=(about_product(what.identity, what.name),))


def _record(row: Row) -> str:
    stock = safe(row.get("stock_quantity"))
    return f"{safe(row.get('name'))}, {money(row.get('price'))}, {stock} in stock"


def birth(_: Work, ask: Ask) -> list[Section] | None:
    """A date of birth is never shown; the identity check is offered instead."""
    text = (
        "I do not show anybody's date of birth. For an identity check I need the customer and two "
        f"of these, as the caller says them: {_NEEDED}."
    )
    return [Section(text, "refused", spoke_of=_known(ask))]


def verify(work: Work, ask: Ask) -> list[Section] | None:
    """Whether what the caller says fits the profile; never which part of it."""
    if ask.subjects and len(ask.given) > 1:
        return for_each_customer(work, ask, _verified)
    text = (
        "For an identity check I need the customer and two of these, as the caller says them: "
        f"{_NEEDED}."
    )
    return [Section(text, "clarify", spoke_of=_known(ask))]


def checked_before(work: Work, ask: Ask) -> list[Section] | None:
    """Whether anybody was checked in this conversation, and how that ended."""
    if checked := work.context.checked:
        text = f"The last identity check of this conversation said: {checked[-1]}"
        return [Section(text, spoke_of=_known(ask))]
    text = (
        "There was no identity check in this conversation so far. For one I need the customer and "
        f"two of these, as the caller says them: {_NEEDED}."
    )
    return [Section(text, "clarify", spoke_of=_known(ask))]


def _known(ask: Ask) -> tuple[Subject, ...]:
    return tuple(s for s in ask.subjects if s.by == "id" or s.kind == "customer")


def _verified(work: Work, ask: Ask, who: Resolved) -> Section | None:
    given = dict(ask.given)
    result = work.look.get("profile___verify_customer", customer_id=who.identity, **given)
    if result is None:
        return None
    head = f"**{named(who.identity, who.name)}**"
    spoke_of = (about_customer(who.identity, who.name),)
    if failed(result):
        return Section(f"{head}: the identity check could not be made.", spoke_of=spoke_of)
    status, left = str(result.get("status")), result.get("attempts_left")
    more = f" Attempts left: {left}." if status == "not_verified" and isinstance(left, int) else ""
    verdict = _VERDICTS.get(status, safe(status))
    return Section(f"{head} {verdict}{more} (profile system)", spoke_of=spoke_of)


def unrecorded(_: Work, ask: Ask) -> list[Section] | None:
    """What no system holds."""
    return [Section(ask.note, "not_found")]
