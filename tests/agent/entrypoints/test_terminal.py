"""The terminal chat as a rep uses it: a real program behind a real pseudo terminal."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from tests.agent.entrypoints.screen import Screen, chatting

INJECTIONS = Path(__file__).parents[2] / "data" / "injections.json"
# What the chat's own drawing may send: colours, cursor, modes. No titles, links or clipboard.
OWN_SEQUENCES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>78]")


def ready(screen: Screen) -> None:
    """The chat waits for a question."""
    screen.wait_for("\n>")


def test_the_first_line_names_the_stack_and_the_model(tmp_path: Path) -> None:
    """A rep sees at once that a rule-based stand-in answers."""
    with chatting(state=tmp_path) as screen:
        shown = screen.wait_for("Ctrl-D leaves")
    assert "Deskhand · stack local · model local.understudy, a rule-based stand-in" in shown


def test_tool_calls_and_the_answer_with_its_table_are_shown(tmp_path: Path) -> None:
    """Each system with its tool, input, rows and time; money stands at the right."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("Who is CUST003?\r")
        shown = screen.wait_for("1.2 s")
    assert "✓ aurora   find_customers  query=CUST003  1 row · 12 ms" in shown
    assert "✓ profile  get_customer_profile  query=CUST003  1 row · 12 ms" in shown
    assert "Bob Johnson is CUST003." in shown
    assert "order   total" in shown
    assert "    3   89.99" in shown


def test_ctrl_c_stops_the_turn_and_not_the_program(tmp_path: Path) -> None:
    """Also while a tool does not come back; the next question is answered."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        for number, question in enumerate(["stuck", "wait"], 1):
            screen.type(f"{question}\r")
            screen.wait_for("Looking" if question == "stuck" else "get_customer_profile")
            screen.type("\x03")
            screen.wait_for("Stopped.", count=number)
        screen.type("echo on\r")
        assert "said: 'echo on'" in screen.wait_for("1.2 s")


def test_ctrl_c_empties_the_line_and_twice_on_an_empty_one_leaves(tmp_path: Path) -> None:
    """A slip of the finger loses one line at most."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("half a question")
        screen.wait_for("half a question")
        screen.type("\x03")
        screen.type("\x03")
        screen.wait_for("Ctrl-C again, or Ctrl-D, leaves.")
        screen.type("\x03")
        assert screen.ended() == 0


def test_ctrl_d_leaves(tmp_path: Path) -> None:
    """And the program ends well."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("\x04")
        assert screen.ended() == 0


def test_the_arrow_key_brings_questions_back_from_an_earlier_chat(tmp_path: Path) -> None:
    """The history is kept in the state folder, for its owner's eyes only."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("echo remembered\r")
        screen.wait_for("1.2 s")
        screen.type("/quit\r")
        assert screen.ended() == 0
    assert stat.S_IMODE((tmp_path / "history").stat().st_mode) == 0o600
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("\x1b[A\x1b[A")
        screen.wait_for("> echo remembered")
        screen.type("\r")
        assert "said: 'echo remembered'" in screen.wait_for("1.2 s")


def test_pasted_text_of_several_lines_is_one_question(tmp_path: Path) -> None:
    """Enter inside the pasted text does not send half of it."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("\x1b[200~echo first\r\nsecond\tthird\x1b[201~")
        screen.wait_for("second")
        screen.type("\r")
        assert r"said: 'echo first\nsecond third'" in screen.wait_for("1.2 s")


def test_what_is_typed_during_an_answer_stands_at_the_next_prompt(tmp_path: Path) -> None:
    """It neither spoils the answer nor gets lost."""
    os.mkfifo(tmp_path / "gate")
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("gate\r")
        screen.wait_for("At the gate.")
        screen.type("echo typed ahead")
        (tmp_path / "gate").write_text("open")
        screen.wait_for("1.2 s")
        screen.wait_for("> echo typed ahead")
        screen.type("\r")
        assert "said: 'echo typed ahead'" in screen.wait_for("1.2 s", count=2)


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


def test_a_system_that_does_not_answer_is_named(tmp_path: Path) -> None:
    """At its tool call and below the answer."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("tool\r")
        shown = screen.wait_for("1.2 s")
    assert "✗ catalog  get_product  product_id=3  did not answer · 2.1 s" in shown
    assert "Could not be asked: catalog." in shown


