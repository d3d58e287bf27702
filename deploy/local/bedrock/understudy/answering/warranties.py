"""Answers about warranties: by serial number, holder and product; the last two tie by name only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.likeness import mistakes, same
from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    named,
    person,
    plural,
    quote,
    safe,
)
from deploy.local.bedrock.understudy.answering.plurals import singular_of
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.working import Work, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

Row = Mapping[str, Any]
_BY_NAME = "Warranties carry no customer id: this is tied by name."
_TOOL = "warranty___find_warranties"


def warranties(work: Work, ask: Ask) -> list[Section] | None:
    """Warranties by serial, by holder, by product."""
    if not ask.subjects:
        return [
            Section(
                "All warranties cannot be listed. Give a serial number, a customer or a product.",
                "clarify",
            )
        ]
    holders = [s for s in ask.subjects if s.kind == "customer"]
    things = [s for s in ask.subjects if s.kind in ("product", "name")]
    serials = [s for s in ask.subjects if s.kind == "serial"]
    found: list[Section | None] = [_by_serial(work, ask, s) for s in serials]
    if len(things) == 2 and not holders and not any(s.kind == "product" for s in things):
        holders, things = things[:1], things[1:]
    if holders:
        product = things[0] if things else None
        found += [_by_holder(work, ask, holder, product) for holder in holders]
    else:
        found += [_by_either(work, ask, thing) for thing in things]
    if None in found:
        return None
    return [*(s for s in found if s), *_ends_first(work, ask, serials)]


def _ends_first(work: Work, ask: Ask, serials: Sequence[Subject]) -> list[Section]:
    """Of several devices the one whose warranty ends first, or last when that is asked for."""
    ends: list[tuple[str, str]] = []
    for subject in serials:
        tool = "warranty___check_warranty_status"
        row = record(work.look.get(tool, serial_number=subject.value), "warranty")
        if row and row.get("warranty_end_date"):
            ends.append((day(row["warranty_end_date"]), safe(row.get("serial_number"))))
    if len(ends) < 2 or not ask.filters.pick:
        return []
    last = ask.filters.pick == "latest"
    end, serial = max(ends) if last else min(ends)
    return [Section(f"Ends {'last' if last else 'first'}: **{serial}**, on {end}.")]


def _by_serial(work: Work, ask: Ask, subject: Subject) -> Section | None:
    result = work.look.get("warranty___check_warranty_status", serial_number=subject.value)
    if result is None:
        return None
    if failed(result):
        return Section(f"Serial number {safe(subject.value)} could not be asked.")
    row = record(result, "warranty")
    if not row:
        return Section(
            f"The warranty system has no serial number **{safe(subject.value)}**.", "not_found"
        )
    lead = _covered(ask, [row])
    here = Subject("serial", "id", subject.value)
    holder = Subject("customer", "serial", subject.value)
    text = f"{lead}{_line(row)} (warranty system, as of {day(result.get('as_of'))})"
    return Section(
        text, spoke_of=(holder, here, Subject("product", "name", str(row.get("product_name"))))
    )


def _covered(ask: Ask, found: Sequence[Row]) -> str:
    if not ask.yes_no:
        return ""
    return "Yes. " if any(row.get("status") == "active" for row in found) else "No. "


def _line(row: Row) -> str:
    return (
        f"**{safe(row.get('product_name'))}**, serial **{safe(row.get('serial_number'))}**, "
        f"held by {safe(row.get('customer_name'))}: **{_state(row)}**; "
        f"{safe(row.get('warranty_type'))} warranty, bought {day(row.get('purchase_date'))}, "
        f"covers {quote(row.get('coverage_details', ''))}"
    )


def _state(row: Row) -> str:
    end, left = day(row.get("warranty_end_date")), row.get("days_left")
    status = str(row.get("status", ""))
    if status == "active" and isinstance(left, int):
        return (
            f"active until {end}, {plural(left, 'day')} left"
            if left
            else f"active until {end}, today is the last day"
        )
    if status == "expired" and isinstance(left, int):
        return f"expired on {end}"
    return f"{safe(status).replace('_', ' ')}, ends {end}"


def _by_holder(work: Work, ask: Ask, subject: Subject, product: Subject | None) -> Section | None:
    direct = work.look.get(_TOOL, customer_name=subject.value) if subject.by == "name" else {}
    customer = replace(subject, kind="customer")
    who = work.customer(customer)
    if direct is None or who.state == "waiting":
        return None
    if subject.by == "name" and _exact(direct, subject.value) and who.state != "ambiguous":
        return _held(
            ask,
            named(who.identity, who.name) if who.state == "found" else safe(subject.value),
            direct,
            product,
            who,
        )
    if who.state != "found":
        near = rows(direct, "warranties")
        if who.state == "missing" and near:
            return _held(ask, safe(subject.value), direct, product, None)
        return unresolved(work, customer, who)
    return _by_name_of(work, ask, who, product)


def _exact(result: Row, said: str) -> bool:
    return any(same(said, str(row.get("customer_name", ""))) for row in rows(result, "warranties"))


def _by_name_of(work: Work, ask: Ask, who: Resolved, product: Subject | None) -> Section | None:
    name = who.name or _name_of(work, who.identity)
    if name is None:
        return None
    if not name:
        if "aurora" in work.look.failures:
            return Section(
                f"The name of {safe(who.identity)} could not be looked up, "
                "and warranties are tied by name."
            )
        return Section(f"There is no customer **{safe(who.identity)}** in Aurora.", "not_found")
    result = work.look.get(_TOOL, customer_name=name)
    if result is None:
        return None
    return _held(ask, named(who.identity, name), result, product, replace(who, name=name))


def _name_of(work: Work, identity: str) -> str | None:
    result = work.look.get("find_customers", query=identity)
    if result is None:
        return None
    row = next(
        (r for r in rows(result, "customers") if str(r.get("customer_id")) == identity), None
    )
    return person(row) if row else ""


def _held(
    ask: Ask, holder: str, result: Row, product: Subject | None, who: Resolved | None
) -> Section:
    title = f"**Warranties of {holder}**"
    spoke = (about_customer(who.identity, who.name),) if who and who.identity else ()
    names = {who.identity: who.name} if who and who.identity else {}
    if failed(result):
        return Section(f"{title} could not be asked.", spoke_of=spoke, names=names)
    found = rows(result, "warranties")
    if product is not None:
        found = [
            r for r in found if mistakes(product.value, str(r.get("product_name", ""))) is not None
        ]
        title = f"**Warranties of {holder} for {quote(product.value, 60)}**"
    return _listed(title, ask, result, found, spoke, names)


def _listed(
    title: str,
    ask: Ask,
    result: Row,
    found: Sequence[Row],
    spoke: tuple[Subject, ...],
    names: dict[str, str],
) -> Section:
    if not found:
        lead = "No: none" if ask.yes_no else "None"
        return Section(
            f"{title} (warranty system): {lead} found under this name. {_BY_NAME}",
            spoke_of=spoke,
            names=names,
        )
    similar = any(row.get("matched_by") == "similar_name" for row in found)
    lines = "\n".join(f"- {_line(row)}" for row in found)
    note = f"{_BY_NAME}{' The name there is only similar.' if similar else ''}"
    cut = " The list is cut." if result.get("truncated") else ""
    lead = _covered(ask, found)
    listed = tuple(Subject("serial", "id", str(r.get("serial_number"))) for r in found)
    as_of = day(result.get("as_of"))
    text = f"{lead}{title} (warranty system, as of {as_of})\n\n{lines}\n\n{note}{cut}"
    return Section(
        text, spoke_of=(*spoke, *(listed if len(listed) == 1 else ())), listed=listed, names=names
    )


def _by_either(work: Work, ask: Ask, subject: Subject) -> Section | None:
    """A name without a cue may be a product under warranty or a holder."""
    if subject.by == "id" and not subject.name:
        what = work.product(subject)
        if what.state != "found":
            return None if what.state == "waiting" else unresolved(work, subject, what)
        subject = replace(subject, name=what.name)
    by_product = _for_product(work, _product_name(subject))
    if subject.kind == "product":
        return None if by_product is None else _of_product(ask, subject, by_product)
    by_holder = _by_holder(work, ask, replace(subject, kind="customer"), None)
    if by_product is None or by_holder is None:
        return None
    if rows(by_product, "warranties") and (by_holder.outcome != "answered" or not by_holder.listed):
        return _of_product(ask, subject, by_product)
    return by_holder


def _for_product(work: Work, name: str) -> Row | None:
    """The warranties of a product, asked for in the singular too when there are none."""
    found = work.look.get(_TOOL, product_name=name)
    single = singular_of(name)
    if found is None or failed(found) or rows(found, "warranties") or not single:
        return found
    return work.look.get(_TOOL, product_name=single)


def _product_name(subject: Subject) -> str:
    return subject.name or subject.value


def _of_product(ask: Ask, subject: Subject, result: Row) -> Section:
    said = safe(_product_name(subject))
    if failed(result):
        return Section(f"**Warranties for {said}** could not be asked.")
    found = rows(result, "warranties")
    if not found:
        return Section(
            f"The warranty system has no warranty for a product called {quote(said, 60)}.",
            "not_found",
        )
    return _listed(
        f"**Warranties for {safe(found[0].get('product_name'))}**", ask, result, found, (), {}
    )
