"""A chat that is told to end by a signal gives its terminal back as it was."""

from __future__ import annotations

import os
import signal
import termios
from pathlib import Path

import pytest

from tests.agent.entrypoints.screen import chatting

SHOW_CURSOR, HIDE_CURSOR = b"\x1b[?25h", b"\x1b[?25l"


@pytest.mark.parametrize("question", ["", "wait for it"], ids=["at the prompt", "in an answer"])
def test_a_chat_that_is_told_to_end_leaves_a_terminal_that_shows_what_is_typed(
    tmp_path: Path, question: str
) -> None:
    """The shell behind it has echo, whole lines and a cursor again."""
    with chatting(state=tmp_path) as screen:
        screen.wait_for("\n>")
        if question:
            screen.type(f"{question}\r")
            screen.wait_for("get_customer_profile")
        os.kill(screen.process, signal.SIGTERM)
        assert screen.ended() == 128 + signal.SIGTERM
        assert screen.flags & termios.ECHO
        assert screen.flags & termios.ICANON
        assert screen.raw.rfind(SHOW_CURSOR) > screen.raw.rfind(HIDE_CURSOR)
        assert "Traceback" not in screen.shown()
