"""Reads facts that are wanted of the members of a group: ``phones of everyone with an order``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, Subject
from deploy.local.bedrock.understudy.asking.attaching import attach
from deploy.local.bedrock.understudy.asking.merging import PROFILE_FACTS, merged
from deploy.local.bedrock.understudy.asking.narrowing import read_filters
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt, build
from deploy.local.bedrock.understudy.reading import groups
from deploy.local.bedrock.understudy.reading.reading import Reading

_STATUS = "|".join(sorted(groups.STATUSES, key=len, reverse=True))
_TIER = "|".join(groups.TIERS)
_ONE = "(customer|buyer|person|one|guy|lady|man|woman|account|user|member|shopper)"
_ALL = "(customers|buyers|people|ones|members|accounts|users|shoppers|those|folks|persons)"
_EVERY = f"(everyone|everybody|anyone|anybody|whoever|somebody|someone|{_ALL}|{_ONE}|who)"
_OUR = "((all|each|every|any|the|our|of|which|what|those|list|single) )*"
_BY_LIFETIME = (
    "( (,|by|with|in|terms|of|going|meaning|i|mean|is|that|has|having|the|a|our|highest|biggest"
    "|largest|lowest|smallest|most|profile))*( lifetime( value)?( (i|we) mean)?)?"
)
_BOUND = "(over|above|more than|at least|greater than|higher than|exceeding|of at least|upwards of)"
_BELOW = "(under|below|less than|at most|lower than|up to|of at most|smaller than)"
_VALUE = "(<money>|<number>)"
_STARS = "(rating|ratings|review|reviews|score|stars|mark|feedback)"
_OF_ALL = f"( (of|among|in|from|across|out of) (all|every|any)( of)?( the| our)? ?{_STARS}?)?"
_END = "(lowest|worst|poorest|angriest|harshest|most negative|highest|best|most positive)"
_DAY_END = "(newest|latest|oldest|most recent|most recently registered|longest standing)"
_SPENT = "(spent|spends|spend|ordered|bought|orders|buys|paid)"
_PLACED = f"({_SPENT}|placed)( (an|any|some|something|anything|orders?|stuff|from us|with us))*"
_WITHOUT = (
    "(has|have|had|with|got|having)( got)? (no|zero|not any|not a single)( \\w+)? orders?"
    "|without( any| an)? orders?|(has|have|had|did)? ?(never|not)( yet| ever)?"
    f" ({_SPENT}|order|placed)( (an order|any orders?|anything|a thing|orders))?"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of group: the words that say it, and the ask whose answer names its members."""

    phrase: str
    ask: Callable[[Reading], Ask]


def _by_lifetime(reading: Reading) -> Ask:
    lowest = reading.has("least|lowest|smallest|worst|poorest")
    pick = "smallest" if lowest else "largest"
    return Ask("top_lifetime", (), Filters(pick=pick, limit=1, descending=not lowest))


def _by_spending(_: Reading) -> Ask:
    return Ask("top_spenders", (), Filters(limit=1))


def _by_day(reading: Reading) -> Ask:
    first = reading.has("oldest|longest standing")
    return Ask("customers", (), Filters(pick="first" if first else "latest", limit=1))


def _by_stars(reading: Reading) -> Ask:
    best = reading.has("highest|best|most positive")
    return Ask("reviews_at_end", (), Filters(pick="largest" if best else "smallest", by="stars"))


def _by_orders(reading: Reading) -> Ask:
    filters = read_filters(reading)
    filters = replace(filters, status=filters.status or filters.asked, asked="", count=False)
    return Ask("orders", (), filters)


def _by_profile(reading: Reading) -> Ask:
    filters = replace(read_filters(reading), count=False, limit=0, pick="", channel="")
    return Ask("customers", (), filters, facts=("lifetime",) if filters.bounds else ())


def _without_orders(_: Reading) -> Ask:
    return Ask("no_orders")


