"""From how a customer or product was named to which one it is, by asking the systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from deploy.local.bedrock.understudy.answering.likeness import closest, same
from deploy.local.bedrock.understudy.answering.lookups import Lookups, failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import person, quote, safe
from deploy.local.bedrock.understudy.answering.numbers import whole
from deploy.local.bedrock.understudy.answering.plurals import singular_of
from deploy.local.bedrock.understudy.asking.asks import Subject

Row = Mapping[str, Any]
State = Literal["waiting", "found", "ambiguous", "missing", "failed"]
CANDIDATES = 10
TAKEN = "I took"


@dataclass(frozen=True, slots=True)
class Resolved:
    """Which customer or product a subject is, or why that is not known."""

    state: State
    identity: str = ""
    name: str = ""
    note: str = ""
    candidates: tuple[Row, ...] = ()
    total: int = 0
    why: str = ""
    source: str = "Aurora"
    cut: bool = False


WAITING = Resolved("waiting")
FAILED = Resolved("failed")


def resolve_customer(look: Lookups, subject: Subject, names: Mapping[str, str]) -> Resolved:
    """Which customer the subject is."""
    if subject.by == "id":
        return Resolved("found", subject.value, subject.name or names.get(subject.value, ""))
    if subject.by == "malformed":
        if "@" in subject.value:
            why = f"{quote(subject.value)} is no complete e-mail address: a part of it is missing."
            return Resolved("missing", why=why)
        why = f"{quote(subject.value)} is no customer id: an id is CUST and a number."
        return Resolved("missing", why=why)
    if subject.by == "email":
        return _by_email(look, subject.value)
    if subject.by == "phone":
        return _by_phone(look, subject.value)
    if subject.by == "other":
        return _by_other(look, subject)
    if subject.by in _HANGING:
        return _HANGING[subject.by](look, subject)
    return _by_name(look, subject)


def _by_name(look: Lookups, subject: Subject) -> Resolved:
    said = subject.said if subject.by == "candidates" else subject.value
    result = look.get("find_customers", query=said)
    if result is None:
        return WAITING
    if failed(result):
        return FAILED
    found = rows(result, "customers")
    if subject.by == "candidates":
        found = [row for row in found if str(row.get("customer_id")) in subject.value.split(",")]
    if subject.after == "username":
        return _by_user_name(found, said)
    similar = bool(found) and found[0].get("matched_by") == "similar_name"
    if similar:
        found = closest(found, said, _all_names)
    total = (
        len(found)
        if similar or subject.by == "candidates"
        else whole(result.get("total"), len(found))
    )
    return _one_of(found, said, total, similar=similar)


def _by_user_name(found: Sequence[Row], said: str) -> Resolved:
    """A user name is spelt as it is: another one that looks like it is somebody else's."""
    exact = [row for row in found if str(row.get("username", "")).casefold() == said.casefold()]
    if not exact:
        return Resolved("missing", why=f"Aurora knows no user name {quote(said, 60)}.")
    return _one_of(exact, said, len(exact), similar=False)


def _by_other(look: Lookups, subject: Subject) -> Resolved:
    """Somebody of that name who is not the customer spoken of last."""
    result = look.get("find_customers", query=subject.value)
    if result is None or failed(result):
        return WAITING if result is None else FAILED
    found = [
        row
        for row in rows(result, "customers")
        if str(row.get("customer_id")) != subject.name and row.get("matched_by") != "similar_name"
    ]
    if not found:
        why = f"Aurora knows no other customer called {quote(subject.value, 60)}."
        return Resolved("missing", why=why)
    return _one_of(found, subject.value, len(found), similar=False)


def _all_names(row: Row) -> str:
    return f"{row.get('first_name')} {row.get('last_name')} {row.get('username')}"


def _one_of(found: Sequence[Row], said: str, total: int, *, similar: bool) -> Resolved:
    if not found:
        return Resolved("missing", why=f"Aurora knows no customer called {quote(said, 60)}.")
    if len(found) > 1:
        return Resolved("ambiguous", candidates=tuple(found[:CANDIDATES]), total=total)
    name = person(found[0])
    identity = str(found[0].get("customer_id", ""))
    note = f"{TAKEN} {quote(said, 60)} for **{name}** ({safe(identity)})." if similar else ""
    return Resolved("found", identity, name, note)


def _by_email(look: Lookups, email: str) -> Resolved:
    account = look.get("find_customers", query=email)
    profile = look.get("profile___get_customer_profile", email=email)
    if account is None or profile is None:
        return WAITING
    exact = [r for r in rows(account, "customers") if str(r.get("email", "")).casefold() == email]
    owner = record(profile, "profile")
    known: dict[str, Row] = {
        str(row.get("customer_id")): row for row in [*exact, *([owner] if owner else [])]
    }
    if len(known) > 1:
        return Resolved("ambiguous", candidates=tuple(known.values()), total=len(known))
    if not known:
        return _nobody(
            [account, profile],
            f"Neither Aurora nor the profile system has the e-mail {safe(email)}.",
        )
    identity, row = next(iter(known.items()))
    return Resolved(
        "found", identity, person(row), _only_one_has(bool(exact), owner, account, profile)
    )


