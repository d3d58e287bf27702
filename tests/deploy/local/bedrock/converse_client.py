"""Calls the local Bedrock as the desk does: botocore in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Any

import boto3
from botocore.config import Config

from deploy.local.bedrock.scripted import ScriptedBedrock

MODEL_ID = "local.understudy"
HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]


def client_of(bedrock: ScriptedBedrock, *, read_timeout: float = 5) -> Any:
    """A Bedrock client without retries of its own."""
    return boto3.client(
        "bedrock-runtime",
        endpoint_url=bedrock.url,
        region_name="us-west-2",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=read_timeout),
    )


def stream_events(client: Any, **request: Any) -> list[dict[str, Any]]:
    """All events of one ConverseStream call."""
    asked = {"modelId": MODEL_ID, "messages": HELLO} | request
    with closing(client.converse_stream(**asked)["stream"]) as stream:
        return list(stream)


def texts(events: list[dict[str, Any]]) -> list[str]:
    """The pieces of text in a stream."""
    deltas = [
        event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event
    ]
    return [delta["text"] for delta in deltas if "text" in delta]


async def in_thread(function: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Runs a blocking client beside the endpoint's event loop."""
    return await asyncio.to_thread(function, *args, **named)
