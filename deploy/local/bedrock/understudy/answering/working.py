"""What every answer is made with: look-ups, context, and the ways a subject is not found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from deploy.local.bedrock.understudy.answering.lookups import Lookups
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    person,
    plural,
    quote,
    safe,
    table,
)
from deploy.local.bedrock.understudy.answering.resolving import (
    TAKEN,
    Resolved,
    Row,
    resolve_customer,
    resolve_product,
)
from deploy.local.bedrock.understudy.answering.sections import (
    Section,
    about_customer,
    about_product,
)
from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Pending, Subject


@dataclass(slots=True)
class Work:
    """One turn's work: what the tools said, what came before, what today is."""

    look: Lookups
    context: Context
    asks: Sequence[Ask]

    def customer(self, subject: Subject) -> Resolved:
        """Which customer a subject is."""
        return resolve_customer(self.look, subject, {**self.context.names, **self.look.names()})

    def product(self, subject: Subject) -> Resolved:
        """Which product a subject is."""
        return resolve_product(self.look, subject)

    def either(self, subject: Subject) -> tuple[str, Resolved]:
        """Whether a name is a customer's or a product's, and which; both are looked for."""
        customer = self.customer(replace(subject, kind="customer"))
        product = self.product(replace(subject, kind="product"))
        states = (customer.state, product.state)
        if "waiting" in states:
            return "waiting", customer
        for kind, found in (("customer", customer), ("product", product)):
            if found.state == "found" and not found.note:
                return kind, found
        for kind, found in (("customer", customer), ("product", product)):
            if found.state in ("found", "ambiguous"):
                return kind, found
        if "failed" in states:
            return "customer", Resolved("failed")
        why = f"Aurora knows neither a customer nor a product called {quote(subject.value, 60)}."
        return "customer", Resolved("missing", why=why)


Answer = Callable[[Work, Ask, Resolved], Section | None]


def for_each_customer(work: Work, ask: Ask, answer: Answer) -> list[Section] | None:
    """The answer for every customer of an ask; None while look-ups are open."""
    return _for_each(work, ask, work.customer, answer)


def for_each_product(work: Work, ask: Ask, answer: Answer) -> list[Section] | None:
    """The answer for every product of an ask; None while look-ups are open."""
    return _for_each(work, ask, work.product, answer)


def _for_each(
    work: Work, ask: Ask, resolve: Callable[[Subject], Resolved], answer: Answer
) -> list[Section] | None:
    sections: list[Section | None] = []
    for subject in ask.subjects:
        found = resolve(subject)
        if found.state == "waiting":
            sections.append(None)
        elif found.state == "found":
            sure = subject.kind != "customer" or not found.note.startswith(TAKEN)
            section = answer(work, ask if sure else replace(ask, yes_no=False), found)
            sections.append(_noted(section, found, subject) if section else None)
        else:
            sections.append(unresolved(work, subject, found))
    return None if None in sections else [s for s in sections if s is not None]


def _noted(section: Section, found: Resolved, subject: Subject) -> Section:
    if not found.note or section.text.startswith(found.note):
        return section
    return replace(section, text=f"{found.note}\n\n{section.text}")


def unresolved(work: Work, subject: Subject, found: Resolved) -> Section:
    """What is said when a subject is not one known customer or product."""
    if found.state == "failed":
        return Section(f"{_called(subject)} could not be looked up.", "answered")
    if found.state == "missing":
        number = f"{_called(subject)} is no order number: that has digits only. "
        return Section(f"{number * (subject.after == 'order')}{found.why}", "not_found")
    if subject.kind == "product":
        return _which_product(subject, found)
    return _which_customer(work, subject, found)


def _called(subject: Subject) -> str:
    return quote(subject.said or subject.value, 60)


def _which_customer(work: Work, subject: Subject, found: Resolved) -> Section:
    pending = Pending(subject.said or subject.value, subject, found.candidates, tuple(work.asks))
    rows = [(safe(r.get("customer_id")), person(r), *_more(r)) for r in found.candidates]
    heads = ["Customer", "Name", "User name", "Since"][: len(rows[0])]
    shown = "more than " * found.cut + plural(found.total, "customer")
    cut = f" The first {len(rows)} are listed." if found.cut or found.total > len(rows) else ""
    text = (
        f"{_called(subject)} fits {shown} in {found.source}.{cut} Which one is meant?\n\n"
        f"{table(heads, rows)}\n\n"
        "Answer with the id, the user name, the e-mail, or a place in the list."
    )
    listed = tuple(about_customer(str(r.get("customer_id")), person(r)) for r in found.candidates)
    return Section(text, "clarify", listed=listed, pending=pending, choice=pending)


def _more(row: Row) -> tuple[str, ...]:
    if "username" not in row:
        return ()
    return safe(row.get("username")), day(row.get("created_at"))


def _which_product(subject: Subject, found: Resolved) -> Section:
    rows = [(safe(r.get("product_id")), safe(r.get("name"))) for r in found.candidates]
    count = plural(len(rows), "product")
    shown = table(["Product", "Name"], rows)
    text = f"{_called(subject)} fits {count} in Aurora. Which one is meant?\n\n{shown}"
    listed = tuple(
        about_product(r.get("product_id"), safe(r.get("name"))) for r in found.candidates
    )
    return Section(text, "clarify", listed=listed)
