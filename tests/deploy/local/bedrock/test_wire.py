"""The Converse wire, read by botocore: what it serves, what it refuses, how it streams."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from deploy.local.bedrock.script import ScriptedReply, Step, say, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.bedrock.scripted import scripted_bedrock as serve_script
from tests.deploy.local.bedrock.converse_client import (
    HELLO,
    MODEL_ID,
    client_of,
    in_thread,
    stream_events,
    texts,
)
from tests.network import NO_CERTIFICATES


async def test_converse_gives_the_whole_reply(scripted_bedrock: ScriptedBedrock) -> None:
    """Message, stop reason and usage arrive as Bedrock's own."""
    scripted_bedrock.script.replace([say("Good morning.")])
    answer = await in_thread(client_of(scripted_bedrock).converse, modelId=MODEL_ID, messages=HELLO)
    assert answer["output"]["message"] == {
        "role": "assistant",
        "content": [{"text": "Good morning."}],
    }
    assert answer["stopReason"] == "end_turn"
    assert answer["usage"] == {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15}


async def test_text_is_streamed_in_small_pieces(scripted_bedrock: ScriptedBedrock) -> None:
    """The pieces are word-sized, and joined they are the text with every space and line break."""
    table = "| id | total |\n|---|---|\n| 7 | 1,329.98 |\n\n"
    said = table + "Das wär’s, 祝好! 🎉 <outcome>answered</outcome>"
    scripted_bedrock.script.replace([say(said)])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    pieces = texts(events)
    assert "".join(pieces) == said
    assert len(pieces) > 20
    assert max(map(len, pieces)) <= 14


async def test_events_come_in_the_order_of_bedrock(scripted_bedrock: ScriptedBedrock) -> None:
    """Text has no start event, a tool has one, every block has a stop, and usage comes last."""
    scripted_bedrock.script.replace([use(("get_order", {"order_id": 7}), text="Looking.")])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    kinds = [next(iter(event)) for event in events]
    assert [kind for kind in kinds if kind != "contentBlockDelta"] == [
        "messageStart",
        "contentBlockStop",
        "contentBlockStart",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    assert events[-2]["messageStop"]["stopReason"] == "tool_use"


async def test_tool_input_is_cut_into_several_parts(scripted_bedrock: ScriptedBedrock) -> None:
    """Parts of a tool's input are no JSON by themselves."""
    given = {"sql": "SELECT 'Zoë' AS name", "limit": 20}
    scripted_bedrock.script.replace([use(("query_database", given))])
    events = await in_thread(stream_events, client_of(scripted_bedrock))
    parts = [
        event["contentBlockDelta"]["delta"]["toolUse"]["input"]
        for event in events
        if "contentBlockDelta" in event
    ]
    assert len(parts) > 2
    assert "".join(parts) == '{"sql": "SELECT \'Zoë\' AS name", "limit": 20}'


async def test_a_responder_sees_the_request_as_it_was_sent() -> None:
    """Behind the wire stands one function of the request's body."""

    def echo(body: dict[str, Any]) -> ScriptedReply:
        return ScriptedReply([{"text": f"You said {body['messages'][0]['content'][0]['text']}."}])

    async with serve_script(responder=echo) as bedrock:
        events = await in_thread(stream_events, client_of(bedrock), system=[{"text": "Be kind."}])
        assert "".join(texts(events)) == "You said Hello."
        assert bedrock.bodies[0]["system"] == [{"text": "Be kind."}]


async def test_a_responder_that_fails_is_an_internal_error() -> None:
    """Its text stays here, and the next request is served."""
    replies = iter([{}, {"content": [{"text": "Well."}]}])

    def fail_once(body: dict[str, Any]) -> ScriptedReply:
        return ScriptedReply(next(replies)["content"])

    async with serve_script(responder=fail_once) as bedrock:
        client = client_of(bedrock)
        with pytest.raises(ClientError, match="InternalServerException") as failed:
            await in_thread(stream_events, client)
        assert "content" not in failed.value.response["Error"]["Message"]
        assert texts(await in_thread(stream_events, client)) == ["Well", "."]


async def test_many_streams_are_served_at_once(scripted_bedrock: ScriptedBedrock) -> None:
    """Eight callers wait together for eight answers, not one after the other."""
    scripted_bedrock.script.replace(
        [Step(fault="slow", seconds=0.3, reply=ScriptedReply([{"text": "x"}]))] * 8
    )
    clients = [client_of(scripted_bedrock) for _ in range(8)]
    await asyncio.gather(*(in_thread(stream_events, client) for client in clients))
    assert scripted_bedrock.script.most_in_flight >= 4
    assert scripted_bedrock.script.in_flight == 0


async def test_tokens_are_counted(scripted_bedrock: ScriptedBedrock) -> None:
    """The count is rough, and grows with the request."""
    client = client_of(scripted_bedrock)

    def count(text: str) -> int:
        messages = [{"role": "user", "content": [{"text": text}]}]
        answer = client.count_tokens(modelId=MODEL_ID, input={"converse": {"messages": messages}})
        return int(answer["inputTokens"])

    assert 0 < await in_thread(count, "short") < await in_thread(count, "long " * 200)


async def test_another_model_is_refused(scripted_bedrock: ScriptedBedrock) -> None:
    """The endpoint never pretends to be a model that it is not."""
    client = client_of(scripted_bedrock)
    for model_id in (
        "global.anthropic.claude-sonnet-4-6",
        "arn:aws:bedrock:us-west-2:111122223333:inference-profile/global.anthropic.claude",
    ):
        with pytest.raises(ClientError) as refused:
            await in_thread(client.converse, modelId=model_id, messages=HELLO)
        assert refused.value.response["Error"]["Code"] == "ValidationException"


async def test_a_body_that_is_no_json_is_refused(scripted_bedrock: ScriptedBedrock) -> None:
    """The refusal carries Bedrock's error header."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        for body in (b"{", b"[]", b"\xff\xfe", b""):
            answer = await client.post(
                f"{scripted_bedrock.url}/model/{MODEL_ID}/converse", content=body
            )
            assert answer.status_code == 400
            assert answer.headers["x-amzn-ErrorType"] == "SerializationException"


async def test_an_exhausted_script_fails_loudly(scripted_bedrock: ScriptedBedrock) -> None:
    """A test that makes one call too many hears of it."""
    with pytest.raises(ClientError, match="script has run out"):
        await in_thread(client_of(scripted_bedrock).converse, modelId=MODEL_ID, messages=HELLO)


async def test_pacing_is_bounded_however_long_the_text() -> None:
    """A slow pace never adds more than its bound to one answer."""
    async with serve_script([say("word " * 2000)], pace=5.0) as bedrock:
        client = client_of(bedrock)
        began = time.monotonic()
        events = await in_thread(stream_events, client)
    assert len(texts(events)) >= 2000
    assert time.monotonic() - began < 2
