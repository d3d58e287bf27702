"""Every way in which Bedrock fails, as botocore and the script's counts see it."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError, EventStreamError, ReadTimeoutError
from urllib3.exceptions import ProtocolError

from deploy.local.bedrock.script import ScriptedReply, Step, say, throttled, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from tests.deploy.local.bedrock.converse_client import (
    HELLO,
    MODEL_ID,
    client_of,
    in_thread,
    stream_events,
    texts,
)
from tests.network import NO_CERTIFICATES

WORDS = ScriptedReply([{"text": "one two three four five"}])


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        ("throttle", "ThrottlingException", 429),
        ("server_error", "InternalServerException", 500),
        ("unavailable", "ServiceUnavailableException", 503),
        ("access_denied", "AccessDeniedException", 403),
        ("model_timeout", "ModelTimeoutException", 408),
        ("too_long", "ValidationException", 400),
    ],
)
async def test_an_error_before_the_stream_has_its_name_and_status(
    scripted_bedrock: ScriptedBedrock, fault: Any, code: str, status: int
) -> None:
    """Botocore tells the errors apart by name, on both operations."""
    scripted_bedrock.script.replace([Step(fault=fault), Step(fault=fault)])
    client = client_of(scripted_bedrock)
    for operation in (client.converse, client.converse_stream):
        with pytest.raises(ClientError) as failed:
            await in_thread(operation, modelId=MODEL_ID, messages=HELLO)
        assert failed.value.response["Error"]["Code"] == code
        assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


async def test_throttling_ends_after_so_many_requests(scripted_bedrock: ScriptedBedrock) -> None:
    """A script says how often, and the next request is served."""
    scripted_bedrock.script.replace([*throttled(2), say("At last.")])
    client = client_of(scripted_bedrock)
    for _ in range(2):
        with pytest.raises(ClientError):
            await in_thread(stream_events, client)
    assert "".join(texts(await in_thread(stream_events, client))) == "At last."
    assert scripted_bedrock.requests == 3


async def test_an_exception_in_mid_stream_comes_after_some_pieces(
    scripted_bedrock: ScriptedBedrock,
) -> None:
    """The text so far has been delivered when the exception frame arrives."""
    step = Step(fault="stream_exception", after=2, exception="throttlingException", reply=WORDS)
    scripted_bedrock.script.replace([step])
    heard: list[dict[str, Any]] = []

    def listen() -> None:
        answer = client_of(scripted_bedrock).converse_stream(modelId=MODEL_ID, messages=HELLO)
        with closing(answer["stream"]) as stream:
            heard.extend(stream)

    with pytest.raises(EventStreamError, match="throttlingException"):
        await in_thread(listen)
    assert texts(heard) == ["one", " two"]


async def test_a_cut_connection_is_a_protocol_error(scripted_bedrock: ScriptedBedrock) -> None:
    """The connection breaks without the end of the stream."""
    scripted_bedrock.script.replace([Step(fault="cut", after=1, reply=WORDS)])
    with pytest.raises(ProtocolError):
        await in_thread(stream_events, client_of(scripted_bedrock))


async def test_a_silent_end_has_no_stop_reason(scripted_bedrock: ScriptedBedrock) -> None:
    """Only a missing messageStop shows that the answer is not whole."""
    scripted_bedrock.script.replace([Step(fault="silent_end", after=3, reply=WORDS)])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    assert texts(events) == ["one", " two", " three"]
    assert not any("messageStop" in event for event in events)


async def test_a_tool_use_stop_may_lack_its_tool(scripted_bedrock: ScriptedBedrock) -> None:
    """The stop reason promises a tool that is not there."""
    scripted_bedrock.script.replace([Step(fault="tool_use_without_tool", reply=WORDS)])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    assert {"messageStop": {"stopReason": "tool_use"}} in events
    assert not any("contentBlockStart" in event for event in events)


async def test_a_tool_input_may_be_no_json(scripted_bedrock: ScriptedBedrock) -> None:
    """The input ends in the middle."""
    calls = use(("list_orders", {"customer_id": "CUST003"})).reply
    scripted_bedrock.script.replace([Step(fault="malformed_tool_input", reply=calls)])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    parts = [
        event["contentBlockDelta"]["delta"]["toolUse"]["input"]
        for event in events
        if "contentBlockDelta" in event
    ]
    assert "".join(parts) == '{"customer_id": "CUS'


async def test_an_answer_may_run_into_its_token_limit(scripted_bedrock: ScriptedBedrock) -> None:
    """The text is cut and the stop reason says so."""
    scripted_bedrock.script.replace([Step(fault="max_tokens", after=2, reply=WORDS)])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    assert texts(events) == ["one", " two"]
    assert {"messageStop": {"stopReason": "max_tokens"}} in events


async def test_a_guardrail_may_speak_in_place_of_the_model(
    scripted_bedrock: ScriptedBedrock,
) -> None:
    """The stop reason names the guardrail, and nothing of the answer is left."""
    scripted_bedrock.script.replace([Step(fault="guardrail", reply=WORDS)])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    assert "one" not in texts(events)
    assert {"messageStop": {"stopReason": "guardrail_intervened"}} in events


async def test_an_answer_may_be_empty(scripted_bedrock: ScriptedBedrock) -> None:
    """The turn ends without a single block."""
    scripted_bedrock.script.replace([Step(fault="empty", reply=WORDS)])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    assert [next(iter(event)) for event in events] == ["messageStart", "messageStop", "metadata"]


async def test_a_slow_first_token_can_outlast_the_reader(scripted_bedrock: ScriptedBedrock) -> None:
    """A client that gives up is not waited for."""
    scripted_bedrock.script.replace([Step(fault="slow", seconds=30, reply=WORDS), say("Soon.")])
    client = client_of(scripted_bedrock, read_timeout=0.2)
    with pytest.raises(ReadTimeoutError):
        await in_thread(stream_events, client)
    assert texts(await in_thread(stream_events, client)) == ["Soon", "."]


async def test_a_stream_can_stall_in_the_middle(scripted_bedrock: ScriptedBedrock) -> None:
    """The reader's timeout counts between two pieces too."""
    scripted_bedrock.script.replace([Step(fault="stall", after=2, seconds=30, reply=WORDS)])
    with pytest.raises(Exception, match="timed out"):
        await in_thread(stream_events, client_of(scripted_bedrock, read_timeout=0.2))


