"""The local Converse endpoint says what Bedrock's own service model describes, and nothing else."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from botocore.eventstream import EventStreamBuffer

from deploy.local.bedrock.faults import ERRORS
from deploy.local.bedrock.script import Step, say, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from tests.deploy.local.bedrock.converse_client import HELLO, MODEL_ID
from tests.network import NO_CERTIFICATES
from tests.service_model import faults, service

MODEL = service("bedrock-runtime")
CONVERSE = MODEL.operation_model("Converse")
STREAM = MODEL.operation_model("ConverseStream")


async def posted(bedrock: ScriptedBedrock, path: str) -> httpx.Response:
    """A request without AWS's library, which passes over what it does not know."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as http:
        url = f"{bedrock.url}/model/{MODEL_ID}/{path}"
        return await http.post(url, json={"messages": HELLO})


async def test_a_reply_has_the_shape_of_bedrock_s(scripted_bedrock: ScriptedBedrock) -> None:
    """Every member that must be there, and none that is not described."""
    scripted_bedrock.script.replace([use(("get_order", {"order_id": 7}), text="Looking.")])
    answer = await posted(scripted_bedrock, "converse")
    assert list(faults(answer.json(), CONVERSE.output_shape)) == []


async def test_each_frame_has_the_shape_of_its_event(scripted_bedrock: ScriptedBedrock) -> None:
    """Text, a tool's input, stops and usage."""
    scripted_bedrock.script.replace([use(("get_order", {"order_id": 7}), text="Looking.")])
    answer = await posted(scripted_bedrock, "converse-stream")
    buffer = EventStreamBuffer()
    buffer.add_data(answer.content)
    events = STREAM.output_shape.members["stream"].members
    seen = set()
    for frame in buffer:
        kind = frame.headers[":event-type"]
        seen.add(kind)
        told: dict[str, Any] = httpx.Response(200, content=frame.payload).json()
        told.pop("p", None)  # padding, as Bedrock sends it
        assert list(faults(told, events[kind])) == [], kind
    assert seen == {
        "messageStart",
        "contentBlockStart",
        "contentBlockDelta",
        "contentBlockStop",
        "messageStop",
        "metadata",
    }


@pytest.mark.parametrize("fault", ERRORS)
async def test_an_error_is_one_that_the_operation_names(
    fault: Any, scripted_bedrock: ScriptedBedrock
) -> None:
    """With the status of its own."""
    scripted_bedrock.script.replace([Step(fault=fault, reply=say("x").reply)])
    answer = await posted(scripted_bedrock, "converse")
    known = {shape.name: shape.metadata["error"] for shape in CONVERSE.error_shapes}
    name = answer.headers["x-amzn-errortype"].partition(":")[0]
    assert answer.status_code == known[name]["httpStatusCode"]
