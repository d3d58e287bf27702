"""Splits a reading into questions of their own, each with its wants, subjects and filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from deploy.local.bedrock.understudy.asking.asks import Filters, Subject, over
from deploy.local.bedrock.understudy.asking.claims import claim_of
from deploy.local.bedrock.understudy.asking.narrowing import read_filters
from deploy.local.bedrock.understudy.asking.predicates import (
    FILLERS,
    asked_status,
    asked_tier,
    asks_for_status,
    asks_yes_no,
)
from deploy.local.bedrock.understudy.asking.subjects import find_subjects
from deploy.local.bedrock.understudy.asking.swallowing import SWALLOWED_BY
from deploy.local.bedrock.understudy.reading import cues, groups
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading
from deploy.local.bedrock.understudy.reading.unrecorded import UNRECORDED_BOOK
from deploy.local.bedrock.understudy.reading.wants import WANTS, Want

_JOINTS = frozenset({"and", "also", "plus", "then", "but", ","})
_STARTERS = frozenset(
    "who whose what which how is are was were does do did has have had when where can could may"
    " show list tell give find compare any".split()
)
_BOOK = PhraseBook(phrase for want in WANTS for phrase in want.phrases)
_WANT_OF = tuple(want for want in WANTS for _ in want.phrases)
MOST_SENTENCES = 30
MOST_JOINTS = 12
NOTHING = "nothing"
_WEAK = frozenset({"about", "identity"})
_NAMED_WANTS = {want.name: want for want in WANTS}
_TIER, _STATUS, _REVIEWS = (_NAMED_WANTS[name] for name in ("tier", "status", "reviews"))
_WHY = "^(and |but )?(why|how come)( (is|was) (that|it|this|so))?( so)?( ,| \\.)?$"
_FACTS_OF_PRODUCTS = frozenset("price stock category description rating".split())
_CLAIMED = {"amount": "order_total", "orders": "order_count"}
_OF_ORDERS = frozenset("orders order_count order_total order_average spent status".split())


@dataclass(frozen=True, slots=True)
class WantedAt:
    """A want and where it was said."""

    want: Want
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One question of a text."""

    reading: Reading
    wants: Sequence[WantedAt]
    subjects: Sequence[Subject]
    pronouns: frozenset[str]
    filters: Filters

    def word_before(self, subject: Subject) -> str:
        """The word before one of its subjects; nothing before one of another part of the text."""
        if subject not in self.subjects or not 0 < subject.first <= len(self.reading.marks):
            return ""
        return self.reading.marks[subject.first - 1].words

    @property
    def says_something(self) -> bool:
        """Whether anything in it was understood."""
        named = self.wants or self.subjects or self.pronouns
        return bool(named or self.filters.narrows() or self.filters.pick)

    @property
    def only_narrows(self) -> bool:
        """Whether it says nothing but how to narrow another question down."""
        return not self.wants and not self.subjects and self.filters.narrows()

    @property
    def yes_no(self) -> bool:
        """Whether it can be answered by yes or no."""
        return asks_yes_no(self.reading)


def find_wants(reading: Reading) -> list[WantedAt]:
    """Every wanted fact, each word counted once, in the order of the text."""
    taken: set[int] = set()
    found: list[WantedAt] = []
    for place in reading.near(_BOOK):
        want = _WANT_OF[place]
        if want.name in _WEAK and any(one.want.name not in (*_WEAK, NOTHING) for one in found):
            continue
        for first, last in reading.find(_BOOK.phrases[place]):
            inside = {at for at in range(first, last + 1) if _carries(reading, at)}
            if not inside & taken:
                taken |= inside
                found.append(WantedAt(want, first, last))
    kept = [one for one in found if one.want.name != NOTHING]
    said_of = list(_predicates(reading, kept))
    if any(one.want.name == "tier" for one in said_of):
        kept = [one for one in kept if one.want.name != "identity"]
    kept += said_of
    names = {one.want.name for one in kept}
    kept = [one for one in kept if not names & SWALLOWED_BY.get(one.want.name, frozenset())]
    return sorted(kept, key=lambda one: one.first)


