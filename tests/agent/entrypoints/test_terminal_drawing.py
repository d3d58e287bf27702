"""What the chat draws, on terminals of any width and kind, whatever the data holds."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.agent.entrypoints.screen import Screen, chatting

INJECTIONS = Path(__file__).parents[2] / "data" / "injections.json"
# What the chat's own drawing may send: colours, cursor, modes. No titles, links or clipboard.
OWN_SEQUENCES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>78]")


def ready(screen: Screen) -> None:
    """The chat waits for a question."""
    screen.wait_for("\n>")


def test_text_that_is_set_aside_is_said_to_be(tmp_path: Path) -> None:
    """A block on the screen cannot be taken back, so the chat says what counts."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("reset\r")
        shown = screen.wait_for("1.2 s")
    assert "(The text above was set aside; the answer starts again.)\nRight answer." in shown
    assert "More of" not in shown


def test_words_before_a_tool_call_leave_no_trace(tmp_path: Path) -> None:
    """They were never printed for good."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("preamble\r")
        shown = screen.wait_for("1.2 s")
    assert "Let me look" not in shown
    assert "set aside" not in shown


def test_hostile_texts_never_reach_the_terminal_raw(tmp_path: Path) -> None:
    """Of all the texts in the collection nothing is obeyed: the program's own sequences only."""
    with chatting(state=tmp_path, rows=50) as screen:
        ready(screen)
        screen.type("hostile\r")
        screen.wait_for("✗ Broke")
        ready(screen)
        # What was read so far may end in the middle of one of the program's own sequences.
        written = re.sub(rb"\x1b[\[?0-9;]*$", b"", OWN_SEQUENCES.sub(b"", screen.raw))
        shown = screen.shown()
    assert b"\x1b" not in written
    assert not re.search(rb"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]", written)
    for hidden in ("\u202e", "\u200b", "\U000e0041", "\x9b"):
        assert hidden not in screen.raw.decode("utf-8")
    assert "␛]8;;https://x.evil.example␇click" in shown
    assert "<img src=//x.evil.example/a" in shown


@pytest.mark.parametrize("columns", [24, 40, 200])
def test_any_width_will_do(tmp_path: Path, columns: int) -> None:
    """On a narrow terminal a table becomes records; no line is longer than the screen."""
    with chatting(state=tmp_path, columns=columns) as screen:
        screen.wait_for(">")
        screen.type("Who is CUST003?\r")
        shown = screen.wait_for("1.2 s")
    assert "Bob Johnson is CUST003." in shown
    assert "89.99" in shown
    assert "✓ aurora   find_cust" in shown


def test_an_answer_taller_than_the_screen_is_shown_whole(tmp_path: Path) -> None:
    """Every line of it, once, in the scrollback."""
    with chatting(state=tmp_path, rows=10) as screen:
        ready(screen)
        screen.type("long\r")
        shown = screen.wait_for("1.2 s")
    assert [shown.count(f"line {number}\n") for number in range(60)] == [1] * 60


def test_nothing_is_drawn_twice_or_overdrawn(tmp_path: Path) -> None:
    """What is redrawn in place leaves no trace, however often."""
    with chatting(state=tmp_path, columns=60, rows=14) as screen:
        for number in range(1, 7):
            ready(screen)
            screen.type("Who is CUST003?\r")
            shown = screen.wait_for("1.2 s", count=number)
    for line in ("✓ aurora   find_customers", "Bob Johnson is CUST003.", "order   total", "89.99"):
        assert shown.count(line) == 6, shown


def test_without_colours_nothing_is_coloured(tmp_path: Path) -> None:
    """NO_COLOR is obeyed by answers and by the prompt."""
    with chatting(state=tmp_path, environment={"NO_COLOR": "1"}) as screen:
        ready(screen)
        screen.type("tool\r")
        screen.wait_for("1.2 s")
        ready(screen)
    assert not re.search(rb"\x1b\[[0-9;]*(?:3[0-7]|9[0-7]|38;)[0-9;]*m", screen.raw)


def test_a_dumb_terminal_gets_plain_lines(tmp_path: Path) -> None:
    """No cursor movement, no colours, the same answers."""
    os.mkfifo(tmp_path / "gate")
    with chatting(state=tmp_path, environment={"TERM": "dumb"}) as screen:
        screen.wait_for("\n>")
        screen.type("Who is CUST003?\n")
        shown = screen.wait_for("| 3 | 89.99 |")
        screen.type("gate\n")
        with (tmp_path / "gate").open("w"):  # opens when the turn has begun
            screen.type("\x03")
            screen.wait_for("Stopped.")
        screen.type("\x04")
        assert screen.ended() == 0
    assert "✓ aurora   find_customers" in shown
    assert b"\x1b" not in screen.raw


def test_one_question_on_a_terminal_is_drawn_like_in_a_chat(tmp_path: Path) -> None:
    """``ask`` shows tool calls and tables too, and ends with the turn's exit code."""
    with chatting("Who is CUST003?", command="ask", state=tmp_path) as screen:
        assert screen.ended() == 0
        shown = screen.shown()
    assert "✓ aurora   find_customers  query=CUST003  1 row · 12 ms" in shown
    assert "    3   89.99" in shown
    with chatting("tool", command="ask", state=tmp_path) as screen:
        assert screen.ended() == 3


def test_the_collection_of_hostile_texts_is_there() -> None:
    """The test above would pass over an empty one."""
    assert len(json.loads(INJECTIONS.read_text("utf-8"))["cases"]) >= 30
