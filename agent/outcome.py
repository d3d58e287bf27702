"""Cuts the outcome line, with which the model ends its answer, off the streamed text."""

from __future__ import annotations

import re
from typing import get_args

from agent.turns import Outcome

_OPEN = "<outcome"
_LINE = re.compile(r"<outcome>\s*(\w+)\s*</outcome>", re.IGNORECASE)


class OutcomeFilter:
    """Passes text through and holds back whatever may be the beginning of the outcome line."""

    def __init__(self) -> None:
        self._held = ""
        self.outcome: Outcome | None = None

    def feed(self, text: str) -> str:
        """The part of the text so far that can be shown now."""
        self._held += text
        self._take_outcome()
        start = self._held.lower().find(_OPEN)
        if start < 0:
            start = len(self._held) - _beginning_of_tag(self._held)
        kept = len(self._held[:start].rstrip())
        shown, self._held = self._held[:kept], self._held[kept:]
        return shown

    def finish(self) -> str:
        """What was held back and turned out to be no outcome line."""
        self._take_outcome()
        cut = self._held.lower().find(_OPEN)
        rest = self._held if cut < 0 else self._held[:cut]
        self._held = ""
        return rest.rstrip()

    def _take_outcome(self) -> None:
        if match := _LINE.search(self._held):
            self.outcome = next(
                (name for name in get_args(Outcome) if name == match[1].lower()), None
            )
            self._held = self._held[: match.start()] + self._held[match.end() :]


def _beginning_of_tag(text: str) -> int:
    """How many last characters of the text may begin an outcome line."""
    lowered = text.lower()
    for length in range(min(len(_OPEN), len(text)), 0, -1):
        if lowered.endswith(_OPEN[:length]):
            return length
    return 0
