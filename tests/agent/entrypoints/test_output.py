"""What a program reads from a command that was used wrongly, or whose output has nowhere to go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.entrypoints.cli import deskhand
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
