"""Understands what picks from, compares or sums up what earlier turns showed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, Subject
from deploy.local.bedrock.understudy.asking.attaching import attach
from deploy.local.bedrock.understudy.asking.merging import merged
from deploy.local.bedrock.understudy.asking.pairs import pair
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading.reading import Reading
from tools import spelling

_ENDS: dict[tuple[str, str], str] = {
    ("amount", "smallest"): "cheaper|cheapest|less expensive|smaller|smallest|lower|lowest"
    "|(cheap|small|little|tiny) one",
    ("amount", "largest"): "pricier|priciest|more expensive|most expensive|dearer|dearest|bigger"
    "|biggest|larger|largest|higher|highest|(big|large|expensive|pricey|dear) one",
    ("date", "smallest"): "older|oldest|earlier|earliest|first|before|(old|early) one",
    ("date", "largest"): "newer|newest|later|latest|more recent|most recent|last"
    "|(new|late|recent) one",
    ("stars", "largest"): "better|best|happier|friendlier",
    ("stars", "smallest"): "worse|worst|angrier",
}  # fmt: skip
_WORDS = "|".join(_ENDS.values())
# ``first`` and ``last`` alone point at a place in a list; only a comparison picks by day.
_PICKED = (
    "(the |that )?(cheaper|cheapest|pricier|priciest|dearer|dearest|older|oldest|newer|newest"
    "|earlier|earliest"
    "|later|latest|bigger|biggest|larger|largest|smaller|smallest|higher|lower|better|worse"
    "|big|small|cheap|expensive|old|new"
    "|(more|less|most) (expensive|recent))"
    " (one|of (the two|those|these|them|both))"
)
_WHICH = (
    "((which|what)( one| order| product| item| review)?( of (these|those|them|the two))?"
    " (is|was|are|came|costs?)|which (one|order|product|item|review))"
    rf"( the| placed| made)? ({_WORDS})( one)?(?= ,| \.|$)"
)
# ``which order was first`` asks about all of them, unless some are named.
_OF_ALL = rf"(which|what) (orders?|products?|items?|reviews?) (is|was|are|came|costs?)~({_WORDS})"
_PEOPLE = (
    "(who|whose) (is|are|was|were) (that|it|this|they|those|these|them|the customers?|the people"
    "|the buyers?|the reviewers?)( for| from| by| of)?$"
    "|who (placed|made|ordered|wrote) (them|those|these|it|that|this)"
    "|(which|what) (customers?|people|person) (are|is|were|was) (these|those|they|it|that|this)"
    " (from|for|by|of)"
    "|^((and|so|ok|but|,) )*(whose|by whom|from whom|who from|who by|by|from)( orders?)?"
    "( (are|is|were|was) (they|those|these|it|that|this))?( ,| \\.)?$"
)
_TOTAL = (
    "(total|sum|worth|value|amount)( (value|amount|sum|worth))? (of|for)"
    " (those|these|them|both|that|it|all( of)? (that|those|these|them))( \\.)?$"
    "|^((and|so|ok) )?(what is )?(the |in )?(total|sum|value|amount)( \\.)?$"
    "|^((and|so|ok) )?how much( (is|are) (that|those|they|these))?"
    " (together|altogether|in total|in all|combined|all together)( \\.)?$"
    "|(add|adds|added|sum|sums|summed) up to"
    "|(come|comes|came|amount|amounts) to( in total)?( \\.)?$"
    "|how much (is|are) (those|these|they|that|both)~(total|together|all)"
)
_LEADS = frozenset("and what how wrong sorry no oops i actually typo".split())
_BARE = frozenset(
    "and what how about <number> <period> , or . wrong sorry no oops i actually typo meant mean"
    " order number one customer product review it is should be".split()
)
_OF_ORDERS = frozenset({"orders", "order_count", "order_total"})
_PICKABLE = frozenset({"order", "product", "review"})
MOST_PICKED = 8


def picked(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The asks of a text that leans on what was shown before; empty when it does not."""
    own = [s for segment in segments for s in segment.subjects]
    rules: tuple[Callable[[Sequence[Subject], Sequence[Segment], Reading, Context], list[Ask]], ...]
    rules = (_number_alone, _an_end, _of_stars, _called, _people, _total, _how_many, _again, pair)
    return next((asks for rule in rules if (asks := rule(own, segments, reading, context))), [])


