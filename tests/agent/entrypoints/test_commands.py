"""The commands beside ask and chat, with a fake desk: documents, tables, exit codes, help."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent.entrypoints.cli import deskhand
from agent.entrypoints.commands.up import address_lines
from agent.entrypoints.stack import LocalStackFailed, Say, Stack, StackChoice
from agent.errors import SettingsError
from agent.system_check import SystemCheck
from tests.agent.entrypoints.fake_desk import FakeDesk, stack_with
from tools.contract import Tool, error


async def nothing(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A tool that is only listed."""
    return {}


ORDER_TOOL = Tool(
    "get_order",
    "aurora",
    "One order with its customer. More words.",
    {"type": "object", "properties": {"order_id": {}, "limit": {}}, "required": ["order_id"]},
    nothing,
)
ORDER = {"found": True, "order": {"order_id": 1, "total_amount": "1329.98"}}
COMMANDS = (
    "ask",
    "call",
    "chat",
    "deploy",
    "doctor",
    "eval",
    "seed",
    "serve",
    "test",
    "tools",
    "up",
    "web",
)


def run(desk: FakeDesk, *arguments: str, stdin: str | None = None) -> Result:
    """Runs a command with the fake desk."""
    return CliRunner().invoke(deskhand, arguments, obj=stack_with(desk), input=stdin)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """And the group lists it."""
    shown = run(FakeDesk(), command, "--help")
    assert shown.exit_code == 0
    assert f"./deskhand {command}" in shown.output
    assert f"\n  {command} " in run(FakeDesk(), "--help").output


def test_tools_are_listed_with_what_they_must_be_given() -> None:
    """An argument in brackets may be left out."""
    shown = run(FakeDesk(tools=[ORDER_TOOL]), "tools")
    assert "aurora   get_order   order_id, [limit]   One order with its customer" in shown.stdout


def test_tools_as_json_carry_their_schemas() -> None:
    """One document: name, system, description, input schema."""
    document = json.loads(run(FakeDesk(tools=[ORDER_TOOL]), "tools", "--json").stdout)
    assert document == [
        {
            "name": "get_order",
            "system": "aurora",
            "description": "One order with its customer. More words.",
            "input_schema": ORDER_TOOL.input_schema,
        }
    ]


def test_doctor_says_what_to_do_about_a_system_that_fails() -> None:
    """Exit code 3, the advice, and the same as one JSON document."""
    checks = [
        SystemCheck("aurora", True, 4, "answers"),
        SystemCheck("profile", False, 2000, "did not answer", "Check DESKHAND_GATEWAY_URL."),
    ]
    desk = FakeDesk(checks=checks)
    shown, document = run(desk, "doctor"), json.loads(run(desk, "doctor", "--json").stdout)
    assert shown.exit_code == 3
    assert "✓   aurora" in shown.stdout
    assert "profile: Check DESKHAND_GATEWAY_URL." in shown.stdout
    assert document["ok"] is False
    assert document["systems"][1]["advice"] == "Check DESKHAND_GATEWAY_URL."
    assert run(FakeDesk(checks=checks[:1]), "doctor").exit_code == 0


def test_a_tool_is_called_and_its_result_printed() -> None:
    """As the model would call it; with ``--json`` the result stands in its envelope."""
    desk = FakeDesk(results={"get_order": ORDER})
    plain = run(desk, "call", "get_order", '{"order_id": 1}')
    wrapped = json.loads(run(desk, "call", "get_order", '{"order_id": 1}', "--json").stdout)
    assert json.loads(plain.stdout) == ORDER
    assert desk.called[0] == ("get_order", {"order_id": 1})
    assert (wrapped["tool"], wrapped["ok"], wrapped["result"]) == ("get_order", True, ORDER)
    assert isinstance(wrapped["ms"], int)


@pytest.mark.parametrize(
    ("kind", "exit_code"),
    [
        ("invalid_input", 2),
        ("refused", 1),
        ("internal", 1),
        ("unavailable", 3),
        ("timeout", 3),
        ("busy", 3),
    ],
)
def test_a_tool_that_fails_sets_the_exit_code(kind: Any, exit_code: int) -> None:
    """Its error is the result."""
    ran = run(FakeDesk(results={"t": error(kind, "No.")}), "call", "t", "{}")
    assert ran.exit_code == exit_code
    assert json.loads(ran.stdout)["error"]["kind"] == kind