def _only_one_has(exact: bool, owner: Row | None, account: Row, profile: Row) -> str:
    if exact and not owner and not failed(profile):
        return "The profile system has another e-mail address for this customer."
    if owner and not exact and not failed(account):
        return "This is the e-mail address of the profile; Aurora has another one."
    return ""


def _nobody(results: Sequence[Row], why: str) -> Resolved:
    return FAILED if all(failed(result) for result in results) else Resolved("missing", why=why)


def _by_phone(look: Lookups, phone: str) -> Resolved:
    result = look.get("profile___get_customer_profile", phone=phone)
    if result is None:
        return WAITING
    if failed(result):
        return FAILED
    several = rows(result, "candidates")
    if len(several) > 1:
        return Resolved(
            "ambiguous",
            candidates=tuple(several),
            total=len(several),
            source="the profile system",
            cut=bool(result.get("truncated")),
        )
    row = record(result, "profile")
    if not row:
        return Resolved(
            "missing",
            why=f"The profile system has no customer with the phone number {safe(phone)}.",
        )
    return Resolved("found", str(row.get("customer_id", "")), person(row))


def _by_order(look: Lookups, subject: Subject) -> Resolved:
    if not subject.value.isdigit():
        why = f"{quote(subject.value, 60)} is no order number: that has digits only."
        return Resolved("missing", why=why)
    result = look.get("get_order", order_id=subject.value)
    if result is None or failed(result):
        return WAITING if result is None else FAILED
    row = record(result, "customer") or record(result, "order")
    if not row:
        return Resolved("missing", why=f"Aurora has no order {safe(subject.value)}.")
    return Resolved("found", str(row.get("customer_id", "")), person(row))


def _by_serial(look: Lookups, subject: Subject) -> Resolved:
    result = look.get("warranty___check_warranty_status", serial_number=subject.value)
    if result is None or failed(result):
        return WAITING if result is None else FAILED
    row = record(result, "warranty")
    if not row:
        return Resolved(
            "missing", why=f"The warranty system has no serial number {safe(subject.value)}."
        )
    holder = str(row.get("customer_name", ""))
    found = _by_name(look, Subject("customer", "name", holder))
    note = f"Tied by name only: warranty {safe(subject.value)} is on {safe(holder)}."
    return replace(found, note=note)


def _by_review(look: Lookups, subject: Subject) -> Resolved:
    result = look.get("get_review", review_id=subject.value)
    if result is None or failed(result):
        return WAITING if result is None else FAILED
    row = record(result, "review")
    if not row:
        return Resolved("missing", why=f"The catalogue has no review {safe(subject.value)}.")
    return Resolved("found", str(row.get("customer_id", "")))


_HANGING = {"order": _by_order, "serial": _by_serial, "review": _by_review}


def resolve_product(look: Lookups, subject: Subject) -> Resolved:
    """Which product the subject is."""
    if subject.by == "id" and subject.name:
        return Resolved("found", subject.value, subject.name)
    result = look.get("search_products", query=subject.value)
    if result is None or failed(result):
        return WAITING if result is None else FAILED
    found = rows(result, "products")
    if subject.by == "id":
        found = [row for row in found if str(row.get("product_id")) == subject.value]
        if not found:
            return Resolved("missing", why=f"Aurora has no product number {safe(subject.value)}.")
        return Resolved("found", subject.value, safe(found[0].get("name")))
    named = _product_named(found, subject.value)
    single = singular_of(subject.value)
    if named.state != "missing" or not single:
        return named
    many = look.get("search_products", query=single)
    if many is None or failed(many):
        return WAITING if many is None else FAILED
    again = _product_named(rows(many, "products"), single)
    return named if again.state == "missing" else again


def _product_named(found: Sequence[Row], said: str) -> Resolved:
    exact = [row for row in found if same(said, str(row.get("name", "")))]
    near = exact or closest(found, said, lambda row: str(row.get("name", "")))
    if not near:
        return Resolved("missing", why=f"Aurora has no product called {quote(said, 60)}.")
    if len(near) > 1:
        return Resolved("ambiguous", candidates=tuple(near[:CANDIDATES]), total=len(near))
    name, identity = safe(near[0].get("name")), str(near[0].get("product_id"))
    note = "" if exact else f"{TAKEN} {quote(said, 60)} for **{name}** (product {identity})."
    return Resolved("found", identity, name, note)
