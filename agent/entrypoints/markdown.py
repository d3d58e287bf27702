"""Draws an answer's Markdown in a terminal, block by block as it arrives."""

from __future__ import annotations

import re
from typing import ClassVar, TextIO

from markdown_it import MarkdownIt
from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import (
    Heading,
    Markdown,
    MarkdownElement,
    TableElement,
)
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from agent.entrypoints.plain_text import Neutral, neutral

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r" {0,3}([-*+]|\d{1,9}[.)])(\s|$)")
_NUMBER = re.compile(r"[-+]?[$€£]?\d[\d,]*(\.\d+)?\s?%?")
_THEME = Theme(
    {
        "markdown.code": "cyan",
        "markdown.item.bullet": "dim",
        "markdown.item.number": "dim",
        **{f"markdown.h{level}": "bold" for level in range(1, 7)},
    }
)
_HEADING = re.compile(r" {0,3}#{1,6}\s")


class BlockSplitter:
    """Cuts streamed Markdown into finished blocks, so that each is drawn once and for good."""

    def __init__(self) -> None:
        self._partial = ""
        self._lines: list[str] = []
        self._fence: str | None = None
        self._in_list = False
        self._blank_seen = False

    @property
    def rest(self) -> str:
        """The block that is still growing."""
        return "\n".join([*self._lines, self._partial])

    def feed(self, text: str) -> list[str]:
        """Takes more text and returns the blocks that it finished."""
        *lines, self._partial = (self._partial + text).split("\n")
        return [block for line in lines for block in self._take(line)]

    def finish(self) -> list[str]:
        """What is left when the text has ended."""
        blocks = [*self._take(self._partial), *self._close()]
        self._partial = ""
        return blocks

    def _take(self, line: str) -> list[str]:
        if self._fence is not None:
            return self._take_code(line, self._fence)
        if not line.strip():
            return self._take_blank()
        return self._take_text(line)

    def _take_code(self, line: str, fence: str) -> list[str]:
        self._lines.append(line)
        mark = line.strip()
        if not (mark.startswith(fence) and mark.strip(fence[0]) == ""):
            return []
        self._fence = None
        return [] if self._in_list else self._close()

    def _take_blank(self) -> list[str]:
        # Items of a list may stand apart: whether it goes on is known from the next line only.
        if not self._in_list:
            return self._close()
        self._blank_seen = True
        self._lines.append("")
        return []

    def _take_text(self, line: str) -> list[str]:
        item = _LIST_ITEM.match(line)
        opened = _FENCE.match(line)
        heading = _HEADING.match(line)
        goes_on = bool(item) or line[0] in " \t"
        blocks: list[str] = []
        if self._in_list:
            if self._blank_seen and not goes_on:
                blocks = self._close()
        elif heading or opened:
            blocks = self._close()
        self._lines.append(line)
        self._blank_seen = False
        self._in_list = self._in_list or bool(item)
        if opened:
            self._fence = opened[1]
        elif heading and not self._in_list:
            blocks += self._close()
        return blocks

    def _close(self) -> list[str]:
        block = "\n".join(self._lines).strip("\n")
        self._lines, self._in_list, self._blank_seen, self._fence = [], False, False, None
        return [block] if block.strip() else []


class _PlainHeading(Heading):
    """A heading at the left margin, bold, without the box that Rich draws."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields the heading's text."""
        self.text.justify = "left"
        yield self.text


class _AnswerTable(TableElement):
    """A table with figures at the right; where columns would not fit, one field a line."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields a table or, on a narrow terminal, records."""
        heads = (
            [cell.content for cell in self.header.row.cells]
            if self.header and self.header.row
            else []
        )
        rows = [[cell.content for cell in row.cells] for row in self.body.rows] if self.body else []
        if _needed_width(heads, rows) > options.max_width:
            yield from _records(heads, rows)
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
        for index, head in enumerate(heads):
            cells = [row[index].plain for row in rows if index < len(row)]
            figures = bool(cells) and all(
                _NUMBER.fullmatch(cell.strip()) for cell in cells if cell.strip()
            )
            table.add_column(head, justify="right" if figures else "left", no_wrap=figures)
        for row in rows:
            table.add_row(*(_unjustified(cell) for cell in row))
        yield table


def _needed_width(heads: list[Text], rows: list[list[Text]]) -> int:
    """The width below which a table's cells would break inside words."""
    width = 0
    for index, head in enumerate(heads):
        cells = [head, *(row[index] for row in rows if index < len(row))]
        width += (
            max(max((len(word) for word in cell.plain.split()), default=1) for cell in cells) + 2
        )
    return width


def _unjustified(cell: Text) -> Text:
    """A copy that takes its column's alignment: Markdown's own would win over it."""
    copy = cell.copy()
    copy.justify = None
    return copy


def _records(heads: list[Text], rows: list[list[Text]]) -> RenderResult:
    for number, row in enumerate(rows):
        if number:
            yield Text("")
        for head, cell in zip(heads, row, strict=False):
            yield Text.assemble((f"{head.plain}: ", "bold"), cell)


class AnswerMarkdown(Markdown):
    """Markdown of an answer. Links, images and HTML stay text: nothing to click, nothing hidden."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _PlainHeading,
        "table_open": _AnswerTable,
    }

    def __init__(self, markup: str) -> None:
        super().__init__("", code_theme="ansi_dark", hyperlinks=False)
        self.markup = neutral(markup)
        self.parsed = _parse(self.markup)


def _parse(markup: str) -> list:  # type: ignore[type-arg]  # markdown-it's own token type, which Rich takes
    parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
    parser.disable(["link", "image", "autolink", "reference", "html_inline", "html_block"])
    return parser.parse(markup)


def drawn(markup: str) -> Neutral:
    """The Markdown as something a Rich console can print safely."""
    return Neutral(AnswerMarkdown(markup))


def answer_console(file: TextIO | None = None, *, width: int | None = None) -> Console:
    """A console for answers: calm colours, nothing guessed from the text, NO_COLOR honoured."""
    return Console(file=file, width=width, theme=_THEME, highlight=False, markup=False, emoji=False)
