"""Joins facts of the same subjects into one ask, so that they make one paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Filters

PROFILE_FACTS = frozenset(
    "email phone contact address tier registration lifetime purchases cases preferences notes"
    " username identity".split()
)
_PRODUCT_FACTS = frozenset({"price", "stock", "category", "description", "sell", "listed"})


def merged(asks: Sequence[Ask]) -> list[Ask]:
    """Facts of the same subjects become one ask, so that they make one paragraph."""
    result: list[Ask] = []
    counted = {ask.want for ask in asks if ask.want == "customers" and ask.facts}
    for ask in asks:
        if ask.want in counted and not ask.facts:
            continue
        family = _family(ask.want)
        if not family:
            result.append(ask)
            continue
        at = next(
            (
                n
                for n, done in enumerate(result)
                if done.want == family and _same_subjects(done, ask)
            ),
            None,
        )
        if at is None:
            result.append(replace(ask, want=family, facts=(ask.want,), judged=_judged(ask)))
        elif ask.want not in result[at].facts:
            result[at] = _with_fact(result[at], ask)
    return [_with_lifetime(ask, result) for ask in result]


def _judged(ask: Ask) -> tuple[tuple[str, Filters], ...]:
    return ((ask.want, ask.filters),) if ask.yes_no else ()


def _with_fact(ask: Ask, other: Ask) -> Ask:
    """One more fact of the same subjects; what was asked by yes or no stays so."""
    judged = (*ask.judged, *_judged(other))
    filters = other.filters if other.yes_no and not ask.yes_no else ask.filters
    return replace(
        ask,
        facts=(*ask.facts, other.want),
        judged=judged,
        yes_no=ask.yes_no or other.yes_no,
        filters=filters,
        otherwise=(*ask.otherwise, *other.otherwise),
    )


def _with_lifetime(ask: Ask, others: Sequence[Ask]) -> Ask:
    """Orders asked together with the lifetime value: what both cover is said too."""
    if ask.want not in ("orders", "order_total") or ask.filters.narrows():
        return ask
    beside = any("lifetime" in one.facts and _same_subjects(one, ask) for one in others)
    return replace(ask, want="spent") if beside and ask.subjects else ask


def _family(want: str) -> str:
    if want in PROFILE_FACTS:
        return "facts"
    return "product" if want in _PRODUCT_FACTS else ""


def _same_subjects(one: Ask, other: Ask) -> bool:
    return len(one.subjects) == len(other.subjects) and all(
        a.same_as(b) for a, b in zip(one.subjects, other.subjects, strict=True)
    )
