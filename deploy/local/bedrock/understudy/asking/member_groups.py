"""Reads which customers a group is made of: a tier, buyers, reviewers, whoever spent the most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Filters
from deploy.local.bedrock.understudy.asking.narrowing import read_filters
from deploy.local.bedrock.understudy.asking.segments import Segment
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
_THEM = "(them|those|these|it|that|this)"
_PLACED_THEM = (
    f"(who|whoever|{_EVERY} who)( has| have)? (placed|made|ordered|bought) {_THEM}"
    f"|the {_ALL} (behind|of|for) {_THEM}|(who|whom) (are|is) (they|it|those) (from|for|by)"
)
_REVIEWED = f"{_EVERY}( who| that)?( has| have)? (gave|given|left|rated|reviewed|wrote|posted)"
_OF_ORDERS = frozenset("orders order_count order_total spent status".split())
_STARS = "(rating|ratings|review|reviews|score|stars|mark|feedback)"
_OF_ALL = f"( (of|among|in|from|across|out of) (all|every|any)( of)?( the| our)? ?{_STARS}?)?"
_END = "(lowest|worst|poorest|angriest|harshest|most negative|highest|best|most positive)"
_DAY_END = "(newest|latest|oldest|most recent|most recently registered|longest standing)"
_SPENT = "(spent|spends|spend|ordered|bought|orders|buys|paid)"
_PLACED = f"({_SPENT}|placed)( (an|any|some|something|anything|orders?|stuff|from us|with us))*"


@dataclass(frozen=True, slots=True)
class Group:
    """Where a group is named, and the ask whose answer holds its members."""

    span: tuple[int, int]
    ask: Ask


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of group: the words that say it, and the ask whose answer names its members."""

    phrase: str
    ask: Callable[[Reading], Ask]


def _by_lifetime(reading: Reading) -> Ask:
    lowest = reading.has("least|lowest|smallest|worst|poorest")
    pick = "smallest" if lowest else "largest"
    return Ask("top_lifetime", (), Filters(pick=pick, limit=1, descending=not lowest))


def _by_spending(reading: Reading) -> Ask:
    return Ask("top_spenders", (), replace(_period_of(reading), limit=1))


def _by_day(reading: Reading) -> Ask:
    first = reading.has("oldest|longest standing")
    return Ask("customers", (), Filters(pick="first" if first else "latest", limit=1))


def _by_stars(reading: Reading) -> Ask:
    best = reading.has("highest|best|most positive")
    pick = "largest" if best else "smallest"
    return Ask("reviews_at_end", (), replace(_period_of(reading), pick=pick, by="stars"))


def _by_orders(reading: Reading) -> Ask:
    filters = read_filters(reading)
    filters = replace(filters, status=filters.status or filters.asked, asked="", count=False)
    return Ask("orders", (), filters)


def _by_profile(reading: Reading) -> Ask:
    filters = replace(read_filters(reading), count=False, limit=0, pick="", channel="")
    return Ask("customers", (), filters, facts=("lifetime",) if filters.bounds else ())


def _by_count(reading: Reading) -> Ask:
    return Ask("most_orders", (), _period_of(reading))


def _period_of(reading: Reading) -> Filters:
    filters = read_filters(reading)
    return Filters(status=filters.status, since=filters.since, until=filters.until)


def _without_orders(_: Reading) -> Ask:
    return Ask("no_orders")


_WHEN = "( (in|since|during|of|for|from|before|after|on)? ?<period>)?"
_KINDS = (
    _Kind(
        f"{_ONE}( (with|who|that|has|having|had|placed))* the most orders"
        "|(who|whoever)( has| had)?( placed)? the most orders",
        _by_count,
    ),
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
        f"|(our|the) {_END}( rated| reviewed)? {_STARS}( (ever|we have|we got|of all|overall))?"
        f"{_OF_ALL}",
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
        f"{_OUR}{_EVERY}( who| that)?( has| have)? {_PLACED} (last|first|most recently)"
        "( (in|on|since|during|of)? ?<period>)?",
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
        f" lifetime( value)?s?( (is|of|are))? ({_BOUND}|{_BELOW}) {_VALUE}"
        f"|{_OUR}{_EVERY}( (who|that|is|are))* worth ({_BOUND}|{_BELOW}) {_VALUE}"
        "( lifetime( value)?)?",
        _by_profile,
    ),
    _Kind(
        f"{_OUR}({_TIER})( tier| level| status)? {_ALL}|{_OUR}({_TIER})( tier| level)? {_ONE}"
        f"|which ({_TIER})s?(?= (has|have|is|are|did|never))"
        f"|{_OUR}{_ALL} (in|of|on|with)( the| tier)? ({_TIER})( tier| level| status)?",
        _by_profile,
    ),
    _Kind(
        f"{_OUR}{_ALL} (without|with no|with zero|who have no|who never had)( any)? orders?"
        f"|{_OUR}{_ALL} who (have |had )?never ({_SPENT}|placed)( anything| an order)?",
        _without_orders,
    ),
)
_SAID = tuple((f"({kind.phrase}){_WHEN}", kind) for kind in _KINDS)


def group_in(segments: Sequence[Segment], at: int) -> Group | None:
    """The group that a part of a text names."""
    segment = segments[at]
    if found := _reviewers(segment) or _placers(segments, at):
        return found
    if any(not subject.doubtful for subject in segment.subjects):
        return None
    for phrase, kind in _SAID:
        spans = list(segment.reading.find(phrase))
        if spans:
            first, last = max(spans, key=lambda span: span[1] - span[0])
            return Group((first, last), kind.ask(segment.reading.slice(first, last + 1)))
    return None


def _reviewers(segment: Segment) -> Group | None:
    """``Who gave the desk 5 stars``: those who reviewed one product."""
    things = [s for s in segment.subjects if s.kind in ("product", "name")]
    spans = list(segment.reading.find(_REVIEWED))
    if len(things) != 1 or len(segment.subjects) != 1 or not spans:
        return None
    if not (segment.filters.stars or segment.reading.has("reviewed|reviews?|ratings?|rated")):
        return None
    product = replace(things[0], kind="product", doubtful=False)
    first, last = min(spans[0][0], product.first), max(spans[0][1], product.last)
    filters = replace(segment.filters, count=False)
    return Group((first, last), Ask("reviews", (product,), filters))


def _placers(segments: Sequence[Segment], at: int) -> Group | None:
    """``Pending orders, and who placed them``: those behind the orders asked for before."""
    spans = list(segments[at].reading.find(_PLACED_THEM))
    if not spans or segments[at].subjects:
        return None
    for before in segments[:at][::-1]:
        of_orders = any(one.want.name in _OF_ORDERS for one in before.wants)
        if of_orders and not before.subjects:
            filters = replace(before.filters, asked="", count=False)
            return Group(spans[0], Ask("orders", (), filters))
    return None