def test_a_failed_turn_is_one_sentence_with_a_next_step(tmp_path: Path) -> None:
    """And the chat goes on."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("busy\r")
        screen.wait_for("This conversation is still answering. Wait until it is done")
        screen.type("echo on\r")
        assert "said: 'echo on'" in screen.wait_for("1.2 s")


def test_a_question_that_is_too_long_is_refused_in_words(tmp_path: Path) -> None:
    """Nothing is sent, nothing is lost."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("\x1b[200~" + "x" * 8001 + "\x1b[201~\r")
        assert "at most 8,000 fit" in screen.wait_for("Shorten it")


def test_conversations_are_listed_opened_and_begun(tmp_path: Path) -> None:
    """By number, by id and with /new."""
    with chatting(state=tmp_path) as screen:
        ready(screen)
        screen.type("/list\r")
        screen.wait_for("question 1")
        screen.type("/open 1\r")
        shown = screen.wait_for("answer 5")
        assert "2 earlier turns" in shown
        assert "> question 3" in shown
        screen.type("/new\r")
        screen.wait_for("A new conversation.")
        screen.type("/open nobody\r")
        screen.wait_for("There is no such conversation")
        screen.type("/what\r")
        screen.wait_for("There is no command /what; /help lists them.")
        screen.type("/help\r")
        assert "list your conversations" in screen.wait_for("Alt-Enter")


def test_a_conversation_is_resumed_with_its_last_turns(tmp_path: Path) -> None:
    """``--conversation`` shows where it stood."""
    with chatting("--conversation", "earlier", state=tmp_path) as screen:
        shown = screen.wait_for("answer 5")
    assert "answer 3" in shown
    assert "answer 2" not in shown


def test_a_store_that_is_down_does_not_end_the_chat(tmp_path: Path) -> None:
    """The rep asks on."""
    with chatting("down", "--conversation", "earlier", state=tmp_path) as screen:
        screen.wait_for("cannot be read right now")
        screen.type("/list\r")
        screen.wait_for("cannot be read right now", count=2)
        screen.type("echo on\r")
        assert "said: 'echo on'" in screen.wait_for("1.2 s")


def test_hostile_texts_never_reach_the_terminal_raw(tmp_path: Path) -> None:
    """Of all the texts in the collection nothing is obeyed: the program's own sequences only."""
    with chatting(state=tmp_path, rows=50) as screen:
        ready(screen)
        screen.type("hostile\r")
        screen.wait_for("✗ Broke")
        ready(screen)
        written = OWN_SEQUENCES.sub(b"", screen.raw)
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
    with chatting(state=tmp_path, environment={"TERM": "dumb"}) as screen:
        screen.wait_for("\n>")
        screen.type("Who is CUST003?\n")
        shown = screen.wait_for("| 3 | 89.99 |")
        screen.type("stuck\n")
        screen.wait_for("stuck")
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


def test_ctrl_c_ends_one_question(tmp_path: Path) -> None:
    """With the exit code of an interrupted program, and no trace."""
    with chatting("stuck", command="ask", state=tmp_path) as screen:
        screen.wait_for("Looking")
        screen.type("\x03")
        assert screen.ended() == 130
        assert "Stopped." in screen.shown()
    assert "Traceback" not in screen.shown()


def test_the_collection_of_hostile_texts_is_there() -> None:
    """The test above would pass over an empty one."""
    assert len(json.loads(INJECTIONS.read_text("utf-8"))["cases"]) >= 30
