"""An answer's text in pieces that each say one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from evals.atoms.atom import same_length

_QUOTED = re.compile(r"\"[^\"\n]{2,}\"")
_BLOCK = re.compile(r"\n\s*\n")
_STOP = re.compile(r"(?<=[.!?])[\"')\s]*\s+(?=\S)|\n")
_TURN = re.compile(
    r"\s*(?:;|,?\s+\b(?:but|however|although|though|yet|instead)\b)\s*", re.IGNORECASE
)
_BLANKS = re.compile(r"[ \t]+")


def paragraphs(text: str) -> list[str]:
    """Blocks between blank lines; a heading stays with the list behind it."""
    blocks = [block for block in _BLOCK.split(same_length(text)) if block.strip()]
    joined: list[str] = []
    for block in blocks:
        if joined and joined[-1].rstrip().endswith(":"):
            joined[-1] += "\n" + block
        else:
            joined.append(block)
    return joined


def sentences(text: str) -> Iterator[str]:
    """Sentences and lines, with single blanks."""
    for piece in _STOP.split(same_length(text)):
        line = _BLANKS.sub(" ", piece).strip()
        if line:
            yield line


def clauses(text: str) -> Iterator[str]:
    """Sentences, cut where they turn: "I cannot do that, but …"."""
    for sentence in sentences(text):
        yield from filter(None, _TURN.split(sentence))


def without_quotes(text: str, sources: Iterable[str]) -> str:
    """The text without what stands between quotes and is in a source word for word."""
    known = folded(" ".join(sources))
    plain = same_length(text)
    return _QUOTED.sub(lambda quote: '""' if _is_in(quote[0], known) else quote[0], plain)


def folded(text: str) -> str:
    """Small letters, single blanks, no marks: to look for a quote."""
    return " ".join(same_length(text).casefold().replace("\\", "").split())


def _is_in(quote: str, known: str) -> bool:
    words = folded(quote.strip('"')).rstrip("….")
    return bool(words) and words in known
