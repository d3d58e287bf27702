"""What a turn costs, counted and not timed: round trips, tokens, bytes that never change."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

from agent.offering import OfferedTool
from agent.prompting import load_system_prompt
from agent.systems import LABELS, build_systems
from deploy.local.bedrock.script import say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import answer_of, events_of, fake_tool, new_desk, question
from tools.contract import System

BOB = {"customers": [{"customer_id": "CUST003"}], "total": 1}
PRINT_HASH = (
    "import gc; gc.disable(); from tests.agent.test_economy import specs_hash; print(specs_hash())"
)


def tool_specs() -> list[Any]:
    """The specs of all real tools, as a model gets them; nothing is connected."""
    servers = cast("Any", dict.fromkeys(LABELS))
    systems = build_systems(cast("Any", SimpleNamespace(free_select=None)), servers, tool_seconds=1)
    return [OfferedTool(tool, seconds=1).tool_spec for tool in systems.tools]


def specs_hash() -> str:
    """A hash over the specs' bytes in their order."""
    return hashlib.sha256(json.dumps(tool_specs()).encode()).hexdigest()


def test_tools_and_prompt_of_each_request_stay_within_their_budget() -> None:
    """They are sent with every model call; about four characters are a token."""
    assert len(json.dumps(tool_specs())) < 10_500
    assert len(load_system_prompt().text) < 4_500


def test_the_specs_are_the_same_bytes_in_every_process() -> None:
    """A different order or spelling would void the model's prompt cache."""
    own_seed = os.environ.get("PYTHONHASHSEED")
    elsewhere = subprocess.run(
        [sys.executable, "-c", PRINT_HASH],
        env={**os.environ, "PYTHONHASHSEED": "2" if own_seed == "1" else "1", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert elsewhere.stdout.strip() == specs_hash()


def test_every_offered_tool_has_a_system_a_description_and_a_closed_schema() -> None:
    """Bedrock takes at most 64 characters of letters, digits, hyphens and underscores as a name."""
    for spec in tool_specs():
        schema = spec["inputSchema"]["json"]
        assert spec["name"].replace("_", "").replace("-", "").isalnum()
        assert len(spec["name"]) <= 64
        assert spec["description"]
        assert schema["type"] == "object"
    systems: set[System] = {"aurora", "catalog", "warranty", "profile", "local"}
    assert systems == set(LABELS)


async def test_each_request_begins_with_the_whole_request_before_it() -> None:
    """Nothing that was sent once changes later, so a prompt cache is hit on every turn."""
    steps = [
        step for _ in range(10) for step in (use(("find_customers", {"query": "x"})), say("Ok."))
    ]
    async with scripted_bedrock(steps) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", BOB))
        for number in range(10):
            await events_of(desk, question(f"Question {number}?"))
        bodies = bedrock.bodies
    assert len(bodies) == 20
    for earlier, later in pairwise(bodies):
        assert later["messages"][: len(earlier["messages"])] == earlier["messages"]
        assert later["system"] == earlier["system"]
        assert later["toolConfig"] == earlier["toolConfig"]


async def test_tools_asked_for_in_one_round_are_answered_in_one_message() -> None:
    """Four systems cost two model calls and not five."""
    calls = [(f"tool_{number}", {"customer_id": "CUST003"}) for number in range(4)]
    async with scripted_bedrock([use(*calls), say("Done.")]) as bedrock:
        tools = [fake_tool(name, BOB) for name, _ in calls]
        answer = answer_of(await events_of(new_desk(bedrock.url, *tools)))
        results = bedrock.bodies[-1]["messages"][-1]["content"]
    assert answer.usage.model_calls == 2
    assert len([block for block in results if "toolResult" in block]) == 4
