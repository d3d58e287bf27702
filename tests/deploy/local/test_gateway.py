"""The gateway emulator over real HTTP: names, pages, what a Lambda handler is given, its faults."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent

from deploy.local.gateway import FAULT, Gateway, Target
from deploy.local.http_system import HttpSystem
from tests.network import NO_CERTIFICATES

SCHEMA = {"type": "object", "properties": {"serial": {"type": "string"}}, "required": ["serial"]}
NEVER = threading.Event()


def tool(name: str) -> dict[str, Any]:
    """A tool as the schema file holds it."""
    return {"name": name, "description": f"Does {name}.", "inputSchema": SCHEMA}


def describe(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A handler that says what it was given."""
    return {
        "event": event,
        "custom": dict(context.client_context.custom),
        "milliseconds": context.get_remaining_time_in_millis(),
    }


def fail(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A handler with a fault."""
    raise RuntimeError(f"secret of {event}")


def give_no_json(event: dict[str, Any], context: Any) -> object:
    """A handler whose result Lambda cannot hand over."""
    return {"at": object()}


def hang(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A handler that takes longer than it may."""
    NEVER.wait(2)
    return {}


TARGETS = (
    Target("warranty", [tool("check"), tool("find")], describe),
    Target("broken", [tool("fail")], fail),
    Target("odd", [tool("give")], give_no_json),
    Target("slow", [tool("hang")], hang),
)


@asynccontextmanager
async def connected(
    *, page_size: int = 100, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Client]:
    """An MCP client of a running gateway without authorization."""
    system = HttpSystem()
    await system.start(Gateway(TARGETS, page_size=page_size, handler_seconds=0.5).app)
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES, headers=headers) as http:
        async with Client(streamable_http_client(f"{system.url}/mcp", http_client=http)) as client:
            yield client
    await system.stop()
    system.close()


async def call(client: Client, name: str, **arguments: Any) -> tuple[bool, str]:
    """Whether the call was an error, and its text."""
    result = await client.call_tool(name, arguments)
    assert isinstance(result.content[0], TextContent)
    return bool(result.is_error), result.content[0].text


async def test_tools_carry_the_name_of_their_target() -> None:
    """Three underscores, as AgentCore has it; descriptions and schemas pass unchanged."""
    async with connected() as client:
        tools = (await client.list_tools()).tools
    assert [item.name for item in tools][:2] == ["warranty___check", "warranty___find"]
    assert tools[0].description == "Does check."
    assert tools[0].input_schema == SCHEMA


async def test_a_long_list_comes_in_pages() -> None:
    """The cursor leads from one to the next, and the last has none."""
    names: list[str] = []
    async with connected(page_size=2) as client:
        page = await client.list_tools()
        names += [item.name for item in page.tools]
        while page.next_cursor:
            page = await client.list_tools(cursor=page.next_cursor)
            names += [item.name for item in page.tools]
        with pytest.raises(MCPError):
            await client.list_tools(cursor="elsewhere")
    assert names == [
        "warranty___check",
        "warranty___find",
        "broken___fail",
        "odd___give",
        "slow___hang",
    ]


async def test_a_handler_gets_bare_arguments_and_the_context_of_agentcore() -> None:
    """The event is the arguments; who called which tool is in the client context."""
    headers = {"x-deskhand-today": "2025-01-01", "x-other": "secret"}
    async with connected(headers=headers) as client:
        await client.list_tools()
        result = await client.call_tool("warranty___check", {"serial": "Ä-1"})
    given = _json(result.content[0])
    assert given["event"] == {"serial": "Ä-1"}
    custom = given["custom"]
    assert custom["bedrockAgentCoreToolName"] == "warranty___check"
    assert custom["bedrockAgentCoreMessageVersion"] == "1.0"
    assert custom["bedrockAgentCorePropagatedHeaders"] == {"x-deskhand-today": "2025-01-01"}
    assert {"AwsRequestId", "McpMessageId", "GatewayId", "TargetId"} <= {
        name.removeprefix("bedrockAgentCore") for name in custom
    }
    assert 0 < given["milliseconds"] <= 500


async def test_headers_are_not_mentioned_when_there_are_none() -> None:
    """As in AWS, where the key is absent."""
    async with connected() as client:
        result = await client.call_tool("warranty___check", {"serial": "1"})
    assert "bedrockAgentCorePropagatedHeaders" not in _json(result.content[0])["custom"]


@pytest.mark.parametrize("name", ["broken___fail", "odd___give", "slow___hang"])
async def test_a_fault_says_nothing_of_its_cause(name: str) -> None:
    """An error, a result that is no JSON and a timeout look the same; the next call works."""
    async with connected() as client:
        assert await call(client, name, serial="1") == (True, FAULT)
        failed, _ = await call(client, "warranty___check", serial="1")
    assert not failed


@pytest.mark.parametrize("name", ["warranty___sell", "warranty", "nobody___check", "___"])
async def test_a_tool_that_does_not_exist_is_a_protocol_error(name: str) -> None:
    """The handler is not asked."""
    async with connected() as client:
        with pytest.raises(MCPError, match="Unknown tool"):
            await client.call_tool(name, {})


def _json(block: object) -> dict[str, Any]:
    assert isinstance(block, TextContent)
    found: dict[str, Any] = json.loads(block.text)
    return found
