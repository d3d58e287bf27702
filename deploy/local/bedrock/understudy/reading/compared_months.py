"""Writes out short names of months that are words or names too, where two months are compared."""

from __future__ import annotations

import re

from deploy.local.bedrock.understudy.reading.calendar_days import MONTHS

_SHORT = {"jan": "january", "mar": "march", "jun": "june", "sep": "september"}
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_OF_THEM = r"(?: (?:look|looks|looking|go|do|orders?|sales|revenue|turnover|numbers|figures)){0,2}"
_AGAINST = rf"(?: \d{{4}})?{_OF_THEM} (?:vs\.?|versus|v|against|or|than|compared (?:to|with)) "
_NAME = rf"(?P<name>{'|'.join(_SHORT)})"
_COMPARED = (
    rf"(?P<lead>\b{_MONTH}{_AGAINST}){_NAME}(?!\w)",
    rf"(?P<lead>\b){_NAME}(?={_AGAINST}{_MONTH}(?!\w))",
)
_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _COMPARED)


def with_months(text: str) -> str:
    """The text with ``feb vs jan`` as ``feb vs january``: alone, Jan may be a person."""
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: found["lead"] + _SHORT[found["name"].lower()], text)
    return text
