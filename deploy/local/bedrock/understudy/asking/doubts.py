"""Common words that may name a product: kept where one can be meant, with what holds otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Subject
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading
from deploy.local.bedrock.understudy.reading.unrecorded import UNRECORDED

_OF_PRODUCTS = frozenset(
    "warranties holder superlative_product superlative_stock product_count average_price"
    " average_stock products".split()
)
_BOOK = PhraseBook(
    phrase
    for kind in UNRECORDED
    if kind.name in ("buyers", "storage", "product_facts")
    for phrase in kind.phrases
)
# A text of nothing but these and a noun names that noun.
_SHORT = frozenset(
    "a an the and or what how about our please ok so now then for also is are there hi hello hey"
    " compare with vs versus to between difference . , of no not mean meant i sorry list all every"
    " show me give any which find search see us do does we have got you in under one ones just"
    " only".split()
)


def without_idle(segments: Sequence[Segment], reading: Reading) -> list[Segment]:
    """The segments without common words that no fact of a product is asked of."""
    if not any(subject.doubtful for segment in segments for subject in segment.subjects):
        return list(segments)
    products = any(map(_of_products, segments))
    alone = not any(segment.wants for segment in segments) and _is_short(reading)
    return [
        segment
        if _of_products(segment) or (alone or (products and not segment.wants))
        else replace(segment, subjects=[s for s in segment.subjects if not s.doubtful])
        for segment in segments
    ]


def sure_alone(segment: Segment, doubted: Sequence[Subject]) -> Segment:
    """The segment without those of its subjects that are doubted and may be none."""
    said = {subject.value for subject in doubted}
    kept = [s for s in segment.subjects if not (s.loose and s.value in said)]
    return segment if len(kept) == len(segment.subjects) else replace(segment, subjects=kept)


def _of_products(segment: Segment) -> bool:
    asked = any("product" in one.want.of or one.want.name in _OF_PRODUCTS for one in segment.wants)
    return asked or segment.reading.first_of(_BOOK) is not None


def _is_short(reading: Reading) -> bool:
    """Whether nothing is said beside what is named."""
    return all(
        not mark.known or set(mark.words.split()) <= _SHORT or mark.kind != "word"
        for mark in reading.marks
    )
