"""Cuts the outcome line, with which the model ends its answer, off the streamed text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from agent.turns import Outcome

_OPEN = "<outcome"
_LINE = re.compile(r"<outcome>\s*(\w+)\s*</outcome>", re.IGNORECASE)


def _beginnings(signs: Sequence[str]) -> str:
    """A pattern of all that a text which is made of these signs can begin with."""
    pattern = ""
    for sign in reversed(signs):
        pattern = f"(?:{sign}{pattern})?"
    return pattern


_BEGUN = re.compile(
    "<" + _beginnings([*"outcome>", r"\s*", r"\w*", r"\s*", *"</outcome>"]) + r"\Z", re.IGNORECASE
)


class OutcomeFilter:
    """Passes text through and holds back whatever may be the beginning of the outcome line."""

    def __init__(self) -> None:
        self._held = ""
        self.outcome: Outcome | None = None

    def feed(self, text: str) -> str:
        """The part of the text so far that can be shown now."""
        self._held += text
        self._take_outcome()
        begun = _BEGUN.search(self._held)
        start = begun.start() if begun else len(self._held)
        kept = len(self._held[:start].rstrip())
        shown, self._held = self._held[:kept], self._held[kept:]
        return shown

    def finish(self) -> str:
        """What was held back and turned out to be no outcome line."""
        self._take_outcome()
        begun = _BEGUN.search(self._held)
        half = begun is not None and len(begun[0]) >= len(_OPEN)
        rest = _BEGUN.sub("", self._held) if half else self._held
        self._held = ""
        return rest.rstrip()

    def _take_outcome(self) -> None:
        if match := _LINE.search(self._held):
            self.outcome = next(
                (name for name in get_args(Outcome) if name == match[1].lower()), None
            )
            self._held = self._held[: match.start()] + self._held[match.end() :]
