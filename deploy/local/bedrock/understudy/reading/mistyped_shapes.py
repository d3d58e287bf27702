"""Mends a mistyped word before a number, so that ``ordr 2`` has the shape of an order."""

from __future__ import annotations

import re

from deploy.local.bedrock.understudy.reading.groups import NUMBER_WORDS
from deploy.local.bedrock.understudy.reading.keywords import KNOWN
from deploy.local.bedrock.understudy.reading.plain_words import SHORT_FORMS
from deploy.local.bedrock.understudy.reading.spelling_mistakes import keyword_for

_NUMBERED = frozenset("order orders customer customers product products review reviews".split())
# These have the shape of an id as they are.
_SHAPED = frozenset("cust custs prod prods ord ords rev client clients item items".split())
_BEFORE_NUMBER = re.compile(
    r"(?<![\w@.'-])(?P<word>[a-z]{3,11})(?=(?:\s+(?:no\.?|nr\.?|num|numbers?|ids?))?\s*[#:]?\s*\d)",
    re.IGNORECASE,
)


_MARKUP = re.compile(r"</?[a-z][^<>\n]{0,80}>|\(?\bhttps?://[^\s)]+\)?", re.IGNORECASE)
_EMAIL = re.compile(r"\be-(?=mails?\b)", re.IGNORECASE)
_THAN = re.compile(r"(?<=\b(?:less|more) )then\b|(?<=\bfewer )then\b", re.IGNORECASE)
# ``Order five's status``; ``order two mugs`` asks for something else.
_SPELT_NUMBER = re.compile(
    rf"\b(?P<of>order|product|item)\s+(?:number\s+|no\.?\s+)?(?P<number>{'|'.join(NUMBER_WORDS)})\b"
    r"(?:['’`´ʼ]s\b)?(?=\s*(?:$|[?.,!;:])|\s+(?:status|is|was|total|belong|and|again|please)\b"
    r"|\s+(?:price|stock|shipped|pending|from|by)\b)",
    re.IGNORECASE,
)
# ``LAPTOP 001 A1B2C``: a serial as it is read out, in pieces.
_SERIAL_IN_PIECES = re.compile(
    r"\b(?!(?:order|ord|customer|cust|product|prod|item|review|rev|number|no|serial|sn|zip|over|under"
    r"|from|since|the|and|in|of|is|for|has|by|to|or|on|at|with)\b)"
    r"[a-z]{3,10}[ .](?=\d)\d{2,5}[ .](?=[a-z0-9]*[a-z])(?=[a-z]*\d)[a-z0-9]{4,8}\b",
    re.IGNORECASE,
)
# ``Did it ship`` asks what ``is it shipped`` does.
_DID_SHIP = re.compile(
    r"\bdid ((?:it|that|they|this|(?:his|her|their|the) orders?|order \d+))"
    r" (?:already |ever |even )?(?:ship|go out|get shipped|get sent)\b",
    re.IGNORECASE,
)
_OWN_OF_NUMBER = re.compile(r"(?<=\d)['’`´ʼ]s\b", re.IGNORECASE)


def without_markup(text: str) -> str:
    """The text without tags and addresses of pages, which ask nothing."""
    return _MARKUP.sub(" ", text)


def with_shapes_mended(text: str) -> str:
    """The text with ``order``, ``customer``, ``product`` and ``review`` spelt as their ids need."""
    text = _THAN.sub("than", text)
    text = _DID_SHIP.sub(r"is \1 shipped", text)
    text = _SERIAL_IN_PIECES.sub(lambda said: re.sub("[ .]", "", said[0]), text)
    text = _OWN_OF_NUMBER.sub("", _EMAIL.sub("e", text))
    text = _SPELT_NUMBER.sub(_in_digits, text)
    return _BEFORE_NUMBER.sub(_mended, text)


def _in_digits(found: re.Match[str]) -> str:
    return f"{found['of']} {NUMBER_WORDS[found['number'].lower()]}"


def _mended(found: re.Match[str]) -> str:
    said = found["word"]
    word = said.lower()
    if word in _NUMBERED or word in _SHAPED:
        return said
    if SHORT_FORMS.get(word) in _NUMBERED:
        return SHORT_FORMS[word]
    if word in KNOWN or said[0].isupper() and found.start():
        return said
    return keyword_for(word, _NUMBERED) or said
