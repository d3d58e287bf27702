"""Keeps stored data from acting on a terminal: what it would obey is made visible instead."""

from __future__ import annotations

import re

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style

_LINE_ENDS = re.compile("\r\n|\u2028|\u2029|\u0085")
_CONTROLS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"} | {
    0x7F: 0x2421
}
# C1 controls, direction overrides, invisible separators, tag characters, lone surrogates. The two
# joiners and the direction marks stay: emoji and several scripts are wrong without them.
_HIDDEN = re.compile(
    "[\u0080-\u009f\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]+"
)


def neutral(text: str) -> str:
    """The text with nothing in it that a terminal would obey or that a reader could not see.

    Line breaks and tabs stay; a control character becomes its picture (``␛`` for escape), a run of
    hidden characters becomes one ``�``.
    """
    return _HIDDEN.sub("\ufffd", _LINE_ENDS.sub("\n", text).translate(_CONTROLS))


def one_line(text: str, limit: int) -> str:
    """The neutral text on one line, cut to ``limit`` characters with an ellipsis."""
    flat = " ".join(neutral(text).split())
    return flat if len(flat) <= limit else flat[: max(limit - 1, 0)] + "…"


class Neutral:
    """Wraps a renderable so that nothing drawn from data can act: the last net before the terminal.

    Markdown decodes character references, so text that was neutral before rendering need not be
    neutral after it; live links would carry data out with one click.
    """

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields the lines without control characters, links and padding."""
        lines = [
            _without_padding([part for part in line if not part.control])
            for line in Segment.split_lines(console.render(self._renderable, options))
        ]
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        for line in lines:
            yield from (Segment(neutral(part.text), _without_link(part.style)) for part in line)
            yield Segment.line()


def _without_padding(line: list[Segment]) -> list[Segment]:
    """The line without blanks at its end: they are copied along, and wrap in a narrower window."""
    while line and not line[-1].text.strip() and not (line[-1].style and line[-1].style.bgcolor):
        line = line[:-1]
    if line and not (line[-1].style and line[-1].style.bgcolor):
        line = [*line[:-1], Segment(line[-1].text.rstrip(), line[-1].style)]
    return line


def _without_link(style: Style | None) -> Style | None:
    return style.update_link(None) if style and style.link else style
