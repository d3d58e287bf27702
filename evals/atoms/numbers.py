"""Reads plain numbers, stars, and counting words before what the desk's data counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from evals.atoms.atom import Atom

_NUMBER = re.compile(
    r"(?<![\w])(?:"
    r"(?:\d{1,3}(?:\.\d{3})+|\d+),\d{2}(?![\d,])"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d+(?:\.\d+)?"
    r")(?!\w)"
)
_EUROPEAN = re.compile(r"[\d.]+,\d{2}")
_STARS = re.compile(r"[★⭐]+[☆✩]*|(?<=\s)[☆✩]+")

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_SMALL)}
_WORDS |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
_WORDS |= {
    f"{ten}-{word}": 10 * tens + ones
    for tens, ten in enumerate(_TENS, 2)
    for ones, word in enumerate(_SMALL[1:10], 1)
}
_WORDS |= {"dozen": 12, "hundred": 100, "thousand": 1000}
COUNTED = (
    "accounts cases categories customers days discrepancies differences dollars emails e-mails"
    " entries euros hits holders hours items matches minutes months notes orders people persons"
    " phones pieces products profiles purchases ratings records results reviews rows serials stars"
    " tickets times units users warranties weeks years"
).split()
# What the desk's own records are: a number of them is a count and nothing else.
THINGS = frozenset(
    "accounts cases categories customers discrepancies differences entries hits holders items"
    " matches orders people persons products profiles purchases ratings records results reviews"
    " rows serials tickets users warranties".split()
)
_SINGULAR = {"people": "person", "discrepancies": "discrepancy", "matches": "match"}


def _one_of(noun: str) -> str:
    if noun in _SINGULAR:
        return _SINGULAR[noun]
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


_NOUNS = {noun: noun for noun in COUNTED} | {_one_of(noun): noun for noun in COUNTED}
_NOT_BETWEEN = "|".join(
    "a an and are as at by for from has have if in is no not of on or that the to with".split()
)
_FIGURES = "|".join(sorted(_WORDS, key=len, reverse=True))
# A line may break between a number and its noun; a list's next item is not behind it.
_GAP = r"(?:[ \t]+\n?[ \t]*|\n)"
_NOUN = (
    rf"(?:(?!(?:{_NOT_BETWEEN})\b)[a-z][a-z'-]*{_GAP}){{0,2}}?"
    rf"(?P<noun>{'|'.join(sorted(_NOUNS, key=len, reverse=True))})\b"
)
_COUNTED = re.compile(
    rf"(?<![\w-])(?P<word>{_FIGURES})(?P<hundred>\s+hundred)?(?=(?:{_GAP}|-){_NOUN})", re.IGNORECASE
)
_BEHIND = re.compile(rf"(?:{_GAP}|-){_NOUN}|[ \t-]*(?P<next>%|[a-z][a-z'-]*)", re.IGNORECASE)
# "the address of one customer" counts nothing, "one open order" does.
_GENERIC = re.compile(r"\b(?:of|by|to|for|per|from|than|about|no|any|every|which) $", re.IGNORECASE)


def numbers(text: str) -> Iterator[Atom]:
    """Figures as decimals, with the word behind; digits that begin with 0 stay digits."""
    for found in _NUMBER.finditer(text):
        figure, word = found[0], _unit(text, found.end())
        if len(figure) > 1 and figure[0] == "0" and figure.isdecimal():
            yield Atom("digits", figure, figure, *found.span(), word)
            continue
        yield Atom("number", _decimal(figure), figure, *found.span(), word)


def stars(text: str) -> Iterator[Atom]:
    """Stars that are drawn, as their number."""
    for found in _STARS.finditer(text):
        count = sum(sign in "★⭐" for sign in found[0])
        yield Atom("number", Decimal(count), found[0], *found.span(), "stars")


def counted_words(text: str) -> Iterator[Atom]:
    """``three pending orders`` as 3; words before anything else are left alone."""
    for found in _COUNTED.finditer(text):
        if found["word"].casefold() == "one" and _GENERIC.search(text[: found.start()]):
            continue
        count = _WORDS[found["word"].casefold()] * (100 if found["hundred"] else 1)
        noun = _NOUNS[found["noun"].casefold()]
        yield Atom("number", Decimal(count), found[0], *found.span(), noun)


def _unit(text: str, place: int) -> str:
    """What is counted, in the plural, or else the next word."""
    behind = _BEHIND.match(text, place)
    if behind is None:
        return ""
    noun = behind["noun"]
    return _NOUNS[noun.casefold()] if noun else behind["next"].casefold()


def _decimal(figure: str) -> Decimal:
    if _EUROPEAN.fullmatch(figure):
        figure = figure.replace(".", "").replace(",", ".")
    return Decimal(figure.replace(",", ""))
