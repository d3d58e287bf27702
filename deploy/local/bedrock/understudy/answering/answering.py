"""Which answer belongs to which ask, and how several become one text with an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.answering import (
    averages,
    checks,
    claims,
    comparing,
    customers,
    doubts,
    everything,
    groups,
    members,
    orders,
    picking,
    product_groups,
    products,
    rankings,
    reviews,
    sums,
    warranties,
)
from deploy.local.bedrock.understudy.answering.markdown import joined, quote
from deploy.local.bedrock.understudy.answering.order_averages import order_average
from deploy.local.bedrock.understudy.answering.other_prices import other_price
from deploy.local.bedrock.understudy.answering.other_years import with_other_years
from deploy.local.bedrock.understudy.answering.possessives import taken_apart
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.talking import talk
from deploy.local.bedrock.understudy.answering.tiered import orders_of_tier
from deploy.local.bedrock.understudy.answering.working import Work, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

_LOW = 5
Handler = Callable[[Work, Ask], list[Section] | None]


def _alone(work: Work, ask: Ask) -> list[Section] | None:
    """Something was named and nothing in particular was asked of it."""
    found: list[Section] = []
    for subject in ask.subjects:
        sections = _one_alone(work, ask, subject)
        if sections is None:
            return None
        found += sections
    return found


def _one_alone(work: Work, ask: Ask, subject: Subject) -> list[Section] | None:
    kind = subject.kind
    if kind == "name":
        kind, found = work.either(subject)
        if found.state == "waiting":
            return None
        if found.state != "found":
            return [unresolved(work, replace(subject, kind=kind), found)]
    one = replace(ask, subjects=(replace(subject, kind=kind),))
    if kind == "customer":
        return customers.identity(work, one)
    handler = {
        "order": orders.order,
        "review": reviews.review,
        "serial": warranties.warranties,
    }.get(kind)
    return (
        handler(work, one) if handler else products.product(work, replace(one, facts=("product",)))
    )


def _unread(work: Work, ask: Ask) -> list[Section] | None:
    """Something was asked of a subject that is known, in words that are not.

    Of a product its record is given, which may hold the answer; of a person nothing.
    """
    subject = ask.subjects[0]
    if subject.kind != "customer" and not any(s.kind == "customer" for s in ask.subjects):
        named = subject.kind == "name"
        kind, found = work.either(subject) if named else ("product", work.product(subject))
        if found.state == "waiting":
            return None
        if kind == "product" and found.state == "found":
            one = replace(ask, subjects=(replace(subject, kind="product"),), facts=("product",))
            return products.product(work, one)
    said = joined([quote(s.said or s.name or s.value, 60) for s in ask.subjects])
    text = f"I did not understand what you want to know about {said}."
    return [Section(f"{text} Ask for example for tier, orders, e-mail, stock or price.", "clarify")]


def _unsure(_: Work, ask: Ask) -> list[Section] | None:
    said = quote(ask.note, 80)
    text = f"I could not read {said} in this question: this is what is recorded, without a verdict."
    return [Section(text)]


def _declined(_: Work, ask: Ask) -> list[Section] | None:
    return [talk(ask.note, "")]


def _missing(_: Work, ask: Ask) -> list[Section] | None:
    return [talk("missing", ask.note)]


def _unapplied(_: Work, ask: Ask) -> list[Section] | None:
    return [Section(f"I could not apply {quote(ask.note, 80)}: nothing is counted that way here.")]


def _left_over(_: Work, ask: Ask) -> list[Section] | None:
    said = quote(ask.subjects[0].said or ask.subjects[0].value, 60)
    text = f"I could not read {said} in this question, so the answer leaves it out."
    return [Section(text, "clarify")]


def _about(work: Work, ask: Ask) -> list[Section] | None:
    """``Tell me about …``: of a customer all that is known, of anything else its record."""
    if ask.subjects and all(s.kind == "customer" for s in ask.subjects):
        return everything.everything(work, ask)
    found = _alone(work, ask)
    unknown = found is not None and all(one.outcome == "not_found" for one in found)
    if not unknown or len(ask.subjects) != 1 or not ask.subjects[0].doubtful:
        return found
    of_category = product_groups.of_category(work, ask)
    return found if of_category == [] else of_category


def _aside(work: Work, ask: Ask) -> list[Section] | None:
    """What was only mentioned beside a question: nothing is said of it when it is not known."""
    found = _alone(work, ask)
    return None if found is None else [one for one in found if one.outcome != "not_found"]


def _products(work: Work, ask: Ask) -> list[Section] | None:
    return product_groups.products(work, ask, products.single)


def _orders(work: Work, ask: Ask) -> list[Section] | None:
    if ask.filters.tier and not ask.subjects:
        return orders_of_tier(work, ask)
    return with_other_years(work, ask, orders.orders(work, ask))


def _product_count(work: Work, ask: Ask) -> list[Section] | None:
    return product_groups.product_count(work, ask, products.single)


def _superlative_stock(work: Work, ask: Ask) -> list[Section] | None:
    limit = ask.filters.limit or (1 if ask.filters.pick else _LOW)
    filters = replace(ask.filters, limit=limit)
    return product_groups.superlative(work, replace(ask, facts=("stock",), filters=filters))


HANDLERS: dict[str, Handler] = {
    "facts": customers.facts,
    "orders": _orders,
    "order_total": _orders,
    "order_count": _orders,
    "order_average": order_average,
    "spent": _orders,
    "average_lifetime": averages.of_customers,
    "average_purchases": averages.of_customers,
    "average_cases": averages.of_customers,
    "average_price": averages.of_products,
    "average_stock": averages.of_products,
    "average_spent": averages.of_spending,
    "average_rating": rankings.average_rating,
    "ranked_rating": rankings.by_rating,
    "ranked_reviews": rankings.by_reviews,
    "order": orders.order,
    "order_customer": orders.order,
    "status": _orders,
    "everything": everything.everything,
    "differences": checks.differences,
    "birth": checks.birth,
    "verify": checks.verify,
    "checked_before": checks.checked_before,
    "unrecorded": checks.unrecorded,
    "warranties": warranties.warranties,
    "holder": warranties.warranties,
    "reviews": reviews.reviews,
    "review_count": reviews.reviews,
    "review": reviews.review,
    "reviewer": reviews.review,
    "rating": rankings.rated,
    "product": products.product,
    "products": _products,
    "product_count": _product_count,
    "superlative_product": product_groups.superlative,
    "superlative_stock": _superlative_stock,
    "other_price": other_price,
    "categories": product_groups.categories,
    "pick": picking.pick,
    "compare": comparing.compare,
    "top_lifetime": groups.most_valuable,
    "top_spenders": sums.top_spenders,
    "no_orders": groups.no_orders,
    "revenue": sums.revenue,
    "order_breakdown": sums.breakdown,
    "customers": groups.customers,
    "customer_count": groups.customer_count,
    "about": _about,
    "aside": _aside,
    "unread": _unread,
    "left_over": _left_over,
    "unsure": _unsure,
    "unapplied": _unapplied,
    "declined": _declined,
    "missing": _missing,
    "covered": lambda _, __: [],
    "group": members.group,
    "without_orders": members.without_orders,
    "reviews_at_end": members.reviews_at_end,
}


def answer_all(work: Work, asks: Sequence[Ask]) -> list[Section] | None:
    """The sections of all asks; None while look-ups are open, which are then all noted."""
    answers = [_answer(work, ask) for ask in asks]
    if any(sections is None for sections in answers):
        return None
    return _unique([section for sections in answers for section in sections or []])


def _answer(work: Work, ask: Ask) -> list[Section] | None:
    meant = doubts.settled(work, ask)
    if meant is None:
        return None
    answers = [_answer_one(work, one) for one in meant]
    if any(sections is None for sections in answers):
        return None
    return [section for sections in answers for section in sections or []]


def _answer_one(work: Work, ask: Ask) -> list[Section] | None:
    of_all = members.opened(work, ask)
    opened = taken_apart(work, of_all) if of_all else None
    if opened is None:
        return None
    one, note = opened
    if ask.subjects and not one.subjects:
        return []
    sections = HANDLERS.get(one.want, _alone)(work, one)
    if one.claim and one.subjects:
        verdict = claims.judged(work, one, one.claim)
        sections = None if sections is None or verdict is None else [verdict, *sections]
    return sections if sections is None or not note else [*sections, Section(note)]


def _unique(sections: Sequence[Section]) -> list[Section]:
    seen: set[str] = set()
    kept = []
    for section in sections:
        if section.text not in seen:
            seen.add(section.text)
            kept.append(section)
    return kept


def outcome_of(sections: Sequence[Section]) -> str:
    """One outcome for several sections: what is asked back comes first, then what was found."""
    outcomes = [section.outcome for section in sections]
    for outcome in ("clarify", "answered", "refused"):
        if outcome in outcomes:
            return outcome
    return "not_found"


def text_of(sections: Sequence[Section], failures: Sequence[str]) -> str:
    """The Markdown of an answer, with the systems that did not answer named at its end."""
    parts = [section.text for section in sections]
    if failures:
        said = "; ".join(failures)
        parts.append(f"**Not asked:** {said}. What is missing here may still exist there.")
    return "\n\n".join(parts)
