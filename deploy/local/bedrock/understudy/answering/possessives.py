"""Takes ``bobs chair`` apart when nobody is called so: an owner, and a thing of theirs."""

from __future__ import annotations

from dataclasses import replace

from deploy.local.bedrock.understudy.answering.lookups import rows
from deploy.local.bedrock.understudy.answering.markdown import quote
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

_OF_BOTH = frozenset({"warranties", "holder", "reviews", "review_count", "rating"})
_SHORTEST = 4
_TOOL = "warranty___find_warranties"


def taken_apart(work: Work, ask: Ask) -> tuple[Ask, str] | None:
    """The ask with owners and things of their own, and what is said of it; None while waiting."""
    subjects: list[Subject] = []
    note = ""
    for subject in ask.subjects:
        parts = _parts(work, ask, subject)
        if parts is None:
            return None
        owned = len(parts) > 1 and subject.after != "," and ask.want not in _OF_BOTH
        subjects += parts[:1] if owned else parts
        if owned:
            said = quote(parts[1].value, 60)
            note = f"What an order is for is not recorded, so {said} does not narrow this down."
    if subjects == list(ask.subjects) and not note:
        return ask, note
    return replace(ask, subjects=tuple(subjects), yes_no=ask.yes_no and not note), note


def _last_name_first(work: Work, subject: Subject) -> list[Subject] | None:
    """``Doe, Jane`` is one person when there is such a one, and two when there is not."""
    who = work.customer(replace(subject, kind="customer"))
    if who.state == "waiting":
        return None
    if who.state == "ambiguous" or (who.state == "found" and not who.note):
        return [replace(subject, kind="customer")]
    names = [name.strip() for name in subject.said.split(",")]
    return [replace(subject, value=name, said=name, after="") for name in names]


def _parts(work: Work, ask: Ask, subject: Subject) -> list[Subject] | None:
    if subject.after == ",":
        return _last_name_first(work, subject)
    owner, _, thing = subject.value.partition(" ")
    apart = subject.by == "name" and subject.kind in ("customer", "name") and thing
    if not apart or len(owner) < _SHORTEST or not owner.casefold().endswith("s"):
        return [subject]
    customer = work.customer(replace(subject, kind="customer"))
    product = work.product(replace(subject, kind="product"))
    of_warranty = ask.want in ("warranties", "holder")
    held = work.look.get(_TOOL, customer_name=subject.value) if of_warranty else {}
    if held is None or "waiting" in (customer.state, product.state):
        return None
    known = customer.state != "missing" or (subject.kind == "name" and product.state != "missing")
    if known or rows(held, "warranties"):
        return [subject]
    name = owner[:-1]
    return [
        replace(subject, kind="customer", value=name, said=name),
        replace(subject, kind="product", value=thing, said=thing),
    ]
