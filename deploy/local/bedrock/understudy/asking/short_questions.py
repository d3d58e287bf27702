"""Questions of a few words that lean on the last answer: ``vip right?``, ``and the worst?``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, Subject, over
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading import groups
from deploy.local.bedrock.understudy.reading.reading import Reading

_LEAD = "((and|so|ok|okay|or|but|then|now|hm|well|what about|how about|what is|which is|,) )*"
_END = r"( ,| \.)?$"
_ONE = "(the|his|her|their) ((one|order) )?"
# ``The one before that`` after the latest order.
_BEFORE = (
    f"^{_LEAD}({_ONE}before( (that|this|it|one))?|{_ONE}(previous|prior|earlier)"
    f"( (one|order))?|before (that|this)){_END}"
)
_AFTER = f"^{_LEAD}({_ONE}after (that|this|it)|after (that|this)){_END}"
_UPPER = "best|highest|most|top|biggest|largest|dearest|priciest|most expensive"
_LOWER = "worst|lowest|least|bottom|smallest|fewest|cheapest|least expensive"
_OTHER_END = f"^{_LEAD}(the |our )?({_UPPER}|{_LOWER})( one| ones| rated| of all)*{_END}"
_RANKED = frozenset(
    "ranked_rating ranked_reviews superlative_product superlative_stock top_lifetime"
    " top_spenders".split()
)
_BESIDE_TIER = frozenset(
    "is was he she they it this that a an the and so ok right correct yes no true or not still"
    " customer member , . also too then but well though really".split()
)
_YOUNGER = "older|newer|earlier|later|more recent|bigger|smaller|larger|higher|lower|cheaper|dearer"
_THAN_LAST = (
    rf"^{_LEAD}(is|was) (<number>|<order>) (the )?({_YOUNGER})( one)?"
    rf"( than (that|this|it|that one|this one))?{_END}"
)
_END_OF = {
    ("date", "smallest"): "older|earlier",
    ("date", "largest"): "newer|later|more recent",
    ("amount", "smallest"): "smaller|lower|cheaper",
    ("amount", "largest"): "bigger|larger|higher|dearer",
}
_CHANNEL = "|".join(groups.CHANNELS)
_CHANNEL_TOO = (
    rf"^{_LEAD}(not )?(by |per |via |on )?({_CHANNEL})( too| as well| also| ok| okay)?{_END}"
)
_BY_WHOM = (
    rf"^{_LEAD}(by whom|who by|who (rated|reviewed) (it|that|this)|who said (that|so|it)"
    rf"|who (wrote|left|gave) (it|that|this|them|those|these)){_END}"
)
_ON_WHAT = (
    rf"^{_LEAD}(any|are there( any)?) (others?|more)( (ones|reviews))?{_END}"
    rf"|^{_LEAD}(are|is|were|was) (they|these|those|it|that|this|both)( (all|both))? verified{_END}"
    rf"|^{_LEAD}((how many|what) (is|was|are) (that|it|this) based on|based on what){_END}"
    rf"|^{_LEAD}(from|out of|of) how many{_END}"
)
_STARS = "|".join(groups.STARS)
_OF_STARS = rf"({_STARS}) ones?"
_JOINED = (
    "(join|joined|register|registered|sign up|signed up|start|started|here|with us|customer)"
    "( with us)? (before|after|earlier than|later than|sooner than|longer than) (<name>|<customer>)"
)
_WHO_FIRST = (
    rf"^{_LEAD}(who|which)( one)?( of them)? (was|is|came|joined|registered)( the)? first{_END}"
)
_FIRST = "first|soonest|next|earliest|last|longest|latest"
_MOST_OF_THOSE = (
    rf"^{_LEAD}(which|who)( one| product| customer)?( of (those|these|them|the two|the three))?"
    rf" (has|have|got|is|was|spent|costs?)( the)? ({_UPPER}|{_LOWER}|more|less|fewer){_END}"
)
_BETTER_RATED = (
    rf"^{_LEAD}(which|what)( one| product)?( of (those|these|them|the two))? (is|has)( the)?"
    rf" (better|best|worse|worst|higher|highest|lower|lowest) (rated|reviewed|rating|ratings){_END}"
)
_WHICH_PRODUCT = (
    rf"^{_LEAD}(for |of |on )?(which|what) (product|item)( (is|was) (it|that|this)( for)?)?{_END}"
)
_OF_LISTED = (
    rf"^{_LEAD}((which|what|any)( ones?)?( (is|are))?( the)? )?"
    r"(the )?(cheapest|least expensive|most expensive|priciest|dearest"
    rf"|(out of|in) stock|sold out|available)( ones?)?{_END}"
)
_SPENT_MOST = rf"^{_LEAD}(which|who)( one)?( of (them|those|these))? (has )?spent( the)? most{_END}"
MOST_COMPARED = 5
Rule = Callable[[Sequence[Segment], Reading, Context], list[Ask]]


def short_asks(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """What a short question means after the last answer; empty when no rule reads it."""
    rules: tuple[Rule, ...] = (
        _before_that, _other_end, _tier, _than_last, _channel, _reviews, _joined_before,
        _ends_first, _most_of_those, _of_which_product, _better_rated, _of_listed, _spent_most,
    )  # fmt: skip
    return next((asks for rule in rules if (asks := rule(segments, reading, context))), [])


def _before_that(_: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The next order from the end at which the last answer began."""
    step = {"latest": 1, "first": -1}
    way = 1 if reading.has(_BEFORE) else -1 if reading.has(_AFTER) else 0
    found = []
    for ask in context.asks:
        picked = ask.want == "orders" and not ask.filters.limit and step.get(ask.filters.pick)
        if way and picked:
            place = max(ask.filters.rank, 1) + way * picked
            found.append(replace(ask, filters=replace(ask.filters, rank=max(place, 1))))
    return found


