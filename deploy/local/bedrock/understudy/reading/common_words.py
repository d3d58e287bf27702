"""Lists of words: common ones of English, which name nobody, and names, which are no mistakes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def common_words() -> frozenset[str]:
    """Every common word; the head of the list says where the words come from."""
    return _listed("common_words.txt")


@cache
def common_names() -> frozenset[str]:
    """Every frequent name that is no common word."""
    return _listed("common_names.txt")


def _listed(name: str) -> frozenset[str]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