def _predicates(reading: Reading, found: Sequence[WantedAt]) -> Iterator[WantedAt]:
    """The tier or status that a yes-or-no question asks about without naming such a fact."""
    names = {one.want.name for one in found}
    tier, status = asked_tier(reading), asked_status(reading)
    if tier is not None and "tier" not in names:
        yield WantedAt(_TIER, tier, tier)
    if status is not None and not names & _OF_ORDERS:
        yield WantedAt(_STATUS, status, status)
    elif not names - _WEAK and asks_for_status(reading):
        yield WantedAt(_NAMED_WANTS["orders"], 0, -1)
    elif not names - _WEAK and (claim := claim_of(reading)):
        kinds = {subject.kind for subject in find_subjects(reading)}
        of = "price" if "product" in kinds else _CLAIMED.get(claim.of, "")
        if of and "order" not in kinds:
            yield WantedAt(_NAMED_WANTS[of], 0, -1)


def _carries(reading: Reading, at: int) -> bool:
    mark = reading.marks[at]
    return mark.kind == "word" and mark.known and mark.words not in _EMPTY


_EMPTY = frozenset(
    "the a an of to in on at by for with is are was were do does did has have had his her their he"
    " she they it and or".split()
)


def split(reading: Reading) -> list[Segment]:
    """The questions of a text, in order."""
    segments = [build(part) for sentence in _sentences(reading) for part in _clauses(sentence)]
    return _folded([s for s in segments if s.says_something or _asks_otherwise(s.reading)])


def _asks_otherwise(reading: Reading) -> bool:
    """Whether it asks why, or for what no system records."""
    return reading.has(_WHY) or reading.first_of(UNRECORDED_BOOK) is not None


def _folded(segments: Sequence[Segment]) -> list[Segment]:
    """Parts that only narrow down join the question before them, or else the one after them."""
    kept: list[Segment] = []
    waiting: Filters | None = None
    for segment in segments:
        if kept and (asked := _judged(segment, kept[-1])):
            some = not segment.filters.asked
            filters = replace(kept[-1].filters, asked=asked, asked_any=some)
            kept[-1] = replace(kept[-1], filters=filters)
            continue
        if kept and _asks_why(segment, kept[-1]):
            kept[-1] = replace(kept[-1], wants=[*kept[-1].wants, WantedAt(_REVIEWS, 0, 0)])
            continue
        if (segment.only_narrows or _only_verified(segment)) and len(segments) > 1:
            if kept:
                kept[-1] = replace(kept[-1], filters=over(kept[-1].filters, segment.filters))
            else:
                waiting = segment.filters
            continue
        if waiting is not None:
            segment, waiting = replace(segment, filters=over(waiting, segment.filters)), None
        kept.append(segment)
    return kept or list(segments)


def _only_verified(segment: Segment) -> bool:
    """``Verified purchases only``: which reviews, and no question of its own."""
    wants = {one.want.name for one in segment.wants}
    return segment.filters.verified is not None and wants <= {"review"} and not segment.subjects


def _asks_why(segment: Segment, before: Segment) -> bool:
    """``And why`` after a rating: what the reviewers wrote says it."""
    rated = any(one.want.name == "rating" for one in before.wants)
    return rated and segment.reading.has(_WHY) and not segment.wants


def _judged(segment: Segment, before: Segment) -> str:
    """The status, if it asks nothing but whether orders of the part before it have that one."""
    status = segment.filters.asked or (segment.yes_no and segment.filters.status) or ""
    if segment.subjects or any(one.want.name != "status" for one in segment.wants):
        return ""
    return status if any(one.want.name in _OF_ORDERS for one in before.wants) else ""