@pytest.mark.parametrize(
    "arguments",
    [
        ["call"],
        ["call", "get_order", "{broken"],
        ["call", "get_order", "[1]"],
        ["call", "get_order", "--batch"],
        ["call", "get_order", "{}", "more"],
        ["nonsense"],
        ["ask"],
        ["ask", "Who?", "--stack", "moon"],
        ["serve", "--port", "99999"],
        ["seed", "--customers", "many"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_code_two(arguments: list[str]) -> None:
    """With words on stderr and nothing on stdout."""
    ran = run(FakeDesk(), *arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr


def test_a_batch_answers_line_by_line_in_order_whatever_a_line_holds() -> None:
    """A broken line is told of and the next one goes on."""
    lines = [
        '{"tool": "get_order", "input": {"order_id": 1}}',
        "{broken",
        "",
        "[1, 2]",
        '{"tool": 7, "input": {}}',
        '{"tool": "get_order", "input": "1"}',
        "[" * 100_000,
        '{"tool": "get_order", "input": {"q": "' + "x" * 1_000_001 + '"}}',
        '{"tool": "missing", "input": {}}',
        '{"tool": "get_order", "input": {"q": "größer 🙂 \\ud800"}}',
    ]
    ran = run(FakeDesk(results={"get_order": ORDER}), "call", "--batch", stdin="\n".join(lines))
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.exit_code == 0
    assert [answer["ok"] for answer in answers] == [True, *[False] * 7, True]
    assert {answer["error"]["kind"] for answer in answers if not answer["ok"]} == {"invalid_input"}
    assert answers[0]["result"] == ORDER
    assert answers[4]["tool"] == "get_order"
    assert all(isinstance(answer["ms"], int) for answer in answers)


def test_the_addresses_of_a_kept_stack_hold_no_secret() -> None:
    """They may be read aloud."""
    lines = address_lines(
        {
            "DESKHAND_AURORA_DSN": "host=127.0.0.1 port=5 dbname=d user=u password=hunter2",
            "DESKHAND_CATALOG_URL": "http://user:hunter2@127.0.0.1:7/mcp?token=hunter2",
            "DESKHAND_CLIENT_SECRET": "hunter2",
        }
    )
    assert lines == [
        "aurora    postgresql host=127.0.0.1 port=5 dbname=d",
        "catalog   http://127.0.0.1:7/mcp",
    ]
    url = {"DESKHAND_AURORA_DSN": "postgresql://u:hunter2@127.0.0.1:5/d?password=hunter2"}
    assert address_lines(url) == ["aurora    postgresql://127.0.0.1:5/d"]


def test_a_kept_stack_that_goes_away_is_told() -> None:
    """``up`` does not sit on a dead stack."""
    opened = stack_with(FakeDesk())

    @contextmanager
    def dying(choice: StackChoice, say: Say, *, for_desk: bool = True) -> Iterator[Stack]:
        with opened(choice, say) as stack:
            yield Stack(stack.settings, {}, stack.open_desk, lost_within=lambda seconds: True)

    ran = CliRunner().invoke(deskhand, ["up"], obj=dying)
    assert ran.exit_code == 3
    assert "The local stack has gone" in ran.stderr


@pytest.mark.parametrize(
    ("trouble", "exit_code", "code"),
    [
        (SettingsError("DESKHAND_AURORA_DSN", "is not set."), 2, "bad_settings"),
        (LocalStackFailed("The disk is full."), 3, "unavailable"),
        (OSError("secret text"), 1, "internal"),
    ],
)
def test_a_stack_that_cannot_be_opened_is_said_in_words(
    trouble: Exception, exit_code: int, code: str
) -> None:
    """On stderr for people and, with ``--json``, as the document."""

    def failing(
        choice: StackChoice, say: Say, *, for_desk: bool = True
    ) -> AbstractContextManager[Stack]:
        raise trouble

    plain = CliRunner().invoke(deskhand, ["tools"], obj=failing)
    document = CliRunner().invoke(deskhand, ["tools", "--json"], obj=failing)
    assert (plain.exit_code, document.exit_code) == (exit_code, exit_code)
    assert json.loads(document.stdout)["error"]["code"] == code
    assert plain.stdout == ""
    assert "secret text" not in plain.output
    assert "Traceback" not in plain.output
