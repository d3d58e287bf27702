"""Shows the events of a turn: live on a terminal, or as plain lines anywhere else."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import IO, Protocol, Self

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.text import Text

from agent.entrypoints.markdown import BlockSplitter, drawn
from agent.entrypoints.plain_text import Neutral, neutral
from agent.entrypoints.tool_lines import duration, finished_line, running_line
from agent.turns import (
    Answer,
    Answered,
    Failed,
    Reset,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)

_NEXT_STEPS = {
    "conversation_not_found": " /list shows your conversations, /new starts one.",
    "conversation_busy": " Wait until it is done, or start another one with /new.",
}


REFRESH_SECONDS = 0.08


class View(Protocol):
    """Something that shows a turn while it runs. Used as a context manager around the turn."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def show(self, event: TurnEvent) -> None:
        """Shows one event."""


def failure_text(failed: Failed) -> str:
    """The failure as one plain sentence, with the next step where the terminal knows one."""
    return neutral(failed.message) + _NEXT_STEPS.get(failed.code, "")


def missing_text(answer: Answer) -> str | None:
    """Which systems could not be asked, or ``None`` when all answered."""
    if not answer.unavailable:
        return None
    return f"Could not be asked: {', '.join(neutral(name) for name in answer.unavailable)}."


class PlainView:
    """Tool lines and remarks on one stream as they come, the finished answer on the other.

    Args:
        answers: where the answer goes, as Markdown.
        remarks: where everything else goes.
        console: draws the answer instead, when ``answers`` is a terminal.
    """

    def __init__(
        self, answers: IO[str], remarks: IO[str], *, console: Console | None = None
    ) -> None:
        self._answers = answers
        self._remarks = remarks
        self._console = console
        self._running: dict[str, ToolStarted] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held open."""

    def show(self, event: TurnEvent) -> None:
        """Writes a tool line, the answer or the failure; text is not written before it is final."""
        match event:
            case ToolStarted():
                self._running[event.id] = event
            case ToolFinished() if event.id in self._running:
                self._remark(finished_line(self._running.pop(event.id), event, 160).plain)
            case Answered():
                self._answer(event.answer)
            case Failed():
                self._remark(failure_text(event))

    def _answer(self, answer: Answer) -> None:
        if self._console is None:
            self._answers.write(neutral(answer.answer) + "\n")
            self._answers.flush()
        else:
            self._console.print(drawn(answer.answer))
        if missing := missing_text(answer):
            self._remark(missing)

    def _remark(self, text: str) -> None:
        self._remarks.write(text + "\n")
        self._remarks.flush()


class LiveView:
    """Draws a turn on a terminal as it runs.

    What is finished (a tool call, a block of the answer) is printed once and scrolls like any other
    output; only running calls and the growing block are redrawn in place below it.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._splitter = BlockSplitter()
        self._text = ""
        self._blocks_printed = 0
        self._tools_printed = 0
        self._running: dict[str, tuple[ToolStarted, float]] = {}
        self._began = time.monotonic()
        self._next_refresh: asyncio.TimerHandle | None = None
        self._live = Live(
            console=console,
            transient=True,
            # Rich's own refresh runs on a thread, and now and then draws into a print of this one.
            auto_refresh=False,
            get_renderable=self._below,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        self._live.start()
        self._refresh_on(asyncio.get_running_loop())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes the moving part off the screen."""
        if self._next_refresh is not None:
            self._next_refresh.cancel()
        self._running = {}
        self._splitter = BlockSplitter()
        self._live.stop()

    def _refresh_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._live.refresh()
        self._next_refresh = loop.call_later(REFRESH_SECONDS, self._refresh_on, loop)

    def show(self, event: TurnEvent) -> None:
        """Draws one event."""
        match event:
            case TextDelta():
                self._text += event.text
                self._print_blocks(self._splitter.feed(event.text))
            case ToolStarted():
                self._running = {**self._running, event.id: (event, time.monotonic())}
            case ToolFinished():
                self._tool_finished(event)
            case Reset():
                self._start_again()
            case Answered():
                self._answered(event.answer)
            case Failed():
                self._start_again()
                self._print(Text("✗ " + failure_text(event), "red"))

    def _tool_finished(self, event: ToolFinished) -> None:
        started = self._running.get(event.id)
        self._running = {key: call for key, call in self._running.items() if key != event.id}
        if started is not None:
            self._print(Neutral(finished_line(started[0], event, self._console.width)))
            self._tools_printed += 1

    def _print_blocks(self, blocks: list[str]) -> None:
        for block in blocks:
            space = [Text("")] if self._blocks_printed or self._tools_printed else []
            self._print(*space, drawn(block))
            self._blocks_printed += 1

    def _start_again(self) -> None:
        """Forgets the text so far; says so when part of it can no longer be taken back."""
        if self._blocks_printed:
            self._print(Text("(The text above was set aside; the answer starts again.)", "dim"))
        self._splitter = BlockSplitter()
        self._text = ""
        self._blocks_printed = 0

    def _answered(self, answer: Answer) -> None:
        rest = answer.answer.removeprefix(self._text.rstrip())
        if len(rest) == len(answer.answer) and self._text.strip():
            self._start_again()
        self._print_blocks(self._splitter.feed(rest) + self._splitter.finish())
        if missing := missing_text(answer):
            self._print(Text(missing, "yellow"))
        self._print(Text(duration(answer.usage.ms), "dim"))

    def _print(self, *lines: RenderableType) -> None:
        """Prints for good, above what is redrawn, in one write."""
        with self._console:
            self._live.refresh()
            for line in lines:
                self._console.print(line)

    def _below(self) -> RenderableType:
        """What is redrawn in place: running calls, then the end of the growing block."""
        now = time.monotonic()
        lines: list[RenderableType] = [
            Neutral(running_line(call, round((now - since) * 1000), self._console.width))
            for call, since in self._running.values()
        ]
        if rest := self._splitter.rest.strip():
            lines += [Text("")] if self._blocks_printed or self._tools_printed else []
            lines.append(_Tail(drawn(rest), max(self._console.height - len(lines) - 3, 3)))
        elif not lines:
            waited = round((now - self._began) * 1000)
            lines.append(Text(f"… {duration(waited)}" if waited >= 1000 else "…", "dim"))
        return Group(*lines)


class _Tail:
    """The last lines of a renderable: a growing block may be taller than the terminal."""

    def __init__(self, renderable: RenderableType, most: int) -> None:
        self._renderable = renderable
        self._most = most

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields the last lines."""
        for line in console.render_lines(self._renderable, options, pad=False)[-self._most :]:
            yield from line
            yield Segment.line()
