"""The common words of English: in lower case, where no name is expected, they name nobody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("common_words.txt")


@cache
def common_words() -> frozenset[str]:
    """Every word of the list; its head says where the words come from."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
