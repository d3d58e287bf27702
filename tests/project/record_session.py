"""Records the README's terminal session: types questions into a real chat, writes down the screen.

Run it when the chat looks different: ``.venv/bin/python -m tests.project.record_session``.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pyte

from tests.project.sources import ROOT

QUESTIONS = (
    "Jane Smith is on the line, which orders does she have?",
    "is her smartphone still under warranty?",
    "do our systems agree about Alice Brown?",
    "who are our most valuable customers?",
)
COLUMNS, LINES = 100, 300
SECONDS = 60.0
BLOCK = re.compile(r"(<!-- session: [^>]* -->\n).*?(<!-- end of session -->)", re.DOTALL)


class Terminal(pyte.Screen):
    """A screen long enough to hold the whole session, which answers what programs ask of it."""

    def __init__(self, child: Any) -> None:
        super().__init__(COLUMNS, LINES)
        self._child = child

    def write_process_input(self, data: str) -> None:
        """Send the terminal's own answers, such as where the cursor is."""
        self._child.send(data)

    @property
    def asks(self) -> bool:
        """Whether the chat waits for a question: an empty prompt with the cursor behind it."""
        return self.display[self.cursor.y].rstrip() == ">" and self.cursor.x == 2


def record(questions: tuple[str, ...] = QUESTIONS) -> str:
    """The text of a session with these questions, as it stands on the screen."""
    environment = {**os.environ, "TERM": "xterm-256color"}
    child = pexpect.spawn(
        str(ROOT / "deskhand"), ["chat"], dimensions=(LINES, COLUMNS), env=environment
    )
    try:
        screen = Terminal(child)
        stream = pyte.ByteStream(screen)
        for question in questions:
            _wait(child, screen, stream)
            child.send(question + "\r")
            _wait(child, screen, stream, shown=question)
        lines = [line.rstrip() for line in screen.display[: screen.cursor.y]]
    finally:
        child.close(force=True)
    return "\n".join(["$ ./deskhand chat", *lines]).strip()


def _wait(child: Any, screen: Terminal, stream: pyte.ByteStream, shown: str = "") -> None:
    """Read until the chat asks for the next question, below the last one."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            stream.feed(child.read_nonblocking(4096, timeout=0.3))
        except pexpect.TIMEOUT:
            if screen.asks and shown in "\n".join(screen.display):
                return
        except pexpect.EOF:
            break
    sys.exit("the chat did not ask for a question:\n" + "\n".join(screen.display).rstrip())


def write_down(session: str, document: Path) -> None:
    """Put the session between the document's marks."""
    text = document.read_text(encoding="utf-8")
    if not BLOCK.search(text):
        sys.exit(f"{document} has no place for a session")
    fenced = f"```text\n{session}\n```\n"
    document.write_text(BLOCK.sub(lambda m: m[1] + fenced + m[2], text), encoding="utf-8")


if __name__ == "__main__":
    write_down(record(), ROOT / "README.md")
