"""Reads figures that somebody only claims: ``he says he paid 350``, ``it was 2 orders, right?``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from deploy.local.bedrock.understudy.asking.asks import Ask, Claim
from deploy.local.bedrock.understudy.reading import cues, groups
from deploy.local.bedrock.understudy.reading.marks import Mark
from deploy.local.bedrock.understudy.reading.reading import Reading

_COUNTED = {
    "order": "orders", "orders": "orders", "purchase": "purchases", "purchases": "purchases",
    "case": "cases", "cases": "cases", "support": "cases", "ticket": "cases", "tickets": "cases",
    "review": "reviews", "reviews": "reviews", "unit": "stock", "units": "stock",
    "pieces": "stock", "left": "stock",
}  # fmt: skip
_OF_TIME = frozenset("minutes min hours hour weeks week months month years ago".split())
_GOT_IN_TOUCH = "called|calls|calling|rang|phoned|contacted|complained|wrote|asked|tried|been here"
_NOT_FIGURES = f"{cues.MORE} (<number>|<money>)|{cues.LESS} (<number>|<money>)|<number> {cues.STAR}"
# The wants whose answers hold what each kind of figure is compared with, best first.
_JUDGED_BY: dict[str, tuple[str, ...]] = {
    "amount": ("order", "price", "lifetime", "spent", "order_total", "orders", "order_count"),
    "orders": ("order_count", "orders", "order_total", "spent"),
    "purchases": ("purchases",), "cases": ("cases",), "reviews": ("review_count", "reviews"),
    "stock": ("stock",),
}  # fmt: skip


def claims_something(reading: Reading) -> bool:
    """Whether what is said is what somebody believes, and is to be checked."""
    return reading.has(cues.CLAIM)


def claim_of(reading: Reading) -> Claim | None:
    """The figure that is claimed, and what it is a figure of."""
    if not claims_something(reading):
        return None
    bounds = {at for first, last in reading.find(_NOT_FIGURES) for at in range(first, last + 1)}
    for at, mark in enumerate(reading.marks):
        value = _value(mark)
        if value is None or at in bounds or _is_of_time(reading, at):
            continue
        of = "amount" if mark.kind == "money" else _counted(reading, at)
        if mark.kind == "word" and of == "amount":
            continue
        return Claim(value, mark.token.text, of)
    return None


def _is_of_time(reading: Reading, at: int) -> bool:
    """Whether a number counts how often somebody called, or how long something took."""
    after = reading.marks[at + 1].words if at + 1 < len(reading.marks) else ""
    return after in _OF_TIME or (after == "times" and reading.has(_GOT_IN_TOUCH))


def _counted(reading: Reading, at: int) -> str:
    """What a number counts: ``2 orders``, ``60 keyboards left``; an amount when it counts none."""
    after = [mark.words for mark in reading.marks[at + 1 : at + 4]]
    if counted := next((_COUNTED[word] for word in after[:2] if word in _COUNTED), ""):
        return counted
    return "stock" if {"left", "stock", "units", "pieces"} & set(after) else "amount"


def _value(mark: Mark) -> Decimal | None:
    if mark.kind == "word" and mark.words in groups.NUMBER_WORDS:
        return Decimal(groups.NUMBER_WORDS[mark.words])
    if mark.kind not in ("money", "number"):
        return None
    try:
        return Decimal(mark.token.value)
    except InvalidOperation:
        return None


def with_claims(asks: Sequence[Ask], readings: Iterable[Reading]) -> tuple[Ask, ...]:
    """The asks, each claimed figure with the one whose answer it is compared with."""
    found = list(asks)
    for claim in filter(None, map(claim_of, readings)):
        places = (
            at
            for want in _JUDGED_BY[claim.of]
            for at, ask in enumerate(found)
            if ask.subjects and (ask.want == want or want in ask.facts)
        )
        if (at := next(places, None)) is not None:
            found[at] = replace(found[at], claim=claim)
    return tuple(found)
