"""Whether a yes or no may be said: only when all that was asked is compared with a result."""

from __future__ import annotations

from deploy.local.bedrock.understudy.asking.asks import Filters
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.reading import groups

# What a question must say for its want to be one that a result answers by yes or no.
_HAS = "has|have|had|got|any|is there|are there|was there|were there|do we|do you|did|does|own"
_CUES: dict[str, str] = {
    "identity": "is there|do (we|you) (have|know)|have (we|you) got|is <name>~customer|exists?"
    "|(is|are) <customer>~(customer|there)|in (the|our) (system|database|books|records)",
    "about": "is there|do (we|you) (have|know)|exists?|on file|in (the|our) (system|database)",
    "orders": _HAS, "order_count": _HAS, "spent": _HAS, "status": f"{_HAS}|is|are|was|were",
    "reviews": _HAS, "review_count": _HAS, "products": _HAS,
    "stock": "in stock|available|availability|out of|sold out|left|have|has|got|any|on hand"
    "|stocked",
    "warranties": "warranty|warranties|warrantied|covers?|covered|coverage|insured|protected"
    "|cover",
    "sell": "(do|does|can) (we|you)|range|assortment", "listed": "catalogue",
    "tier": "", "preferences": "", "cases": "", "lifetime": "", "purchases": "", "price": "",
}  # fmt: skip
# ``Yes`` to one of these would mean the opposite of covered.
_ENDED = "expired?|expires|run out|runs out|ran out|ended|lapsed|over|end|ends"
# Words that ask nothing by themselves. Any other word that was not used is a part of the
# question that nothing was compared with.
_NEUTRAL = frozenset(
    """
    a an the any some of for from by with in on at to our us we you i me my please still
    currently now right yet ever already also too just and or so is are was were be been am has
    have had got get do does did can could may shall will would there here this that these those
    he she it they his her him their them its one ones hi hello hey ok well then but me tell
    know say customer customers account user person people order orders name named called guy
    man woman lady person product products item items system database records books file anyone
    anybody someone somebody who what ago if whether actually really today at moment
    caller under want wants like likes okay allowed fine good mr mrs ms number id out store shop
    written wrote write left leave posted placed made make put about between systems across
    reached reach contacted see need needs both
    catalogue catalogues stores shops sides both aurora profile say
    yes back again within ourselves ours true right correct confirm valid active anything something
    """.split()
)
_BY_FILTER = frozenset(
    word
    for table in (
        groups.STATUSES, groups.FOREIGN_STATUSES, groups.TIERS, groups.STARS, groups.CHANNELS,
        groups.PICKS,
    )
    for phrase in table
    for word in phrase.split()
) | frozenset(
    "stars star verified stock available hand purchase purchases warranty".split()
) | frozenset(groups.ORDINALS)  # fmt: skip
_BY_BOUND = frozenset(
    "more less fewer higher lower than over under above below between least most up".split()
)
# Two of these in one question are an alternative or a comparison: one result is no verdict.
_ALTERNATIVES = (groups.STATUSES, groups.TIERS, groups.CHANNELS)
_OF_PERIODS = frozenset("since before after until till during between last this past".split())
_OF_COMPARISONS = frozenset(
    "than more less higher lower bigger smaller larger greater fewer dearer cheaper pricier better"
    " worse expensive money as not total one".split()
)
OF_ORDERS = frozenset("orders order_count order_total order_average spent status".split())
_SUMS = frozenset({"spent", "order_total", "order_count"})


def supported(segment: Segment, wanted: WantedAt) -> bool:
    """Whether the want answers the whole yes-or-no question that the segment asks."""
    if not segment.yes_no or segment.filters.unapplied:
        return False
    cue = _CUES.get(wanted.want.name)
    if wanted.want.name == "identity" and segment.filters.tier:
        cue = ""
    if segment.filters.compared:
        cue = ""
    if segment.filters.asked and wanted.want.name in OF_ORDERS:
        cue = ""
    if cue is None or (cue and not segment.reading.has(cue)):
        return False
    if wanted.want.name == "warranties" and segment.reading.has(_ENDED):
        return False
    if wanted.want.name in _SUMS and segment.filters.bounds or _names_two(segment):
        return False
    names = [s for s in segment.subjects if s.by == "name"]
    if segment.filters.compared and len(segment.subjects) + bool(segment.pronouns) < 2:
        return False
    if wanted.want.name == "identity" and len(names) > 1:
        return False
    return not unread_words(segment)


def _names_two(segment: Segment) -> bool:
    words = segment.reading.spoken.words
    return any(len({t[w] for w in words & set(t)}) > 1 for t in _ALTERNATIVES)


def tier_alone(segment: Segment) -> bool:
    """Whether ``is she gold`` asks for nothing but one tier."""
    return segment.yes_no and not _names_two(segment) and not unread_words(segment)


def may_have_verdict(segment: Segment) -> bool:
    """Whether anything that was asked is a fact of which yes or no is said."""
    return any(wanted.want.name in _CUES for wanted in segment.wants)


def unread_words(segment: Segment) -> list[str]:
    """The words of a question that neither a want, a subject nor a filter stands for."""
    used: set[int] = set()
    for wanted in segment.wants:
        used.update(range(wanted.first, wanted.last + 1))
    serial = any(s.kind == "serial" for s in segment.subjects)
    for subject in segment.subjects:
        if serial and subject.by == "name":
            continue
        used.update(range(subject.first, subject.last + 1))
    neutral = _neutral(segment.filters)
    found = []
    for at, mark in enumerate(segment.reading.marks):
        if at in used or mark.kind != "word" or _part_of_name(segment, at):
            continue
        words = set(mark.words.split())
        if words <= neutral:
            continue
        found.append(mark.token.text)
    return found


def _neutral(filters: Filters) -> frozenset[str]:
    """The words that ask nothing by themselves, given what was read of the question."""
    neutral = _NEUTRAL
    if filters != Filters():
        neutral = neutral | _BY_FILTER
    if filters.compared:
        neutral = neutral | _OF_COMPARISONS
    if filters.since or filters.until:
        neutral = neutral | _OF_PERIODS
    if filters.asked:
        neutral = neutral | {"all", "both", "every", "each"}
    if filters.bounds or filters.stars:
        neutral = neutral | _BY_BOUND
    return neutral


def _part_of_name(segment: Segment, at: int) -> bool:
    """Whether a word was mended beside a name: it is more likely a part of that name."""
    mark = segment.reading.marks[at]
    beside = any(at in (s.first - 1, s.last + 1) for s in segment.subjects if s.by == "name")
    return beside and mark.words != mark.token.value
