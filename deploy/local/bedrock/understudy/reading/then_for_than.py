"""Reads ``less then 60`` as it is meant: two words that are often taken for each other."""

from __future__ import annotations

import re

_COMPARED = (
    "less|more|fewer|lower|higher|greater|bigger|larger|smaller|cheaper|dearer|older|newer|better"
    "|worse|longer|earlier|later|other|rather"
)
_THEN = re.compile(rf"\b({_COMPARED}) then(?= (?:[$€£#]? ?\d|a |an |the |<))", re.IGNORECASE)


def with_than(text: str) -> str:
    """The text with ``than`` where something is compared."""
    return _THEN.sub(r"\1 than", text)
