"""Names that are words or months, and names with the last one first, read as one token."""

from __future__ import annotations

import re
from collections.abc import Sequence

from deploy.local.bedrock.understudy.reading.keywords import FACT_WORDS, KNOWN
from deploy.local.bedrock.understudy.reading.tokens import Token
from tools import spelling

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][a-zß-öø-ÿ]+(?:-[^\W\d_]+)?"
# Behind one of these stands a name, whatever its words mean otherwise.
_CUE = (
    r"(?i:\b(?:customer|caller|named|called|mrs?\.?|ms\.?|miss|dr\.?|next one(?: is)?|next is|next"
    r"|name is|(?:on the |other )?line(?: is)?)[,:]? )"
)
_WORDS = re.compile(
    rf"{_CUE}(?P<name>(?P<first>{_CAPITAL}) (?P<last>{_CAPITAL}))(?!\w|[ -]?[A-Z0-9])"
)
_REVERSED = re.compile(
    rf"(?:^|(?<=[.?!;\n])|{_CUE}|(?i:\b(?:for|of|on|is) ))\s*"
    rf"(?P<name>(?P<last>{_CAPITAL}), (?P<first>{_CAPITAL}))(?!\w)"
    rf"(?!,? (?:and|or|&) [A-Z]|, [A-Z])"
)


def with_full_names(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The tokens, with each of these names in one."""
    found: list[Token] = []
    for match in _WORDS.finditer(text):
        words = {spelling.name(match["first"]), spelling.name(match["last"])}
        if words & KNOWN and not words <= FACT_WORDS:
            found.append(_token(match, match["name"]))
    for match in _REVERSED.finditer(text):
        if not {spelling.name(match["first"]), spelling.name(match["last"])} & KNOWN:
            found.append(_token(match, f"{match['first']} {match['last']}"))
    kept = [t for t in tokens if not any(n.start <= t.start < n.end for n in found)]
    return sorted((*kept, *found), key=lambda token: token.start)


def _token(match: re.Match[str], value: str) -> Token:
    start, end = match.span("name")
    return Token("fullname", match["name"], start, end, value)
