"""A terminal that a test can read: a program behind a pseudo terminal, drawn by pyte."""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte

ROOT = Path(__file__).parents[3]
SECONDS = 20


class _Answering(pyte.HistoryScreen):
    """A screen that answers a program's question where the cursor is, as terminals do."""

    answer: Callable[[str], object] = str

    def write_process_input(self, data: str) -> None:
        """Sends the answer."""
        self.answer(data)


class Screen:
    """What the rep sees, and the keys that the rep presses.

    Attributes:
        raw: everything the program has written.
        flags: the terminal's local modes, as the program has left them.
    """

    def __init__(self, program: pexpect.spawn, columns: int, rows: int) -> None:
        self._program = program
        self._screen = _Answering(columns, rows, history=2000)
        self._screen.answer = program.send
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self.flags = 0

    def type(self, keys: str) -> None:
        """Presses keys; a carriage return is Enter."""
        self._program.send(keys)

    def wait_for(self, text: str, *, count: int = 1) -> str:
        """Draws until the text stands on the screen or above it, and returns all that is shown."""
        while self.shown().count(text) < count:
            self._read(f"{text!r} did not appear")
        return self.shown()

    def wait_for_raw(self, data: bytes) -> None:
        """Draws until the program has written the bytes."""
        while data not in self.raw:
            self._read(f"{data!r} was not written")

    def shown(self) -> str:
        """The lines that scrolled away and those on the screen, without blanks at their ends."""
        above = [
            "".join(line[column].data for column in range(self._screen.columns))
            for line in self._screen.history.top
        ]
        return "\n".join(line.rstrip() for line in [*above, *self._screen.display]).rstrip("\n")

    @property
    def process(self) -> int:
        """The program's process id."""
        return int(self._program.pid)

    def ended(self) -> int:
        """Draws until the program has ended and returns its exit code."""
        while True:
            try:
                self._read("the program did not end")
            except pexpect.EOF:
                self.flags = termios.tcgetattr(self._program.child_fd)[3]
                self._program.close()
                return int(self._program.exitstatus or 0)

    def _read(self, complaint: str) -> None:
        try:
            data = self._program.read_nonblocking(4096, timeout=SECONDS)
        except pexpect.TIMEOUT:
            raise AssertionError(f"{complaint}; the screen shows:\n{self.shown()}") from None
        self.raw += data
        self._stream.feed(data)


@contextmanager
def chatting(
    *arguments: str,
    state: Path,
    command: str = "chat",
    columns: int = 100,
    rows: int = 30,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Screen]:
    """The chat, or another command, on a terminal of that size; ended when the context ends."""
    program = pexpect.spawn(
        sys.executable,
        ["-X", "utf8", "-m", "tests.agent.entrypoints.chat_program", command, *arguments],
        cwd=str(ROOT),
        dimensions=(rows, columns),
        timeout=SECONDS,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(state),
            "TERM": "xterm-256color",
            "DESKHAND_STATE_DIR": str(state),
            "PYTHONPATH": str(ROOT),
            **(environment or {}),
        },
    )
    # Pexpect's own pauses: a test waits for what the screen shows.
    program.delaybeforesend = None
    program.ptyproc.delayafterclose = program.ptyproc.delayafterterminate = 0.01
    try:
        yield Screen(program, columns, rows)
    finally:
        program.close(force=True)