_KINDS = (
    _Kind(
        f"(top|biggest|best) (spender|orderer)|{_ONE}( who| that)?( has| had)? {_SPENT}"
        f" (the )?most( money)?|(who|whoever)( has)? {_SPENT} (the )?most( money)?"
        f"|(top|biggest|best) {_ONE} by (orders?|order total|spend|spending|revenue)",
        _by_spending,
    ),
    _Kind(
        f"(best|top|most valuable|biggest|richest|number one|highest value) {_ONE}{_BY_LIFETIME}"
        f"|{_ONE} (with|who has|having) the (highest|biggest|largest|most|lowest|smallest)"
        " (lifetime( value)?|value)|(least valuable|worst|smallest|poorest)"
        f" {_ONE}{_BY_LIFETIME}|who has the (highest|lowest) lifetime( value)?",
        _by_lifetime,
    ),
    _Kind(
        f"(who|whoever|{_ONE}( who| that)?|reviewer|author)( (has|of|behind|with|is behind))?"
        f"( (gave|left|wrote|posted|rated|submitted))?( us| our shop| our products?)?( the| our)?"
        f" {_END}( rated| star| ever| overall)? {_STARS}( (ever|we have|we got))?{_OF_ALL}"
        f"|(our|the) {_END} {_STARS}( (ever|we have|we got|of all|overall))?{_OF_ALL}",
        _by_stars,
    ),
    _Kind(f"(our|the) {_DAY_END} {_ONE}( (to|who) (register|registered|join|joined))?", _by_day),
    _Kind(
        f"{_OUR}{_EVERY}( of our customers)?( (with|having|(who|that)? ?(has|have|had|got)))"
        f" ((a|an|any|some|at least one|their|orders?|open|of) )*({_STATUS})?( orders?| order)"
        f"( ({_BOUND}|{_BELOW}) {_VALUE})?( (that|which))?( (is|are|still))*( ({_STATUS}))?"
        "( (in|from|since|of|on|during|before|after)? ?<period>)?",
        _by_orders,
    ),
    _Kind(
        f"{_OUR}{_EVERY} whose orders? (is|are|was|were)( still| already| not yet)? ({_STATUS})",
        _by_orders,
    ),
    _Kind(
        f"{_OUR}{_EVERY}( who| that)?( has| have)? {_PLACED}"
        " (in|since|on|during|before|after|from|between)? ?<period>",
        _by_orders,
    ),
    _Kind(
        f"{_OUR}{_EVERY}( who| that)?( (with|have|has|having|whose|is|are|a|an|the))*"
        f" lifetime( value)?s?( (is|of|are))? ({_BOUND}|{_BELOW}) {_VALUE}",
        _by_profile,
    ),
    _Kind(
        f"{_OUR}({_TIER})( tier| level| status)? {_ALL}|{_OUR}({_TIER})( tier| level)? {_ONE}"
        f"|{_OUR}{_ALL} (in|of|on|with)( the| tier)? ({_TIER})( tier| level| status)?",
        _by_profile,
    ),
    _Kind(
        f"{_OUR}{_ALL} (without|with no|with zero|who have no|who never had)( any)? orders?"
        f"|{_OUR}{_ALL} who (have |had )?never ({_SPENT}|placed)( anything| an order)?",
        _without_orders,
    ),
)
_ENOUGH = frozenset({"identity", "customers", "about", "customer_count", "listed", "reviewer"})
_DROPPED = frozenset(
    "customers customer_count top_lifetime top_spenders no_orders ranked_rating reviewer identity"
    " about product_count products".split()
)
_OF_ORDERS = frozenset("orders order_count order_total spent order_average status".split())
_OF_ONE = PROFILE_FACTS | _OF_ORDERS | {"reviews", "rating", "review_count", "warranties"}
_COUNTED = "(how many|number of|count( the| our| of)*)$"
_POINTS = "them|they|those|these|their|theirs|each|any|that|this|he|she|his|her|him|whom"


