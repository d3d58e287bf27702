"""The terminal chat as a rep uses it: a real program behind a real pseudo terminal."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tests.agent.entrypoints.screen import Screen, chatting


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
        assert "answer 3\n\n> question 4\n\nanswer 4" in shown
        screen.type("/new\r")
        screen.wait_for("A new conversation.")
        screen.type("/open nobody\r")
        screen.wait_for("There is no such conversation")
        screen.type("/what\r")
        screen.wait_for("There is no command /what; /help lists them.")
        screen.type("/help\r")
        assert "list your conversations" in screen.wait_for("Alt-Enter")


def test_the_help_keeps_its_columns_in_a_narrow_window(tmp_path: Path) -> None:
    """What a command does goes on under its own beginning."""
    with chatting(state=tmp_path, columns=50) as screen:
        ready(screen)
        screen.type("/help\r")
        shown = screen.wait_for("Alt-Enter")
    lines = shown.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("/open"))
    assert lines[first + 1].startswith("      ")
    assert any(line.startswith("/quit leave") for line in lines)


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


def test_ctrl_c_ends_one_question(tmp_path: Path) -> None:
    """With the exit code of an interrupted program, and no trace."""
    with chatting("stuck", command="ask", state=tmp_path) as screen:
        screen.wait_for("Looking")
        screen.type("\x03")
        assert screen.ended() == 130
        assert "Stopped." in screen.shown()
    assert "Traceback" not in screen.shown()
