"""Finds facts in an answer, whatever its Markdown, its thousands separators or its dates."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",),
            ("june", "jun"), ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"),
            ("october", "oct"), ("november", "nov"), ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\.?,? (\d{{4}})\b")
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARKS = str.maketrans(
    {"*": None, "`": None, "’": "'", "‘": "'", "“": '"', "”": '"'} | dict.fromkeys("–—‐−", "-")
)


def plain(text: str) -> str:
    """The text in one spelling: no Markdown, one kind of space, dates as ISO, small letters."""
    folded = unicodedata.normalize("NFKC", text).translate(_MARKS).casefold()
    spaced = " ".join(folded.split())
    dated = _DAY_FIRST.sub(lambda m: _iso(m[3], m[2], m[1]), spaced)
    dated = _MONTH_FIRST.sub(lambda m: _iso(m[3], m[1], m[2]), dated)
    return _THOUSANDS.sub("", dated)


def says(answer: str, fact: str) -> bool:
    """Whether the answer holds the fact as a whole: ``25`` is not in ``250`` nor in ``2.25``."""
    return _whole(plain(fact)).search(plain(answer)) is not None


@cache
def _whole(fact: str) -> re.Pattern[str]:
    before = r"(?<!\w)(?<!\d[.,])" if fact[:1].isalnum() else ""
    after = r"(?!\w)(?![.,]\d)" if fact[-1:].isalnum() else ""
    return re.compile(before + re.escape(fact) + after)


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{MONTHS[month]:02d}-{int(day):02d}"
