"""A text as marks: words with typing mistakes mended, placeholders for what has a shape."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from deploy.local.bedrock.understudy.reading.common_words import common_names
from deploy.local.bedrock.understudy.reading.compared_months import with_months
from deploy.local.bedrock.understudy.reading.full_names import with_full_names
from deploy.local.bedrock.understudy.reading.keywords import KEYWORDS, KNOWN
from deploy.local.bedrock.understudy.reading.marks import Mark
from deploy.local.bedrock.understudy.reading.mistyped_shapes import (
    with_shapes_mended,
    without_markup,
)
from deploy.local.bedrock.understudy.reading.naming import settled
from deploy.local.bedrock.understudy.reading.periods import Period, find_periods
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook, compiled, may_stand_in
from deploy.local.bedrock.understudy.reading.plain_words import SHORT_FORMS
from deploy.local.bedrock.understudy.reading.spelled_out import without_spelling
from deploy.local.bedrock.understudy.reading.spelling_mistakes import keyword_for
from deploy.local.bedrock.understudy.reading.then_for_than import with_than
from deploy.local.bedrock.understudy.reading.tokens import Token, clean, read_tokens

MOST_MARKS = 300
_PERIOD_KINDS = frozenset({"day", "month", "number", "word", "comma", "break", "login"})
_NAMED = frozenset({"quoted", "login", "fullname"})
_PLACEHOLDERS = {
    "customer": "<customer>", "badcustomer": "<customer>", "review": "<review>",
    "bademail": "<customer>",
    "serial": "<serial>", "order": "<order>", "hash": "<order>", "badorder": "<order>",
    "product": "<product>",
    "email": "<email>", "money": "<money>", "phone": "<phone>", "number": "<number>",
    "quoted": "<name>",
    "fullname": "<name>", "login": "<name>", "break": ".", "comma": ",", "day": "<day>",
    "month": "<day>",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """The words of all marks in one line, and where each mark begins in it."""

    text: str
    starts: Sequence[int]
    words: frozenset[str]

    def mark_at(self, offset: int) -> int:
        """The mark that a place in the line belongs to."""
        return bisect_right(self.starts, offset) - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole text, marked, with the periods it speaks of.

    ``outline`` is the line with ``<name>`` in place of every word that is not known.
    """

    text: str
    marks: Sequence[Mark]
    spoken: Line
    outline: Line
    periods: Sequence[Period]

    @property
    def line(self) -> str:
        """The words of all marks."""
        return self.spoken.text

    def find(self, phrase: str) -> Iterator[tuple[int, int]]:
        """First and last mark of every place where a phrase stands."""
        line = self.outline if "<name>" in phrase else self.spoken
        if not may_stand_in(phrase, line.words):
            return
        for match in compiled(phrase).finditer(line.text):
            said = match.group()
            if said.strip():
                start = match.start() + len(said) - len(said.lstrip())
                yield line.mark_at(start), line.mark_at(match.start() + len(said.rstrip()) - 1)

    def has(self, phrase: str) -> bool:
        """Whether a phrase stands anywhere."""
        line = self.outline if "<name>" in phrase else self.spoken
        return may_stand_in(phrase, line.words) and compiled(phrase).search(line.text) is not None

    def places(self, book: PhraseBook) -> Iterator[tuple[str, int, int]]:
        """Every place of each of the book's phrases, phrase after phrase."""
        for at in self.near(book):
            phrase = book.phrases[at]
            for first, last in self.find(phrase):
                yield phrase, first, last

    def near(self, book: PhraseBook) -> list[int]:
        """The places of the book's phrases that may stand here."""
        return book.near(self.spoken.words | self.outline.words)

    def first_of(self, book: PhraseBook) -> int | None:
        """The place of the book's first phrase that stands here."""
        return next((at for at in self.near(book) if self.has(book.phrases[at])), None)

    def slice(self, first: int, last: int) -> Reading:
        """The same reading, narrowed to some of its marks."""
        return _reading(self.text, self.marks[first:last], self.periods)

    def without(self, first: int, last: int) -> Reading:
        """The same reading without some of its marks."""
        return _reading(self.text, [*self.marks[:first], *self.marks[last + 1 :]], self.periods)

    def joined(self, other: Reading) -> Reading:
        """The marks of this reading with those of another one of the same text after them."""
        return _reading(self.text, [*self.marks, *other.marks], self.periods)


def read(text: str, today: date) -> Reading:
    """Marks a rep's text."""
    cleaned = with_than(without_spelling(without_markup(clean(text))))
    cleaned = with_months(with_shapes_mended(cleaned))
    tokens = with_full_names(cleaned, read_tokens(cleaned))
    periods = find_periods(_only_words(cleaned, tokens), today)
    kept = [t for t in tokens if not any(p.start <= t.start < p.end for p in periods)]
    kept += [Token("period", cleaned[p.start : p.end], p.start, p.end, "") for p in periods]
    kept.sort(key=lambda token: token.start)
    kept = _both_ends(kept)
    marks = settled([_mark(token, kept, at) for at, token in enumerate(kept)])
    return _reading(cleaned, marks, periods)


def _both_ends(tokens: list[Token]) -> list[Token]:
    """The tokens, without those in the middle when there are too many."""
    if len(tokens) <= MOST_MARKS:
        return tokens
    half = MOST_MARKS // 2
    between = Token("break", "\n", tokens[half].start, tokens[half].start + 1, "")
    return [*tokens[:half], between, *tokens[-half:]]


def _reading(text: str, marks: Sequence[Mark], periods: Sequence[Period]) -> Reading:
    spoken = _line([mark.words for mark in marks])
    outline = _line([mark.words if mark.known else "<name>" for mark in marks])
    return Reading(text=text, marks=marks, spoken=spoken, outline=outline, periods=periods)


def _line(words: Sequence[str]) -> Line:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    text = " ".join(words)
    return Line(text=text, starts=starts, words=frozenset(text.split()))


def _only_words(text: str, tokens: Sequence[Token]) -> str:
    """The text in lower case, blank where something other than words, days and numbers stands."""
    characters = [" "] * len(text)
    for token in tokens:
        if token.kind in _PERIOD_KINDS:
            lowered = token.text.lower()
            if len(lowered) == len(token.text):
                characters[token.start : token.end] = lowered
    return "".join(characters)


def _mark(token: Token, tokens: Sequence[Token], at: int) -> Mark:
    if token.kind == "period":
        return Mark(token, "<period>", known=True)
    if token.kind != "word":
        return Mark(token, _PLACEHOLDERS[token.kind], known=token.kind not in _NAMED)
    return _word(token, first=at == 0 or tokens[at - 1].kind == "break")


def _word(token: Token, *, first: bool) -> Mark:
    said = token.value
    if written := SHORT_FORMS.get(said + "'s" if token.owner else said) or SHORT_FORMS.get(said):
        return Mark(token, written, known=True)
    if said in KNOWN:
        return Mark(token, said, known=True)
    shouted = token.text.isupper() and len(token.text) > 1
    named = said in common_names()
    if not token.owner and not named and (first or shouted or not token.is_name_like):
        mended = keyword_for(said, KEYWORDS)
        if mended:
            return Mark(token, mended, known=True)
    return Mark(token, said, known=False)
