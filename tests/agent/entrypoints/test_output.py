"""What a program reads from a command that was used wrongly, or whose output has nowhere to go."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.entrypoints.cli import deskhand
from agent.entrypoints.keyboard import lines_of
from tests.agent.entrypoints.fake_desk import FakeDesk, stack_with

CLI = [sys.executable, "-m", "agent.entrypoints.cli"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": "."}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "--json"),
        ("call", "--json"),
        ("call", "find_customers", "{query: a}", "--json"),
        ("nosuch", "--json"),
        ("tools", "--json", "--nosuch"),
        ("--nosuch", "tools", "--json"),
    ],
)
def test_wrong_use_with_json_is_one_document_on_stdout(arguments: tuple[str, ...]) -> None:
    """A program that asked for JSON gets JSON, whatever it did wrong; the usage is on stderr."""
    ran = CliRunner().invoke(deskhand, arguments, obj=stack_with(FakeDesk()))
    assert ran.exit_code == 2
    assert json.loads(ran.stdout)["error"]["code"] == "wrong_use"
    assert "Usage:" in ran.stderr


def test_the_file_option_of_eval_leaves_stdout_to_the_reader() -> None:
    """Its `--json` names a file, and no document is printed."""
    arguments = ("eval", "nowhere.yaml", "--json", "report.json")
    ran = CliRunner().invoke(deskhand, arguments, obj=stack_with(FakeDesk()))
    assert ran.exit_code == 2
    assert "{" not in ran.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_result_that_cannot_be_written_is_told_in_words() -> None:
    """A full disk behind stdout is no traceback and no success."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*CLI, "ask", "--json"],
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.returncode == 1
    assert "could not be written" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_closed_streams_do_not_break_a_command() -> None:
    """A service that starts us without streams gets the exit code all the same."""
    closed = f"{' '.join(CLI)} --help >&- 2>&- <&-"
    ran = subprocess.run(["sh", "-c", closed], env=ENVIRONMENT, timeout=60, check=False)
    assert ran.returncode == 0


def test_json_of_data_acts_on_no_terminal_and_stays_the_same_json() -> None:
    """Above ASCII too there are controls that a terminal obeys; a batch stays a line for each."""
    note = "a\x9b31m b\x85c\x7f d\u2028e \u202ef größer 🙂"
    desk = FakeDesk(results={"get_order": {"found": True, "note": note}})
    line = '{"tool": "get_order", "input": {}}'
    one = CliRunner().invoke(deskhand, ["call", "get_order", "{}"], obj=stack_with(desk))
    more = CliRunner().invoke(deskhand, ["call", "--batch"], obj=stack_with(desk), input=line)
    assert json.loads(one.stdout)["note"] == note
    assert [json.loads(line)["result"]["note"] for line in more.stdout.splitlines()] == [note]
    for shown in (one.stdout, more.stdout):
        assert "größer 🙂" in shown
        assert not set(shown) & set("\x9b\x85\x7f\u2028\u202e")


class Unreadable(io.StringIO):
    """A stream that breaks, as a terminal that is gone or a disk that fails."""

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # of bytes too
        """Nothing can be read."""
        raise OSError(errno.EIO, "Input/output error")


async def test_lines_that_cannot_be_read_end_and_are_not_waited_for() -> None:
    """Nobody is left waiting for what never comes."""
    async with asyncio.timeout(5):
        with pytest.raises(OSError, match="Input/output"):
            await anext(lines_of(Unreadable()))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that cannot be read")
def test_a_batch_whose_input_cannot_be_read_says_so() -> None:
    """In words, and with the exit code of wrong use."""
    with Path("/proc/self/mem").open() as unreadable:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.agent.entrypoints.chat_program", "call", "--batch"],
            env=ENVIRONMENT,
            stdin=unreadable,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Standard input cannot be read." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_number_too_long_for_a_list_does_not_end_the_chat() -> None:
    """What was pasted by mistake is told of, and the chat goes on."""
    lines = f"/open {'7' * 5000}\nWho is CUST003?\n"
    desk = FakeDesk()
    ran = CliRunner().invoke(deskhand, ["chat"], obj=stack_with(desk), input=lines)
    assert ran.exit_code == 0
    assert "Give a number of /list" in ran.stdout
    assert [asked.text for asked in desk.asked] == ["Who is CUST003?"]
