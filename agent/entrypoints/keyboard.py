"""Reads the rep's questions: with editing and history on a terminal, line by line anywhere else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import termios
import threading
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings

PROMPT = "> "
_HISTORY_MODE = 0o600


class Keyboard(Protocol):
    """Where questions come from."""

    async def read(self) -> str | None:
        """The next question, or ``None`` when the rep leaves."""


class LineKeyboard:
    """Plain lines of a stream: a pipe, a file, or a terminal that can do no more."""

    def __init__(self, source: IO[str], remarks: IO[str]) -> None:
        self._lines = lines_of(source)
        self._remarks = remarks
        self._typed = source.isatty()

    async def read(self) -> str | None:
        """The next line; lines that are not typed are repeated, so that a log can be followed."""
        if self._typed:
            self._remark(PROMPT)
        line = await anext(self._lines, None)
        if line is None:
            return None
        if not self._typed and line.strip():
            self._remark(PROMPT + line.strip() + "\n")
        return cleaned(line)

    def _remark(self, text: str) -> None:
        self._remarks.write(text)
        self._remarks.flush()


class PromptKeyboard:
    """A prompt with line editing, history over the arrow keys, and pasted text of many lines.

    Args:
        history_file: keeps the questions for later chats; ``None`` keeps them for this one.
        words: completed by the tabulator.
        say: takes a remark.
    """

    def __init__(
        self, history_file: Path | None, words: Iterable[str], say: Callable[[str], None]
    ) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.history import FileHistory, InMemoryHistory

        self._say = say
        history = FileHistory(str(history_file)) if history_file else InMemoryHistory()
        self._session: PromptSession[str] = PromptSession(
            history=history,
            completer=WordCompleter(list(words), sentence=True),
            complete_while_typing=False,
            multiline=True,
            prompt_continuation=lambda width, number, wrapped: " " * width,
            key_bindings=_enter_sends(),
        )

    async def read(self) -> str | None:
        """The next question. Ctrl-C empties the line; twice on an empty one, or Ctrl-D, leaves."""
        warned = False
        while True:
            try:
                return cleaned(await self._session.prompt_async(PROMPT))
            except EOFError:
                return None
            except KeyboardInterrupt:
                if self._session.default_buffer.text:
                    warned = False
                elif warned:
                    return None
                else:
                    warned = True
                    self._say("Ctrl-C again, or Ctrl-D, leaves.")


def _enter_sends() -> KeyBindings:
    """Enter sends although the text may have many lines; Alt-Enter breaks the line."""
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    @keys.add("enter")
    @keys.add("c-j")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def break_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys


def cleaned(text: str) -> str:
    """Typed or pasted text with blanks for the control characters that pasting brings along."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        " " if unicodedata.category(letter) in {"Cc", "Cs"} and letter != "\n" else letter
        for letter in text
    ).strip()


def private_history(folder: Path) -> Path | None:
    """A history file that only its owner reads; ``None`` where none can be kept."""
    path = folder / "history"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND, _HISTORY_MODE))
        path.chmod(_HISTORY_MODE)
    except OSError:
        return None
    return path


@contextmanager
def unheard_typing(source: IO[str] = sys.stdin) -> Iterator[None]:
    """Keeps what is typed during an answer off the screen; it stands at the next prompt."""
    try:
        descriptor = source.fileno()
        before = termios.tcgetattr(descriptor)
    except (OSError, ValueError, termios.error):  # no terminal
        yield
        return
    silent = list(before)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSANOW, silent)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, before)


async def lines_of(source: IO[str], *, most: int = 1_000_000) -> AsyncIterator[str]:
    """The stream's lines as they come; a longer one than ``most`` is cut and comes as ``most + 1``.

    They are read on a daemon thread: a read that never returns must not hold up the program's end.

    Raises:
        OSError: the stream cannot be read, such as a folder, or a terminal that is gone.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | OSError | None] = asyncio.Queue()

    def put(read: str | OSError | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended; nobody wants the line
            loop.call_soon_threadsafe(queue.put_nowait, read)

    def read() -> None:
        try:
            while line := source.readline(most + 1):
                put(line)
                while len(line) > most and not line.endswith("\n"):
                    line = source.readline(most + 1)  # what is left of a line that is too long
        except OSError as unreadable:
            put(unreadable)
        put(None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await queue.get()) is not None:
        if isinstance(line, OSError):
            raise line
        yield line
