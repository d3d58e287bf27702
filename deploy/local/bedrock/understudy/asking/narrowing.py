"""Reads what narrows a question down: status, period, amounts, stars, tier, how many, which end."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from deploy.local.bedrock.understudy.asking.asks import Filters
from deploy.local.bedrock.understudy.reading import groups
from deploy.local.bedrock.understudy.reading.periods import Period
from deploy.local.bedrock.understudy.reading.reading import Reading

_MORE = r"(?:over|above|more than|greater than|higher than|exceeding|exceeds?|from|at least|minimum(?: of)?|min|starting at|upwards of|beyond|bigger than|larger than|worth more than|costing more than|not less than)"
_LESS = r"(?:under|below|less than|cheaper than|lower than|up to|at most|maximum(?: of)?|max|no more than|not more than|smaller than|within|fewer than|costing less than)"
_STRICT = re.compile(
    r"over|above|more than|greater|higher|exceed|beyond|bigger|larger|under|below|(?<!not )less than|cheaper|lower|smaller|fewer"
)
_VALUE = r"(?:<money>|<number>)"
_BETWEEN = rf"(?:between|from) {_VALUE} (?:and|to) {_VALUE}"
_STAR = r"(?:stars?|star reviews?|points?)"
_CENT = Decimal("0.01")


# ``top 3 cheapest``: the other word says which end is meant.
_VAGUE_PICKS = frozenset({"top", "first", "last", "least"})


def read_filters(reading: Reading) -> Filters:
    """The filters of a whole reading or a part of it."""
    stars = _stars(reading)
    least, most, bounds = _amounts(reading) if stars is None else (None, None, "")
    filters = Filters(
        status=_first(reading, groups.STATUSES),
        foreign_status=next(
            (word for word in sorted(groups.FOREIGN_STATUSES) if reading.has(word)), ""
        ),
        least=least,
        most=most,
        bounds=bounds,
        stars=stars,
        tier=_first(reading, groups.TIERS),
        stock=_stock(reading),
        pick=_pick(reading),
        limit=_limit(reading),
        channel=_first(reading, groups.CHANNELS),
        verified=_verified(reading),
        by=_grouping(reading),
        count=reading.has("how many|number of|count|how often"),
        descending=not reading.has("least|lowest|smallest|fewest|cheapest|worst|bottom"),
        known_since_registration=reading.has(
            "since (?:his |her |their |the )?(?:registration|registering|signing up|joining|(?:he|she|they)~(?:registered|joined|signed up))"
        ),
    )
    return _with_period(filters, reading)


def _with_period(filters: Filters, reading: Reading) -> Filters:
    inside = {m.token.start for m in reading.marks if m.kind == "period"}
    periods = [p for p in reading.periods if p.start in inside]
    if not periods:
        return filters
    joined = periods[0]
    for other in periods[1:]:
        joined = Period(
            joined.since or other.since, joined.until or other.until, joined.start, other.end
        )
    since = joined.since.isoformat() if joined.since else ""
    return replace(filters, since=since, until=joined.until.isoformat() if joined.until else "")


def _first(reading: Reading, table: dict[str, str]) -> str:
    found = [(span[0], -len(phrase), phrase) for phrase in table for span in reading.find(phrase)]
    return table[min(found)[2]] if found else ""


def _stock(reading: Reading) -> bool | None:
    if reading.has(
        "out of stock|(?:are|is) (?:we|it) out|(?:we|it) (?:are|is) out|what~out of|sold out|not (?:in stock|available)|unavailable|no stock|zero stock|no longer (?:in stock|available)|run out|ran out of stock"
    ):
        return False
    return True if reading.has("in stock|available|on hand") else None


def _grouping(reading: Reading) -> str:
    if reading.has("monthly|month by month|(?:by|per|each|every) months?"):
        return "month"
    return "status" if reading.has("(?:by|per|each|every|which) status(?:es)?") else ""


def _verified(reading: Reading) -> bool | None:
    if reading.has("not verified|unverified|without verified"):
        return False
    return True if reading.has("verified(?: purchases?| reviews?| buyers?)") else None


def _pick(reading: Reading) -> str:
    found = [
        (span[0], -len(phrase), phrase) for phrase in groups.PICKS for span in reading.find(phrase)
    ]
    found = [
        one for one in found if not reading.has(f"{one[2]} (?:name|names|login|month|<period>)")
    ]
    found.sort(key=lambda one: (one[2] in _VAGUE_PICKS, one))
    return groups.PICKS[found[0][2]] if found else ""


def _limit(reading: Reading) -> int:
    words = "|".join(groups.NUMBER_WORDS)
    lead = "top|last|latest|first|newest|recent|best|biggest|largest|most valuable|cheapest|priciest|most expensive|oldest|highest|bottom|the|our|show me|list|give me|name"
    tail = "customers|orders|reviews|products|buyers|most valuable|biggest|best|newest|latest|cheapest|largest|spenders|items"
    phrase = rf"(?:{lead}) (?:<number>|{words})(?! (?:star|stars|day|days|order|of))|(?:<number>|{words}) (?:{tail})"
    for first, last in reading.find(phrase):
        for mark in reading.marks[first : last + 1]:
            if mark.kind == "number" and mark.token.value.isdigit():
                return max(1, min(int(mark.token.value), 50))
            if mark.words in groups.NUMBER_WORDS and mark.words != "zero":
                return groups.NUMBER_WORDS[mark.words]
    return 0


def _stars(reading: Reading) -> tuple[int, int] | None:
    words = "|".join(word for word, n in groups.NUMBER_WORDS.items() if 0 < n < 6)
    number = f"(?:<number>|{words})"
    for phrase, shape in (
        (
            rf"(?:at least|minimum|min|from|over|above|more than|better than) {number}(?: out of <number>)? {_STAR}|{number} {_STAR} (?:or|and) (?:more|better|higher|above|up)",
            "least",
        ),
        (
            rf"(?:at most|maximum|max|up to|under|below|less than|worse than|fewer than) {number} {_STAR}|{number} {_STAR} (?:or|and) (?:less|worse|lower|below|fewer)",
            "most",
        ),
        (
            rf"{number} {_STAR}|rat(?:ed|ing|ings)(?: of| with| as| at)? {number}|{number} out of",
            "equal",
        ),
    ):
        for first, last in reading.find(phrase):
            value = _small_number(reading, first, last)
            if value is None:
                continue
            strict = reading.slice(first, last + 1).has(
                "over|above|more than|better than|under|below|less than|worse than|fewer than"
            )
            return _star_range(shape, value, strict)
    if reading.has("reviews?|reviewed|feedback|ratings?|rated|comments?|opinions?|things|said|say"):
        found = [
            (span[0], word)
            for word in groups.STARS
            for span in reading.find(f"{word}(?! (?:<number>|rated))")
        ]
        found = [
            one for one in found if not (one[1] in ("good", "bad") and reading.has(f"how {one[1]}"))
        ]
        return groups.STARS[min(found)[1]] if found else None
    return None


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
    above, below = (
        "(?:or|and) (?:more|above|up|over|higher)",
        "(?:or|and) (?:less|below|under|lower|cheaper)",
    )
    least = _bound(reading, f"{_MORE} {_VALUE}", _CENT) or _bound(
        reading, f"{_VALUE} {above}", Decimal(0)
    )
    most = _bound(reading, f"{_LESS} {_VALUE}", -_CENT) or _bound(
        reading, f"{_VALUE} {below}", Decimal(0)
    )
    said = " and ".join(bound[1] for bound in (least, most) if bound)
    return least[0] if least else None, most[0] if most else None, said


def _bound(reading: Reading, phrase: str, step: Decimal) -> tuple[Decimal, str] | None:
    for first, last in reading.find(phrase):
        said = " ".join(mark.words for mark in reading.marks[first : last + 1])
        if values := _values(reading, first, last):
            return values[0] + (step if _STRICT.search(said) and step else 0), _said(
                reading, first, last
            )
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
