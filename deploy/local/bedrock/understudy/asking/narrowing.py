"""Reads what narrows a question down: status, period, amounts, stars, tier, how many, which end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from deploy.local.bedrock.understudy.asking.asks import Filters
from deploy.local.bedrock.understudy.reading import cues, groups
from deploy.local.bedrock.understudy.reading.periods import Period
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading

_VALUE = r"(?:<money>|<number>)"
_BETWEEN = rf"(?:between|from) {_VALUE} (?:and|to) {_VALUE}|{_VALUE} to <money>|<money> to {_VALUE}"
_CENT = Decimal("0.01")
MOST_LISTED = 50
_FEW = f"(<number>|{'|'.join(word for word, n in groups.NUMBER_WORDS.items() if 0 < n < 6)})"
_STAR_PHRASES = (
    (f"{cues.STARS_LEAST} {_FEW}( out of <number>)? {cues.STAR}", "least"),
    (f"{_FEW} {cues.STAR} (or|and) (more|better|higher|above|up)", "least"),
    (f"{cues.STARS_MOST} {_FEW} {cues.STAR}", "most"),
    (f"{_FEW} {cues.STAR} (or|and) (less|worse|lower|below|fewer)", "most"),
    (f"{_FEW} {cues.STAR}|{cues.RATED} {_FEW}|{_FEW} out of", "equal"),
)


_STATUSES, _TIERS, _CHANNELS, _PICKS = map(
    PhraseBook, (groups.STATUSES, groups.TIERS, groups.CHANNELS, groups.PICKS)
)
_FOREIGN_STATUSES = PhraseBook(sorted(groups.FOREIGN_STATUSES))
_FELT = {f"{word}(?! (<number>|rated))": word for word in groups.STARS}
_FELT_BOOK = PhraseBook(_FELT)
# ``top 3 cheapest``: the other word says which end is meant.
_VAGUE_PICKS = frozenset({"top", "first", "last", "least"})


def read_filters(reading: Reading) -> Filters:
    """The filters of a whole reading or a part of it."""
    stars, foreign = _stars(reading), reading.first_of(_FOREIGN_STATUSES)
    least, most, bounds = _amounts(reading) if stars is None else (None, None, "")
    filters = Filters(
        status=_first(reading, groups.STATUSES, _STATUSES),
        foreign_status="" if foreign is None else _FOREIGN_STATUSES.phrases[foreign],
        least=least,
        most=most,
        bounds=bounds,
        stars=stars,
        tier=_first(reading, groups.TIERS, _TIERS),
        stock=_stock(reading),
        pick=_pick(reading),
        limit=_limit(reading),
        rank=_rank(reading),
        channel=_first(reading, groups.CHANNELS, _CHANNELS),
        verified=_verified(reading),
        by=_grouping(reading),
        average=reading.has("average|averages"),
        lower=reading.has(cues.LOWER_END),
        compared=_compared(reading),
        count=reading.has("how many|number of|count|how often"),
        descending=not reading.has(
            "least|lowest|smallest|fewest|cheapest|worst|bottom|low|nearly|almost|close to|about to"
        ),
        known_since_registration=reading.has(cues.SINCE_REGISTRATION),
    )
    if filters.bounds and reading.has(cues.BOUND_OF_COUNT):
        filters = replace(
            filters, least=None, most=None, bounds="", limit=0, unapplied=filters.bounds
        )
    if filters.bounds and reading.has(cues.BOUND_OF_STOCK):
        filters = replace(filters, of_stock=True, stock=None)
    return _with_period(filters, reading)


def _compared(reading: Reading) -> str:
    """How the first of two is said to be: ``less expensive than`` is less."""
    if reading.has(cues.COMPARED_LESS):
        return "less"
    return "more" if reading.has(cues.COMPARED_MORE) else ""


def _with_period(filters: Filters, reading: Reading) -> Filters:
    inside = {m.token.start for m in reading.marks if m.kind == "period"}
    periods = [p for p in reading.periods if p.start in inside]
    if not periods:
        return filters
    joined = periods[0]
    for other in periods[1:]:
        first, last = joined.since or other.since, joined.until or other.until
        joined = Period(first, last, joined.start, other.end, joined.yearless)
    since = joined.since.isoformat() if joined.since else ""
    until = joined.until.isoformat() if joined.until else ""
    return replace(filters, since=since, until=until, yearless=joined.yearless)


def _first(reading: Reading, table: dict[str, str], book: PhraseBook) -> str:
    found = [(first, -len(phrase), phrase) for phrase, first, _ in reading.places(book)]
    return table[min(found)[2]] if found else ""


def _stock(reading: Reading) -> bool | None:
    if reading.has(cues.OUT_OF_STOCK):
        return False
    return True if reading.has("in stock|available|on hand") else None


def _grouping(reading: Reading) -> str:
    if reading.has("monthly|month by month|(?:by|per|each|every) months?"):
        return "month"
    return "status" if reading.has("(?:by|per|each|every|which) status(?:es)?") else ""


def _verified(reading: Reading) -> bool | None:
    if reading.has("(not|never)( been)? verified|unverified|without verified"):
        return False
    return True if reading.has("verified(?: purchases?| reviews?| buyers?)") else None


# ``The newest reviews`` are several, newest first, and not the newest alone.
_SEVERAL = "(\\w+ )?(reviews|orders|complaints|comments|purchases|opinions|ratings)(?! in )"


# ``Newest first`` says in which order a list is wanted, and not which of its ends.
_SORTED_BY = (
    "(newest|latest|most recent|oldest|biggest|largest|highest|smallest|lowest|cheapest) first"
)


def in_any_order(reading: Reading) -> Reading:
    """The reading without the words that say how a list is to be sorted."""
    for first, last in reading.find(_SORTED_BY):
        return reading.without(first, last)
    return reading


def _pick(reading: Reading) -> str:
    reading = in_any_order(reading)
    found = [(first, -len(phrase), phrase) for phrase, first, _ in reading.places(_PICKS)]
    found = [
        one for one in found if not reading.has(f"{one[2]} (?:name|names|login|month|<period>)")
    ]
    found.sort(key=lambda one: (one[2] in _VAGUE_PICKS, one))
    if not found:
        return ""
    pick = groups.PICKS[found[0][2]]
    several = pick == "latest" and reading.has(f"{found[0][2]} {_SEVERAL}")
    return "recent" if several else pick


def _limit(reading: Reading) -> int:
    number = f"(<number>|{'|'.join(groups.NUMBER_WORDS)})"
    not_of_stars = "(?! (star|stars|day|days|order|of))"
    phrase = f"{cues.COUNT_BEFORE} {number}{not_of_stars}|{number} {cues.COUNT_AFTER}"
    for first, last in reading.find(phrase):
        for mark in reading.marks[first : last + 1]:
            if mark.kind == "number" and mark.token.value.isdigit():
                return max(1, min(int(mark.token.value), MOST_LISTED))
            if mark.words in groups.NUMBER_WORDS and mark.words != "zero":
                return groups.NUMBER_WORDS[mark.words]
    return 0


def _rank(reading: Reading) -> int:
    """``The second most expensive``: which place from that end is meant."""
    for first, last in reading.find(cues.RANKED):
        for mark in reading.marks[first : last + 1]:
            said = mark.token.text.casefold()
            if said in groups.ORDINALS:
                return groups.ORDINALS[said] + 1
    return 0


def _stars(reading: Reading) -> tuple[int, int] | None:
    for phrase, shape in _STAR_PHRASES:
        for first, last in reading.find(phrase):
            value = _small_number(reading, first, last)
            if value is not None:
                strict = reading.slice(first, last + 1).has(cues.STARS_STRICT)
                return _star_range(shape, value, strict)
    return _felt(reading) if reading.has(cues.OF_REVIEWS) else None


def _felt(reading: Reading) -> tuple[int, int] | None:
    """The stars that go with ``negative`` or ``great``; ``how good`` asks and does not say."""
    said = [(first, _FELT[phrase]) for phrase, first, _ in reading.places(_FELT_BOOK)]
    found = [one for one in said if not reading.has(f"how {one[1]}")]
    return groups.STARS[min(found)[1]] if found else None


def _star_range(shape: str, value: int, strict: bool) -> tuple[int, int]:
    if shape == "least":
        return min(5, value + strict), 5
    if shape == "most":
        return 1, max(1, value - strict)
    return value, value


def _small_number(reading: Reading, first: int, last: int) -> int | None:
    for mark in reading.marks[first : last + 1]:
        if mark.kind == "number" and mark.token.value in ("1", "2", "3", "4", "5"):
            return int(mark.token.value)
        if mark.words in groups.NUMBER_WORDS and 0 < groups.NUMBER_WORDS[mark.words] < 6:
            return groups.NUMBER_WORDS[mark.words]
    return None


def _amounts(reading: Reading) -> tuple[Decimal | None, Decimal | None, str]:
    for first, last in reading.find(_BETWEEN):
        values = _values(reading, first, last)
        if len(values) == 2:
            return min(values), max(values), _said(reading, first, last)
    least = _bound(reading, f"{cues.MORE} {_VALUE}", _CENT)
    least = least or _bound(reading, f"{_VALUE} {cues.AND_MORE}", Decimal(0))
    most = _bound(reading, f"{cues.LESS} {_VALUE}", -_CENT)
    most = most or _bound(reading, f"{_VALUE} {cues.AND_LESS}", Decimal(0))
    said = " and ".join(bound[1] for bound in (least, most) if bound)
    return least[0] if least else None, most[0] if most else None, said


def _bound(reading: Reading, phrase: str, step: Decimal) -> tuple[Decimal, str] | None:
    """The amount of a bound, a cent further when the amount itself is left out."""
    for first, last in reading.find(phrase):
        if values := _values(reading, first, last):
            strict = reading.slice(first, last + 1).has(cues.STRICT)
            return values[0] + (step if strict else 0), _said(reading, first, last)
    return None


def _said(reading: Reading, first: int, last: int) -> str:
    return reading.text[reading.marks[first].token.start : reading.marks[last].token.end]


def _values(reading: Reading, first: int, last: int) -> list[Decimal]:
    found = []
    for mark in reading.marks[first : last + 1]:
        if mark.kind in ("money", "number"):
            try:
                found.append(Decimal(mark.token.value))
            except InvalidOperation:
                continue
    return found
