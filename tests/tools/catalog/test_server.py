"""The catalogue over real MCP: exactly its tools, JSON results, and no text of ours in an error."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from pydantic import AnyHttpUrl

from deploy.local.http_system import HttpSystem
from tests.fixtures_dynamodb import Database
from tests.network import NO_CERTIFICATES
from tools.catalog import catalog_tools, specs
from tools.catalog.server import catalog_app

pytestmark = pytest.mark.stack


@pytest.fixture
async def system() -> AsyncIterator[HttpSystem]:
    """A loopback address to serve at."""
    system = HttpSystem()
    yield system
    await system.stop()
    system.close()


@pytest.fixture
async def url(system: HttpSystem, sample: Database) -> str:
    """Where the catalogue is served, over the sample records."""
    await system.start(lambda: catalog_app(catalog_tools(sample.client, sample.tables)))
    return f"{system.url}/mcp"


async def call(url: str, tool: str, arguments: dict[str, Any]) -> tuple[Any, bool]:
    """What a tool answers, as JSON data, and whether it is marked as an error."""
    async with Client(streamable_http_client(url)) as client:
        answer = await client.call_tool(tool, arguments)
    assert isinstance(answer, types.CallToolResult)
    (block,) = answer.content
    assert isinstance(block, types.TextContent)
    return json.loads(block.text), answer.is_error


async def test_the_server_offers_exactly_the_pinned_tools(url: str) -> None:
    """Name, description and schema are those that the desk knows without asking."""
    async with Client(streamable_http_client(url)) as client:
        offered = (await client.list_tools()).tools
    assert [(tool.name, tool.description, tool.input_schema) for tool in offered] == [
        (spec.name, spec.description, spec.input_schema) for spec in specs()
    ]


def test_the_schemas_hold_only_what_a_model_may_choose() -> None:
    """No table, no expression, no attribute list."""
    assert {spec.name: sorted(spec.input_schema["properties"]) for spec in specs()} == {
        "get_product": ["product_id"],
        "find_products": ["category_id", "limit", "name"],
        "list_reviews": [
            "cursor", "customer_id", "limit", "max_rating", "min_rating", "product_id",
        ],
        "get_review": ["review_id"],
        "rating_summary": ["product_id"],
    }  # fmt: skip


async def test_specs_without_a_client_refuse_calls() -> None:
    """They are for offering, not for calling."""
    assert (await specs()[0].call({"product_id": 1}))["error"]["kind"] == "unavailable"


async def test_a_result_is_one_json_text(url: str) -> None:
    """Over HTTP as in process."""
    result, is_error = await call(url, "get_product", {"product_id": 5})
    assert (result["product"]["name"], is_error) == ("USB Cable", False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "product_id: is required"),
        ({"product_id": 1, "table": "x"}, "table: is not an argument of this tool"),
        ({"product_id": {"a": 1}}, "product_id: Input should be a valid integer"),
    ],
)
async def test_wrong_arguments_are_told_in_our_words(
    url: str, arguments: dict[str, Any], message: str
) -> None:
    """One sentence for each argument, without what was sent."""
    assert await call(url, "get_product", arguments) == (
        {"error": {"kind": "invalid_input", "message": message, "retryable": False}},
        True,
    )


async def test_an_unknown_tool_is_an_error_result(url: str) -> None:
    """Its name is not repeated."""
    result, is_error = await call(url, "scan_everything", {})
    assert (result["error"]["message"], is_error) == ("There is no such tool.", True)


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000\\u001b[2J", "\\ud83e\\udd86", "%s{}$ne"])
@pytest.mark.parametrize(
    ("tool", "argument"),
    [
        ("find_products", "name"),
        ("get_review", "review_id"),
        ("list_reviews", "customer_id"),
        ("list_reviews", "cursor"),
    ],
)
async def test_strange_texts_are_answered(url: str, text: str, tool: str, argument: str) -> None:
    """Half characters, control characters and other scripts give data or an error of ours."""
    body = (
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": '
        f'{{"name": "{tool}", "arguments": {{"{argument}": "{text}"}}}}}}'
    )
    headers = {
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
        "MCP-Protocol-Version": "2025-06-18",
    }
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        answer = await http.post(url, content=body, headers=headers)
    assert answer.status_code in (200, 400)
    if "result" in answer.json():
        result = json.loads(answer.json()["result"]["content"][0]["text"])
        assert result.get("error", {"kind": "invalid_input"})["kind"] == "invalid_input"
    working, _ = await call(url, "get_review", {"review_id": "REV001"})
    assert working["found"]


async def test_a_crash_shows_and_logs_no_text_of_the_exception(
    system: HttpSystem, caplog: pytest.LogCaptureFixture
) -> None:
    """It may hold what a customer wrote."""

    async def crash(arguments: Mapping[str, Any]) -> dict[str, Any]:
        raise RuntimeError("canary-4711")

    await system.start(lambda: catalog_app([replace(specs()[0], call=crash)]))
    with caplog.at_level(logging.DEBUG):
        result, is_error = await call(f"{system.url}/mcp", "get_product", {"product_id": 1})
    assert is_error
    assert result["error"] == {
        "kind": "internal",
        "message": "The catalog system could not answer this.",
        "retryable": False,
    }
    assert "canary-4711" not in caplog.text
    assert "error=<RuntimeError>" in caplog.text


async def test_the_platform_can_ping_without_a_token(system: HttpSystem) -> None:
    """AgentCore Runtime asks whether the process is healthy."""
    await system.start(lambda: catalog_app([], token_verifier=_OneToken(), auth=_AUTH))
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        answer = await http.get(f"{system.url}/ping")
    assert (answer.status_code, answer.json()["status"]) == (200, "Healthy")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer narrow"}, 403),
        ({"Authorization": "Bearer good"}, 200),
    ],
)
async def test_a_bearer_token_is_demanded_when_there_is_a_verifier(
    system: HttpSystem, headers: dict[str, str], status: int
) -> None:
    """No, a wrong and a too small token are refused before any tool is seen."""
    await system.start(lambda: catalog_app(specs(), token_verifier=_OneToken(), auth=_AUTH))
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accept = {"Accept": "application/json, text/event-stream"}
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        answer = await http.post(f"{system.url}/mcp", json=body, headers=headers | accept)
    assert answer.status_code == status


async def test_a_foreign_host_name_is_refused_on_loopback(system: HttpSystem) -> None:
    """A web page that the rep visits cannot reach the server by a name of its own."""
    await system.start(lambda: catalog_app(specs()))
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream", "Host": "attacker.example"}
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        answer = await http.post(f"{system.url}/mcp", json=body, headers=headers)
    assert answer.status_code == 421


_AUTH = AuthSettings(
    issuer_url=AnyHttpUrl("http://127.0.0.1:1"),
    resource_server_url=AnyHttpUrl("http://127.0.0.1:1/mcp"),
    required_scopes=["deskhand/read"],
)


class _OneToken:
    """Knows two tokens: one with the scope and one without."""

    async def verify_token(self, token: str) -> AccessToken | None:
        """The bearer of a known token."""
        scopes = {"good": ["deskhand/read"], "narrow": ["other/read"]}
        if token not in scopes:
            return None
        return AccessToken(token=token, client_id="client", scopes=scopes[token])