def _other_end(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The same ranking from the end that is named now."""
    if not reading.has(_OTHER_END) or any(segment.subjects for segment in segments):
        return []
    upper = reading.has(_UPPER)
    pick = "largest" if upper else "smallest"
    return [
        replace(ask, filters=replace(ask.filters, descending=upper, lower=not upper, pick=pick))
        for ask in context.asks
        if ask.want in _RANKED
    ]


def _tier(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Whether the customer who was spoken of last has the tier that is named alone."""
    tiers = [segment.filters.tier for segment in segments if segment.filters.tier]
    words = set(reading.line.split()) - {word for tier in groups.TIERS for word in tier.split()}
    if len(tiers) != 1 or "customer" not in context.latest or words - _BESIDE_TIER:
        return []
    whom = context.latest["customer"]
    return [Ask("tier", (whom,), Filters(tier=tiers[0]), yes_no=True)]


def _than_last(_: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Which of two orders is the older or larger: the one that is named, or the last one."""
    last = context.latest.get("order")
    if last is None or not reading.has(_THAN_LAST):
        return []
    values = [m.token.value for m in reading.marks if m.kind in ("number", "order")]
    named = tuple(Subject("order", "id", value, value) for value in values if value.isdigit())
    by, end = next(key for key, words in _END_OF.items() if reading.has(words))
    return [Ask("pick", (last, *named), Filters(pick=end, by=by))] if named else []


def _channel(_: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Whether another way of contact is welcome: ``email too?`` after ``may i text him``."""
    asked = [ask for ask in context.asks if "preferences" in (ask.want, *ask.facts)]
    if not asked or not reading.has(_CHANNEL_TOO):
        return []
    filters = Filters(channel=next(groups.CHANNELS[w] for w in groups.CHANNELS if reading.has(w)))
    yes_no = not reading.has("not")
    return [Ask("preferences", ask.subjects, filters, yes_no=yes_no) for ask in asked]


def _reviews(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The reviews behind a rating: who wrote them, or only the bad ones."""
    rated = [ask for ask in context.asks if ask.want in ("rating", "reviews") and ask.subjects]
    if not rated or any(segment.subjects for segment in segments):
        return []
    if reading.has(_ON_WHAT):
        return rated
    if reading.has(_BY_WHOM) and rated[0].want == "rating":
        return [Ask("reviews", ask.subjects) for ask in rated]
    if not reading.has(_OF_STARS):
        return []
    word = next(word for word in groups.STARS if reading.has(f"{word} ones?"))
    return [Ask("reviews", ask.subjects, Filters(stars=groups.STARS[word])) for ask in rated]


def _joined_before(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Who of two has been a customer for longer, the one spoken of or the one who is named."""
    named = [s for one in segments for s in one.subjects if s.kind in ("customer", "name")]
    if reading.has(_JOINED) and named:
        last = [context.latest["customer"]] if "customer" in context.latest else []
        two = (*last, *(replace(s, kind="customer") for s in named))[-2:]
    else:
        asked = any("registration" in (ask.want, *ask.facts) for ask in context.asks)
        recent = context.recent.get("customer", ())
        two = tuple(recent[-2:]) if asked and reading.has(_WHO_FIRST) else ()
    return [Ask("registration", two)] if len(two) > 1 else []


def _ends_first(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Which warranty of the customer spoken of ends first."""
    wants = {one.want.name for segment in segments for one in segment.wants}
    named = any(segment.subjects for segment in segments)
    if wants != {"warranties"} or named or not reading.has(f"which~({_FIRST})"):
        return []
    return [Ask("warranties", (context.latest[k],)) for k in ("customer",) if k in context.latest]


def _most_of_those(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Which of several has the most of what was told of them just now."""
    if any(segment.wants for segment in segments) or not reading.has(_MOST_OF_THOSE):
        return []
    lower = reading.has(f"{_LOWER}|less|fewer")
    return [
        replace(ask, filters=replace(ask.filters, lower=lower))
        for ask in context.asks
        if len(ask.subjects) > 1 and ask.want not in ("pick", "compare")
    ]


def _better_rated(_: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Which of the products that were compared just now has the better rating."""
    if not reading.has(_BETTER_RATED):
        return []
    lower = reading.has("worse|worst|lower|lowest")
    return [
        Ask("rating", tuple(replace(s, kind="product") for s in ask.subjects), Filters(lower=lower))
        for ask in context.asks
        if len(ask.subjects) > 1 and all(s.kind in ("product", "name") for s in ask.subjects)
    ]


def _of_listed(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Which of the products of a category that was listed: the cheapest, or those in stock."""
    if not segments or segments[0].subjects or not reading.has(_OF_LISTED):
        return []
    filters = segments[0].filters
    of = [ask for ask in context.asks if ask.want == "products" and ask.subjects]
    if filters.stock is not None:
        return [replace(ask, filters=over(ask.filters, filters)) for ask in of]
    return [Ask("superlative_product", ask.subjects, over(ask.filters, filters)) for ask in of]


def _spent_most(_: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """Who spent the most of the few customers of a tier that were listed."""
    listed = tuple(s for s in context.listed if s.kind == "customer")
    of_tier = any(ask.want == "customers" and ask.filters.tier for ask in context.asks)
    if not of_tier or not 1 < len(listed) <= MOST_COMPARED or not reading.has(_SPENT_MOST):
        return []
    return [Ask("spent", listed)]


def _of_which_product(_: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """What the reviews or warranties that were told last are of: they name their product."""
    told = ("reviews", "review", "warranties")
    asked = [ask for ask in context.asks if ask.want in told and ask.subjects]
    return asked if reading.has(_WHICH_PRODUCT) else []
