"""``./deskhand ask``: what goes to which stream, and the exit codes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from click.testing import CliRunner, Result

from agent.entrypoints.cli import deskhand
from agent.turns import Question, TextDelta, TurnEvent
from tests.agent.entrypoints.fake_desk import (
    FakeDesk,
    Script,
    about_bob,
    failing,
    saying,
    stack_with,
)


def ask(desk: FakeDesk, *arguments: str, stdin: str | None = None) -> Result:
    """Runs the command with the fake desk."""
    return CliRunner().invoke(deskhand, ["ask", *arguments], obj=stack_with(desk), input=stdin)


def test_the_answer_goes_to_stdout_and_the_tool_calls_to_stderr() -> None:
    """A pipe gets the answer as Markdown and nothing else."""
    ran = ask(FakeDesk(about_bob), "Who is CUST003?")
    assert ran.exit_code == 0
    assert ran.stdout.startswith("**Bob Johnson** is `CUST003`.")
    assert "| 3 | 89.99 |" in ran.stdout
    assert "find_customers" not in ran.stdout
    assert "✓ aurora   find_customers  query=CUST003  1 row · 12 ms" in ran.stderr
    assert "✓ profile  get_customer_profile" in ran.stderr


def test_json_prints_the_answer_as_the_only_document() -> None:
    """Stdout is one JSON document: the Answer."""
    ran = ask(FakeDesk(about_bob), "Who is CUST003?", "--conversation", "demo", "--json")
    document = json.loads(ran.stdout)
    assert ran.exit_code == 0
    assert document["conversation_id"] == "demo"
    assert [call["system"] for call in document["tool_calls"]] == ["aurora", "profile"]
    assert set(document) == {
        *("conversation_id", "turn_id", "answer", "outcome", "unavailable"),
        *("tool_calls", "usage", "model_id", "prompt_hash"),
    }


def test_words_need_no_quotes_and_a_hyphen_reads_stdin() -> None:
    """Both ways of writing a question reach the desk whole."""
    desk = FakeDesk(about_bob)
    ask(desk, "Who", "is", "CUST003?")
    ask(desk, "-", stdin="Wer ist «Müller» 🙂?\nUnd seine Bestellungen?\n")
    assert [question.text for question in desk.asked] == [
        "Who is CUST003?",
        "Wer ist «Müller» 🙂?\nUnd seine Bestellungen?\n",
    ]


def test_each_question_without_a_conversation_begins_a_new_one() -> None:
    """Ids are not shared, and are long enough for AgentCore's session header."""
    desk = FakeDesk(about_bob)
    ask(desk, "one")
    ask(desk, "two")
    first, second = (question.conversation_id for question in desk.asked)
    assert first != second
    assert len(first) >= 33


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["   "], "The question is empty"),
        (["x" * 8001], "8,001 characters; at most 8,000 fit"),
        (["a\x1b[2Jb"], "control characters"),
        (["a\x00b"], "control characters"),
        (["lone \ud800 surrogate"], "broken text"),
        (["Who?", "--conversation", "no/slash"], "no conversation id"),
        (["Who?", "--conversation", "x" * 257], "no conversation id"),
    ],
    ids=["empty", "enormous", "escape", "nul", "surrogate", "bad-id", "long-id"],
)
def test_a_question_that_cannot_be_taken_is_wrong_use(words: list[str], said: str) -> None:
    """One plain sentence and exit code 2, before anything is started."""
    desk = FakeDesk(about_bob)
    ran = ask(desk, *words)
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert (ran.stdout, desk.asked) == ("", [])


@pytest.mark.parametrize(
    ("script", "exit_code"),
    [
        (failing("turn_timeout"), 1),
        (failing("conversation_busy"), 1),
        (failing("internal"), 1),
        (failing("bad_question"), 2),
        (failing("model_unavailable"), 3),
        (saying("No system answered.", outcome="unavailable", unavailable=["aurora"]), 3),
        (saying("Part of it.", outcome="partial", unavailable=["profile"]), 0),
        (saying("Nobody of that name.", outcome="not_found"), 0),
        (saying("I cannot change data.", outcome="refused"), 0),
    ],
    ids=lambda value: None if callable(value) else str(value),
)
def test_the_exit_code_says_how_the_turn_ended(script: Script, exit_code: int) -> None:
    """0 done, 1 the turn failed, 2 wrong use, 3 out of reach; the same with ``--json``."""
    assert ask(FakeDesk(script), "Who?").exit_code == exit_code
    assert ask(FakeDesk(script), "Who?", "--json").exit_code == exit_code


def test_a_failed_turn_is_one_json_document_with_a_code() -> None:
    """Programs read the code, people the sentence on stderr."""
    ran = ask(FakeDesk(failing("model_busy", "Ask again.", retryable=True)), "Who?", "--json")
    assert json.loads(ran.stdout) == {
        "error": {"code": "model_busy", "message": "Ask again.", "retryable": True}
    }
    assert "deskhand: Ask again." in ran.stderr


def test_a_bad_question_is_a_json_document_too() -> None:
    """``--json`` holds for what is refused before the desk is asked."""
    ran = ask(FakeDesk(about_bob), "", "--json")
    assert json.loads(ran.stdout)["error"]["code"] == "bad_question"


def test_a_system_that_did_not_answer_is_named_on_stderr() -> None:
    """The remark stands beside the answer, not in it."""
    ran = ask(FakeDesk(saying("Part.", outcome="partial", unavailable=["profile"])), "Who?")
    assert "Could not be asked: profile." in ran.stderr
    assert ran.stdout == "Part.\n"


def test_answers_cannot_act_on_a_terminal() -> None:
    """Escape sequences out of stored data come out as visible text."""
    ran = ask(FakeDesk(saying("ok \x1b]8;;https://x.example\x07click\x1b[2J")), "Who?")
    assert "\x1b" not in ran.stdout
    assert "␛]8;;https://x.example␇click␛[2J" in ran.stdout


def test_a_fault_of_ours_shows_no_text_of_the_exception() -> None:
    """The type and the place are for us; the text may hold data."""

    async def broken(question: Question) -> AsyncIterator[TurnEvent]:
        yield TextDelta(text="So")
        raise RuntimeError("password=hunter2")

    ran = ask(FakeDesk(broken), "Who?")
    assert ran.exit_code == 1
    assert "hunter2" not in ran.output
    assert "Traceback" not in ran.output