def of_members(segments: Sequence[Segment], context: Context) -> list[Ask]:
    """The asks of a text that wants facts of the members of a group; empty when none does."""
    for at, segment in enumerate(segments):
        if found := _group_in(segment):
            first, last, ask = found
            return _asked(segments, at, (first, last), ask, context)
    return []


def _group_in(segment: Segment) -> tuple[int, int, Ask] | None:
    if any(not subject.doubtful for subject in segment.subjects):
        return None
    for kind in _KINDS:
        spans = list(segment.reading.find(kind.phrase))
        if spans:
            first, last = max(spans, key=lambda span: span[1] - span[0])
            return first, last, kind.ask(segment.reading.slice(first, last + 1))
    return None


def _asked(
    segments: Sequence[Segment], at: int, span: tuple[int, int], of: Ask, context: Context
) -> list[Ask]:
    key = f"{of.want} {of.filters}"
    subject = Subject("customer", "members", key, of=of)
    own = _rest_of(segments[at], span)
    asked = [*segments[:at], own, *segments[at + 1 :]]
    taken = [n for n, one in enumerate(asked) if _is_of_one(one, here=n == at)]
    test = _tests(segments[at], span)
    wants = {wanted.want.name for n in taken for wanted in asked[n].wants}
    if not wants and not test:
        return [Ask("group", (subject,))] if _is_counted(segments[at], span, of) else []
    if not test and taken == [at] and _is_told_at_once(of, wants):
        return []
    found = [Ask("group", (subject,)), *([Ask("without_orders", (subject,))] if test else [])]
    given = [
        replace(one, subjects=[subject] if n in taken else one.subjects, wants=_kept(one, test))
        for n, one in enumerate(asked)
    ]
    silent = {n for n, one in enumerate(given) if not one.wants}
    found += [one.ask for one in attach(given, context, silent) if not one.missing]
    return merged(list({(one.want, one.subjects): one for one in reversed(found)}.values())[::-1])


def _rest_of(segment: Segment, span: tuple[int, int]) -> Segment:
    """What is asked beside the group; how many are in it is told with the group."""
    reading = segment.reading
    if reading.slice(0, span[0]).has(_COUNTED):
        return replace(segment, wants=(), subjects=(), filters=Filters())
    return build(reading.without(*span))


def _is_counted(segment: Segment, span: tuple[int, int], of: Ask) -> bool:
    """Whether it is only asked how many customers of a tier or value there are."""
    counted = segment.reading.slice(0, span[0]).has(_COUNTED)
    return counted and of.want == "customers" and not of.filters.pick


def _is_of_one(segment: Segment, *, here: bool) -> bool:
    """Whether a part of the text asks for facts of the members, and of nothing else."""
    if any(not subject.doubtful for subject in segment.subjects):
        return False
    of_one = any(wanted.want.name in _OF_ONE for wanted in segment.wants)
    free = any(w.want.group and w.want.name not in PROFILE_FACTS for w in segment.wants)
    return of_one and (here or not free or segment.reading.has(_POINTS))


def _tests(segment: Segment, span: tuple[int, int]) -> bool:
    """Whether it is asked which of them have no order."""
    return segment.reading.without(*span).has(_WITHOUT)


def _is_told_at_once(of: Ask, wants: set[str]) -> bool:
    """Whether the list of the members, or one answer over all of them, tells it already."""
    told = set(_ENOUGH)
    if of.want in ("customers", "top_lifetime"):
        told |= {"lifetime", "tier", "purchases", "cases"}
    if of.want == "orders":
        told |= {"orders", "order_count", "order_total", "status"}
    if of.want == "reviews_at_end":
        told |= {"reviews", "rating", "review_count"}
    if of.want == "top_spenders":
        told |= {"orders", "order_total", "order_count", "spent"}
    if of.want == "customers" and of.filters.tier:
        told |= _OF_ORDERS
    return wants <= told


def _kept(segment: Segment, test: bool) -> list[WantedAt]:
    dropped = _DROPPED | (_OF_ORDERS if test else frozenset())
    return [wanted for wanted in segment.wants if wanted.want.name not in dropped]