async def test_a_reader_who_leaves_ends_the_stream(scripted_bedrock: ScriptedBedrock) -> None:
    """Nothing is left in flight behind a closed connection."""
    scripted_bedrock.script.replace([Step(fault="stall", after=1, seconds=30, reply=WORDS)])
    url = f"{scripted_bedrock.url}/model/{MODEL_ID}/converse-stream"
    async with (
        httpx.AsyncClient(verify=NO_CERTIFICATES) as client,
        client.stream("POST", url, json={"messages": HELLO}) as answer,
    ):
        await anext(answer.aiter_raw())
        assert scripted_bedrock.script.in_flight == 1
    async with asyncio.timeout(2):
        await scripted_bedrock.script.wait_until_idle()
    assert scripted_bedrock.script.in_flight == 0


async def test_a_running_endpoint_is_scripted_over_http(scripted_bedrock: ScriptedBedrock) -> None:
    """Another process writes the script and reads the counts."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES, base_url=scripted_bedrock.url) as client:
        put = await client.put(
            "/_control/script",
            json=[{"fault": "throttle"}, {"reply": {"content": [{"text": "Hi."}]}}],
        )
        assert put.json() == {"steps": 2}
        first, second = [
            await client.post(f"/model/{MODEL_ID}/converse", json={"messages": HELLO})
            for _ in range(2)
        ]
        assert (first.status_code, second.status_code) == (429, 200)
        counts = (await client.get("/_control/counts")).json()
        assert counts["requests"] == 2
        assert counts["last_body"] == {"messages": HELLO}
        await client.delete("/_control")
        assert (await client.get("/_control/counts")).json()["requests"] == 0


@pytest.mark.parametrize("step", [{"fault": "earthquake"}, {"colour": "red"}, 7])
async def test_a_script_with_a_mistake_is_refused(
    scripted_bedrock: ScriptedBedrock, step: object
) -> None:
    """A misspelt fault does not pass for none."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        answer = await client.put(f"{scripted_bedrock.url}/_control/script", json=[step])
    assert answer.status_code == 400
    assert "message" in answer.json()


async def test_a_web_page_with_a_name_of_its_own_reads_nothing(
    scripted_bedrock: ScriptedBedrock,
) -> None:
    """Its name may resolve to this machine, but it is not ours."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        answer = await client.get(
            f"{scripted_bedrock.url}/_control/counts", headers={"Host": "evil.example"}
        )
    assert answer.status_code == 400


async def test_a_web_page_cannot_write_the_script(scripted_bedrock: ScriptedBedrock) -> None:
    """A form can be sent from anywhere, JSON needs a program."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        answer = await client.put(
            f"{scripted_bedrock.url}/_control/script",
            content=b"[]",
            headers={"Content-Type": "text/plain"},
        )
    assert answer.status_code == 400
