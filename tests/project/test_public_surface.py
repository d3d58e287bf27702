"""What programs may import from Deskhand, and nothing else."""

from __future__ import annotations

import importlib
import subprocess
import sys
import typing

import pytest

import agent
from agent.turns import TurnEvent
from tests.project.sources import ROOT

SURFACE = [
    "TURN_EVENT",
    "Answer",
    "Answered",
    "ConversationSummary",
    "Conversations",
    "Desk",
    "DeskhandError",
    "Failed",
    "Outcome",
    "Question",
    "Rep",
    "Reset",
    "Settings",
    "SettingsError",
    "StoreUnavailable",
    "StoredTurn",
    "SystemCheck",
    "TextDelta",
    "ToolCall",
    "ToolFinished",
    "ToolStarted",
    "TurnError",
    "TurnEvent",
    "Usage",
    "offered_tools",
    "open_desk",
]


def test_the_surface_is_the_one_that_is_promised() -> None:
    """A name is added or taken away on purpose: here and in the changelog."""
    assert sorted(agent.__all__) == sorted(SURFACE)


@pytest.mark.parametrize("name", SURFACE)
def test_every_promised_name_is_there(name: str) -> None:
    """What the package promises can be imported from it."""
    assert getattr(agent, name) is not None


def test_the_surface_holds_every_turn_event() -> None:
    """A reader of the stream can name each event it gets."""
    events = {event.__name__ for event in typing.get_args(TurnEvent)}
    assert len(events) == 6
    assert events <= set(agent.__all__)


@pytest.mark.parametrize("package", ["agent", "tools", "evals", "agent.entrypoints.cli"])
def test_importing_starts_nothing(package: str) -> None:
    """An import opens no file of ours, no socket, no process and no log."""
    program = (
        "import gc, sys\n"
        "gc.disable()\n"
        "seen = []\n"
        "watched = ('socket.connect', 'socket.listen', 'subprocess.Popen', 'os.exec', 'os.fork')\n"
        "sys.addaudithook(lambda event, _: seen.append(event) if event in watched else None)\n"
        f"import {package}, logging\n"
        "assert not seen, seen\n"
        "assert not logging.getLogger().handlers, logging.getLogger().handlers\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_command_line_loads_no_agent_framework_for_its_help() -> None:
    """Help answers at once: frameworks and drivers are loaded by the commands that need them."""
    program = (
        "import sys, agent.entrypoints.cli\n"
        "print(*sorted({'strands', 'boto3', 'psycopg', 'mcp'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.strip() == ""


def test_every_package_has_a_module_that_can_be_imported() -> None:
    """The packages of the layout are there."""
    for package in ("agent", "tools", "evals", "deploy"):
        assert importlib.import_module(package).__doc__
