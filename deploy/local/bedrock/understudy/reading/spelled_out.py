"""Leaves out how a code is spelled on the phone: ``…1B2C, C as in Charlie``."""

from __future__ import annotations

import re

_CODE = re.compile(r"(?<!\w)(?=[\w-]*\d)(?=[\w-]*[a-z])[a-z\d][a-z\d-]{3,}(?!\w)", re.IGNORECASE)
_SPELLED = re.compile(
    r"(?:(?<=\w)|[\s,;:(–-]+)(?:with (?:an? )?|and |that'?s |the last (?:one|letter) is )?"
    r"(?<!\w)(?P<letter>[a-z\d]) (?:as in|like in|like|for) [\"'“]?[a-z]+[\"'”]?\)?(?!\w)",
    re.IGNORECASE,
)


def without_spelling(text: str) -> str:
    """The text without the words that only spell a letter of a code said before them."""

    def dropped(found: re.Match[str]) -> str:
        said = found["letter"].casefold()
        codes = _CODE.findall(text[: found.start() + 1])
        return "" if any(said in code.casefold() for code in codes) else found.group()

    return _SPELLED.sub(dropped, text) if _CODE.search(text) else text