def _number_alone(
    own: Sequence[Subject], _: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``and 3`` after order 2: the same of another one."""
    words = reading.line.split()
    if own or not set(words[:1]) & _LEADS or not set(words) <= _BARE:
        return []
    years = any(m.kind == "period" for m in reading.marks)
    asks = [
        ask
        for ask in context.asks
        if ask.subjects and ask.subjects[0].by == "id"
        if not years or ask.subjects[0].kind in ("order", "review")
    ]
    # A number of four digits reads as a year.
    said = [m.token for m in reading.marks if m.kind in ("number", "period")]
    numbers = [token.text if token.kind == "period" else token.value for token in said]
    return [
        replace(ask, subjects=tuple(_numbered(ask.subjects[0].kind, n) for n in numbers))
        for ask in asks[:1]
        if numbers and all(n.isdigit() for n in numbers)
    ]


def _numbered(kind: str, number: str) -> Subject:
    canonical = {"customer": spelling.customer_id, "review": spelling.review_id}.get(kind)
    return Subject(kind, "id", canonical(number) if canonical else number, number)


def _an_end(
    own: Sequence[Subject], _: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``the cheaper one``, ``which is older``, ``which order came first, 2 or 5``."""
    if not reading.has(_PICKED) and not reading.has(_WHICH):
        return []
    by, end = next(key for key, words in _ENDS.items() if reading.has(words))
    among = [s for s in own if s.kind in _PICKABLE and s.by == "id"] or _numbers_of(reading)
    if not among and not reading.has(_OF_ALL):
        among = _shown(context)
    if len(among) < 2 or (own and len(own) != len(among)):
        return []
    if by == "stars" and any(s.kind != "review" for s in among):
        return []
    return [Ask("pick", tuple(among[:MOST_PICKED]), Filters(pick=end, by=by))]


def _numbers_of(reading: Reading) -> list[Subject]:
    kind = "order" if reading.has("orders?") else "product" if reading.has("products?") else ""
    if not kind or not reading.has("<number> (or|and) <number>"):
        return []
    numbers = [m.token.value for m in reading.marks if m.kind == "number"]
    return [Subject(kind, "id", n, n) for n in numbers if n.isdigit()]


def _shown(context: Context) -> list[Subject]:
    """What was listed last, or else the last two things that were spoken of."""
    if len(context.listed) > 1:
        return list(context.listed) if context.listed[0].kind in _PICKABLE else []
    for ask in context.asks:
        for subject in ask.subjects:
            kind = "product" if subject.kind == "name" else subject.kind
            if kind in _PICKABLE and len(context.recent.get(kind, ())) > 1:
                return list(context.recent[kind][-2:])
    return []


def _of_stars(
    own: Sequence[Subject], segments: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``the 4 star one``."""
    stars = next((s.filters.stars for s in segments if s.filters.stars), None)
    listed = tuple(s for s in context.listed if s.kind == "review")
    if own or stars is None or not listed or not reading.has("(stars?|star) (one|ones)"):
        return []
    facts = ("reviewer",) if reading.has("who|whose") else ()
    return [Ask("pick", listed[:MOST_PICKED], Filters(stars=stars, by="stars"), facts)]


def _called(
    own: Sequence[Subject], _: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``just the chair one``: by the product, among reviews or warranties."""
    names = [s for s in own if s.by == "name"]
    if len(own) != 1 or not names or not reading.has("<name> (one|ones)"):
        return []
    product = replace(names[0], kind="product")
    listed = tuple(s for s in context.listed if s.kind == "review")
    if listed:
        return [Ask("pick", (*listed[:MOST_PICKED], product), Filters(by="product"))]
    if any(ask.want in ("warranties", "holder") for ask in context.asks):
        return [Ask("warranties", (product,))]
    return []


def _people(
    own: Sequence[Subject], segments: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``who is that`` of an order, ``who are the customers`` of several, and what else of them."""
    if own or not reading.has(_PEOPLE):
        return []
    listed = [s for s in context.listed if s.kind in ("order", "review")]
    if not listed and "customer" in context.latest:
        listed = [context.latest["customer"]]
    who = tuple(
        s if s.kind == "customer" else replace(s, kind="customer", by=s.kind) for s in listed
    )[:MOST_PICKED]
    if not who:
        return []
    beside = [s for s in segments if s.wants and not s.reading.has(_PEOPLE)]
    more = attach([replace(segment, subjects=who) for segment in beside], context)
    asked = [one.ask for one in more if not one.missing]
    return merged([Ask("facts", who, facts=("identity",)), *asked])


def _total(
    own: Sequence[Subject], _: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    if own or not reading.has(_TOTAL):
        return []
    asks = [replace(ask, want="order_total") for ask in context.asks if ask.want in _OF_ORDERS]
    if asks or reading.has("those|these|them|both|that|it") or "customer" not in context.latest:
        return asks
    return [Ask("order_total", (context.latest["customer"],))]


def _how_many(
    own: Sequence[Subject], _: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``how many`` after a product: in stock."""
    bare = "^((so|and|ok|okay) )?(,? ?)how many( left| are left| do we have| are there| is there)?$"
    if own or not reading.has(bare) or "product" not in context.latest:
        return []
    if not any(ask.want in ("product", "products", "about") for ask in context.asks):
        return []
    return [Ask("product", (context.latest["product"],), facts=("stock",))]


_WHEN_WAS_IT = (
    "^((and|so|ok|but|then|,) )*(when|what (day|date)|which (day|date)) (was|is) (that|it|this)"
    "( placed| ordered| made| written)?( ,| \\.)?$"
    "|^((and|so|ok|but|then|,) )*(when|(the |which |what )?(date|day)( of (that|it|this|which))?)"
    "( ,| \\.)?$"
    "|^((and|so|ok|,) )*(placed|ordered|made|written|bought) when( ,| \\.)?$"
)
_SURE = (
    "^((so|ok|hm|but|what|oh|wait|,) )*(really|(are )?you sure"
    "|(nothing|none|no \\w+|anything) at all|is that (all|it|everything)|nothing else)( ,| \\.)?$"
)
_DAYS_OF_COVER = "buy|bought|buys|purchased|run out|end|ends|expires?|starts?|started|begins?|began"
_COVERED = "included|part of it|part of the (cover|warranty)|in there"
_SAYING = frozenset("unread left_over unrecorded unsure unapplied missing declined".split())
_WITH_DAYS = frozenset("orders order order_count order_total spent reviews review".split())


def _again(
    own: Sequence[Subject], _: Sequence[Segment], reading: Reading, context: Context
) -> list[Ask]:
    """``anything else`` after one order, ``when did he buy it`` after a warranty."""
    if own:
        return []
    if reading.has("anything else|something else|any others?|any other (one|ones|orders?)"):
        known = {"order", "customer"} <= set(context.latest)
        return [Ask("orders", (context.latest["customer"],))] if known else []
    if reading.has(_SURE):
        return [ask for ask in context.asks if ask.want not in _SAYING]
    if reading.has(_WHEN_WAS_IT):
        last = context.latest.get("order")
        chosen = [Ask("order", (last,)) for ask in context.asks if ask.want == "pick" and last]
        return chosen or [ask for ask in context.asks if ask.want in _WITH_DAYS]
    if reading.has(f"when~({_DAYS_OF_COVER})|({_DAYS_OF_COVER}) when|({_COVERED})( ,| \\.)?$"):
        return [ask for ask in context.asks if ask.want in ("warranties", "holder")]
    return []
