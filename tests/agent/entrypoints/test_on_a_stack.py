"""The command line and the runtime server as they are, on the real local stack."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent import Settings, open_desk
from agent.entrypoints.questions import rep_at_terminal
from agent.settings import variable_names
from deploy.local.bedrock.script import ScriptedReply, Step, say
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.served import EVENTS, SESSION, frames_of, serving

pytestmark = pytest.mark.stack

ROOT = Path(__file__).parents[3]
SECONDS = 60
CUST003 = "Who is customer CUST003, and which orders does he have?"


async def deskhand(
    *arguments: str, environment: Mapping[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a process of its own, off this test's loop."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-X", "utf8", "-m", "agent.entrypoints.cli", *arguments],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            cwd="/",
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    return await asyncio.to_thread(run)


async def test_a_question_is_answered_out_of_several_systems(local_stack: LocalStack) -> None:
    """The Answer is the only thing on stdout; aurora and profile were asked."""
    ran = await deskhand("ask", CUST003, "--json", environment=local_stack.environment)
    answer = json.loads(ran.stdout)
    assert ran.returncode == 0, ran.stderr
    assert {"aurora", "profile"} <= {call["system"] for call in answer["tool_calls"]}
    assert "Bob Johnson" in answer["answer"]
    assert (answer["outcome"], answer["unavailable"]) == ("answered", [])
    assert ran.stderr == ""


async def test_a_conversation_goes_on_in_another_process(local_stack: LocalStack) -> None:
    """History lives in the stack: a pronoun finds the customer of the question before."""
    options = ("--conversation", "across-processes", "--json")
    environment = local_stack.environment
    await deskhand("ask", "Who is CUST003?", *options, environment=environment)
    ran = await deskhand("ask", "Which orders does he have?", *options, environment=environment)
    calls = json.loads(ran.stdout)["tool_calls"]
    assert "CUST003" in json.dumps([call["input"] for call in calls])


async def test_a_model_that_is_away_is_exit_code_three(local_stack: LocalStack) -> None:
    """In words, with a code for programs."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        closed = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    environment = {**local_stack.environment, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": closed}
    ran = await deskhand("ask", CUST003, "--json", environment=environment)
    assert ran.returncode == 3
    assert json.loads(ran.stdout)["error"]["code"] == "model_unavailable"


async def test_the_aws_stack_is_never_replaced_by_a_local_one() -> None:
    """Without addresses it is wrong use, and the missing settings are named."""
    ran = await deskhand("doctor", "--stack", "aws", environment={})
    assert ran.returncode == 2
    assert ran.stdout == ""
    for setting in ("DESKHAND_AURORA_DSN", "DESKHAND_CATALOG_URL", "DESKHAND_GATEWAY_URL"):
        assert setting in ran.stderr


async def test_doctor_finds_the_system_that_is_down(local_stack: LocalStack) -> None:
    """All well, then one stopped: exit code 3 and only that one fails."""
    environment = local_stack.environment
    well = await deskhand("doctor", "--json", environment=environment)
    await asyncio.to_thread(local_stack.stop, "aurora")
    ill = await deskhand("doctor", "--json", environment=environment)
    failing = [one["system"] for one in json.loads(ill.stdout)["systems"] if not one["ok"]]
    assert (well.returncode, json.loads(well.stdout)["ok"]) == (0, True), well.stdout
    assert (ill.returncode, failing) == (3, ["aurora"])


async def test_doctor_looks_at_the_stack_that_the_settings_name(local_stack: LocalStack) -> None:
    """Nothing local is started for it, and everything answers."""
    ran = await deskhand("doctor", "--json", "--stack", "aws", environment=local_stack.environment)
    told = json.loads(ran.stdout)
    assert (ran.returncode, told["ok"]) == (0, True), ran.stdout
    assert [one["system"] for one in told["systems"] if not one["ok"]] == []


async def test_doctor_names_the_setting_behind_each_system_that_fails(
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
    ran = await deskhand("doctor", "--json", "--stack", "aws", environment=environment)
    advice = {one["system"]: one["advice"] for one in json.loads(ran.stdout)["systems"]}
    assert ran.returncode == 3
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


async def test_tools_are_called_in_a_batch(local_stack: LocalStack) -> None:
    """A statement that is refused, a gateway tool by its own name, a broken line, an order."""
    lines: list[Any] = [
        {"tool": "query_database", "input": {"sql": "DELETE FROM orders"}},
        {"tool": "check_warranty_status", "input": {"serial_number": "nobody"}},
        "broken",
        {"tool": "get_order", "input": {"order_id": 1}},
    ]
    stdin = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    ran = await deskhand("call", "--batch", environment=local_stack.environment, stdin=stdin)
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, ran.stderr
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
