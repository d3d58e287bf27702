"""The command line and the runtime server on the real local stack, in this process."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent import Settings, open_desk
from agent.entrypoints.cli import deskhand
from agent.entrypoints.questions import rep_at_terminal
from agent.settings import variable_names
from deploy.local.bedrock.script import ScriptedReply, Step, say
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.served import EVENTS, SESSION, frames_of, serving

pytestmark = pytest.mark.stack

CUST003 = "Who is customer CUST003, and which orders does he have?"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a command finds no ``.env`` of a developer."""
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, environment: Mapping[str, str], stdin: str = "") -> Result:
    """Runs the command line with the stack that the environment names."""
    return CliRunner().invoke(deskhand, arguments, env=environment, input=stdin)


def test_a_question_is_answered_out_of_several_systems(local_stack: LocalStack) -> None:
    """The Answer is the only thing on stdout; aurora and profile were asked."""
    ran = run("ask", CUST003, "--json", environment=local_stack.environment)
    answer = json.loads(ran.stdout)
    assert ran.exit_code == 0, ran.stderr
    assert {"aurora", "profile"} <= {call["system"] for call in answer["tool_calls"]}
    assert "Bob Johnson" in answer["answer"]
    assert (answer["outcome"], answer["unavailable"]) == ("answered", [])
    assert ran.stderr == ""


def test_a_model_that_is_away_is_exit_code_three(local_stack: LocalStack) -> None:
    """In words, with a code for programs."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        closed = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    environment = {**local_stack.environment, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": closed}
    ran = run("ask", CUST003, "--json", environment=environment)
    assert ran.exit_code == 3
    assert json.loads(ran.stdout)["error"]["code"] == "model_unavailable"


def test_the_aws_stack_is_never_replaced_by_a_local_one() -> None:
    """Without addresses it is wrong use, and the missing settings are named."""
    ran = run("doctor", "--stack", "aws", environment={})
    assert ran.exit_code == 2
    assert ran.stdout == ""
    for setting in ("DESKHAND_AURORA_DSN", "DESKHAND_CATALOG_URL", "DESKHAND_GATEWAY_URL"):
        assert setting in ran.stderr


def test_doctor_finds_the_system_that_is_down(local_stack: LocalStack) -> None:
    """All well, then one stopped: exit code 3 and only that one fails."""
    environment = local_stack.environment
    well = run("doctor", "--json", environment=environment)
    local_stack.stop("aurora")
    ill = run("doctor", "--json", environment=environment)
    failing = [one["system"] for one in json.loads(ill.stdout)["systems"] if not one["ok"]]
    assert (well.exit_code, json.loads(well.stdout)["ok"]) == (0, True), well.stdout
    assert (ill.exit_code, failing) == (3, ["aurora"])


def test_doctor_looks_at_the_stack_that_the_settings_name(local_stack: LocalStack) -> None:
    """Nothing local is started for it, and everything answers."""
    ran = run("doctor", "--json", "--stack", "aws", environment=local_stack.environment)
    told = json.loads(ran.stdout)
    assert (ran.exit_code, told["ok"]) == (0, True), ran.stdout
    assert [one["system"] for one in told["systems"] if not one["ok"]] == []


def test_doctor_names_the_setting_behind_each_system_that_fails(
    local_stack: LocalStack,
) -> None:
    """Here every login and every name is wrong."""
    environment = {
        **local_stack.environment,
        "DESKHAND_AURORA_DSN": "host=127.0.0.1 port=9 dbname=deskhand user=deskhand_reader",
        "DESKHAND_CLIENT_SECRET": "another",
        "DESKHAND_TABLE_PREFIX": "nobody",
        "DESKHAND_MODEL_ID": "no.such-model",
    }
    ran = run("doctor", "--json", "--stack", "aws", environment=environment)
    advice = {one["system"]: one["advice"] for one in json.loads(ran.stdout)["systems"]}
    assert ran.exit_code == 3
    wrong = {
        "aurora": "DESKHAND_AURORA_DSN",
        "catalog": "DESKHAND_CLIENT_SECRET",
        "warranty": "DESKHAND_CLIENT_SECRET",
        "profile": "DESKHAND_CLIENT_SECRET",
        "conversations": "DESKHAND_TABLE_PREFIX",
        "model": "DESKHAND_MODEL_ID",
    }
    assert {system: name for system, name in wrong.items() if name not in advice[system]} == {}
    named = set(re.findall(r"[A-Z]+_[A-Z_]+", " ".join(advice.values())))
    assert named <= set(variable_names().values())


def test_tools_are_called_in_a_batch(local_stack: LocalStack) -> None:
    """A statement that is refused, a gateway tool by its own name, a broken line, an order."""
    lines: list[Any] = [
        {"tool": "query_database", "input": {"sql": "DELETE FROM orders"}},
        {"tool": "check_warranty_status", "input": {"serial_number": "nobody"}},
        "broken",
        {"tool": "get_order", "input": {"order_id": 1}},
    ]
    stdin = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    ran = run("call", "--batch", environment=local_stack.environment, stdin=stdin)
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.exit_code == 0, ran.stderr
    assert [answer["ok"] for answer in answers] == [False, True, False, True]
    assert answers[0]["error"]["kind"] == "refused"
    assert answers[3]["result"]["order"]["total_amount"] == "1329.98"


@pytest.mark.parametrize("headers", [SESSION, EVENTS], ids=["json", "events"])
async def test_the_runtime_serves_a_real_desk(
    local_stack: LocalStack, headers: dict[str, str]
) -> None:
    """Pools, clients and locks of the desk work on the server's own loop."""
    settings = Settings.from_environment(local_stack.environment)
    async with open_desk(settings) as desk, serving(desk) as client:
        answer = await client.post("/invocations", json={"prompt": CUST003}, headers=headers)
    assert answer.status_code == 200
    last = answer.json() if headers is SESSION else frames_of(answer.text)[-1]["result"]
    assert "Bob Johnson" in last["answer"]


async def test_a_client_that_leaves_frees_its_conversation(
    local_stack: LocalStack, scripted_bedrock: ScriptedBedrock
) -> None:
    """The turn stops in mid-answer, nothing of it is stored, and the next question is taken."""
    told = ScriptedReply([{"text": "Slow words of a long answer. " * 20}])
    stalled = Step(fault="stall", reply=told, after=4, seconds=30)
    scripted_bedrock.script.replace([stalled, say("Here. <outcome>answered</outcome>")])
    credentials = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    environment = {**local_stack.environment, **scripted_bedrock.environment()}
    environment |= {name: local_stack.environment[name] for name in credentials}
    body, conversation = {"prompt": "Talk."}, uuid.uuid4().hex
    session = {**SESSION, "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": conversation}
    events = {**session, "Accept": "text/event-stream"}
    async with (
        asyncio.timeout(20),
        open_desk(Settings.from_environment(environment)) as desk,
        serving(desk) as client,
    ):
        async with client.stream("POST", "/invocations", json=body, headers=events) as stream:
            async for piece in stream.aiter_text():
                if "TEXT_MESSAGE_CONTENT" in piece:
                    break
        answer = await client.post("/invocations", json=body, headers=session)
        while answer.status_code == 409:
            answer = await client.post("/invocations", json=body, headers=session)
        stored = await desk.conversations.transcript(rep_at_terminal("").rep_id, conversation)
    assert answer.json()["answer"] == "Here."
    assert [turn.answer for turn in stored] == ["Here."]