def build(reading: Reading) -> Segment:
    """One segment, read."""
    words = {word for mark in reading.marks if mark.kind == "word" for word in mark.words.split()}
    if reading.has(cues.THAT_PERSON):
        words.add("he")
    wants = find_wants(reading)
    if len(wants) > 1 and _has_hanging(reading):
        wants = [one for one in wants if one.want.name != "customers"]
    filters = read_filters(reading)
    if asked_status(reading) is not None:
        filters = replace(filters, asked=filters.status, status="")
    if not filters.unapplied and (unapplied := _not_worked_out(reading, wants)):
        filters = replace(filters, unapplied=unapplied)
    return Segment(
        reading=reading,
        wants=wants,
        subjects=find_subjects(reading),
        pronouns=frozenset(words & set(groups.PRONOUNS)),
        filters=filters,
    )


def _not_worked_out(reading: Reading, wants: Sequence[WantedAt]) -> str:
    """A kind of figure that was asked for and that no want stands for."""
    for first, last in reading.find(cues.NOT_WORKED_OUT):
        if not any(one.first <= first <= one.last for one in wants):
            return reading.text[reading.marks[first].token.start : reading.marks[last].token.end]
    return ""


def _sentences(reading: Reading) -> Iterator[Reading]:
    start = 0
    sentences = 0
    for at, mark in enumerate(reading.marks):
        if mark.kind == "break" and sentences < MOST_SENTENCES:
            sentences += 1
            if at > start:
                yield reading.slice(start, at)
            start = at + 1
    if start < len(reading.marks):
        yield reading.slice(start, len(reading.marks))


def _clauses(sentence: Reading) -> Iterator[Reading]:
    start = joints = 0
    for at, mark in enumerate(sentence.marks):
        if mark.words not in _JOINTS or joints == MOST_JOINTS:
            continue
        joints += 1
        if _separates(sentence, start, at):
            yield sentence.slice(start, at)
            start = at + 1
    yield sentence.slice(start, len(sentence.marks))


def _separates(sentence: Reading, start: int, at: int) -> bool:
    left, right = sentence.slice(start, at), sentence.slice(at + 1, len(sentence.marks))
    left_wants, right_wants = find_wants(left), find_wants(right)
    if _only_whose(right_wants) and all(map(_has_hanging, (left, right))):
        return False
    if not left_wants and find_subjects(left) and right_wants and _starts_question(right):
        return True
    if left_wants and right.has(_WHY):
        return any(one.want.name == "rating" for one in left_wants)
    if left_wants and not right_wants and asks_yes_no(right) and read_filters(right).narrows():
        return True
    if not left_wants or not right_wants:
        return False
    if _starts_question(right):
        return True
    if _lists_facts(left, left_wants[-1], right_wants[0]):
        return False
    return _complete(left) and _complete(right) and bool(find_subjects(right) or _owned(right))


def _lists_facts(left: Reading, before: WantedAt, after: WantedAt) -> bool:
    """Whether ``price`` and ``stock of …`` are two facts of the same thing, named after both."""
    beside = before.last == len(left.marks) - 1 and after.first <= 1
    of_products = {before.want.name, after.want.name} <= _FACTS_OF_PRODUCTS
    return beside and of_products and not find_subjects(left) and not left.has(cues.EVERYBODY)


def _only_whose(wants: Sequence[WantedAt]) -> bool:
    return bool(wants) and all(one.want.name in ("customers", "identity") for one in wants)


def _has_hanging(reading: Reading) -> bool:
    return any(subject.kind in ("order", "review") for subject in find_subjects(reading))


def _starts_question(reading: Reading) -> bool:
    words = [mark.words.split()[0] for mark in reading.marks[:3]]
    lead = [word for word in words if word not in FILLERS]
    return bool(lead) and lead[0] in _STARTERS


def _complete(reading: Reading) -> bool:
    """Whether a part is a question of its own: it names its subject, or asks about everybody."""
    if find_subjects(reading) or _owned(reading):
        return True
    about_all = _starts_question(reading) or read_filters(reading).narrows()
    return about_all and any(wanted.want.group for wanted in find_wants(reading))


def _owned(reading: Reading) -> bool:
    return reading.has("|".join(groups.PRONOUNS))
