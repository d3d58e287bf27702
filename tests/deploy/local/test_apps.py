"""The HTTP systems as the stack serves them: real handlers, the understudy, scripted faults."""

from __future__ import annotations

import json
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import TextContent

from deploy.local.stack import LocalStack
from tests.network import NO_CERTIFICATES

pytestmark = pytest.mark.stack

ASKING = {
    "system": [{"text": "You answer questions about customers."}],
    "messages": [
        {
            "role": "user",
            "content": [{"text": '<turn today="2026-11-22"/>'}, {"text": "Order number 3?"}],
        }
    ],
    "toolConfig": {
        "tools": [
            {
                "toolSpec": {
                    "name": "get_order",
                    "description": "One order by its number, with its customer.",
                    "inputSchema": {
                        "json": {
                            "type": "object",
                            "properties": {"order_id": {"type": "integer"}},
                            "required": ["order_id"],
                        }
                    },
                }
            }
        ]
    },
}


async def call(local_stack: LocalStack, tool: str, **arguments: Any) -> dict[str, Any]:
    """Calls a tool of the gateway on a frozen day."""
    environment = local_stack.environment
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        answer = await http.post(
            environment["DESKHAND_TOKEN_URL"],
            data={"grant_type": "client_credentials"},
            auth=(environment["DESKHAND_CLIENT_ID"], environment["DESKHAND_CLIENT_SECRET"]),
        )
    headers = {
        "Authorization": f"Bearer {answer.json()['access_token']}",
        "x-deskhand-today": "2024-01-31",
    }
    url = environment["DESKHAND_GATEWAY_URL"]
    async with (
        httpx2.AsyncClient(verify=NO_CERTIFICATES, headers=headers) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        result = await client.call_tool(tool, arguments)
    assert not result.is_error
    assert isinstance(result.content[0], TextContent)
    found: dict[str, Any] = json.loads(result.content[0].text)
    return found


async def test_a_warranty_is_judged_on_the_day_that_the_caller_says(
    local_stack: LocalStack,
) -> None:
    """The header passes the gateway, and the Lambda handler reads it."""
    found = await call(
        local_stack, "warranty___check_warranty_status", serial_number="laptop001a1b2c"
    )
    assert found["as_of"] == "2024-01-31"
    assert found["warranty"]["serial_number"] == "LAPTOP001A1B2C"


async def test_a_profile_comes_without_the_date_of_birth(local_stack: LocalStack) -> None:
    """Whatever is stored, it does not leave the handler."""
    found = await call(local_stack, "profile___get_customer_profile", customer_id="CUST003")
    assert found["profile"]["first_name"] == "Bob"
    assert "date_of_birth" not in json.dumps(found)


async def test_a_mistake_of_the_caller_is_data(local_stack: LocalStack) -> None:
    """The gateway's own error is kept for faults."""
    found = await call(local_stack, "profile___list_customer_profiles")
    assert found["error"]["kind"] == "invalid_input"


async def test_the_understudy_answers_and_can_be_scripted(local_stack: LocalStack) -> None:
    """It asks for the tool it needs; a fault set from outside comes first."""
    async with httpx.AsyncClient(
        verify=NO_CERTIFICATES, base_url=local_stack.environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]
    ) as client:
        await client.put("/_control/script", json=[{"fault": "throttle"}])
        url = "/model/local.understudy/converse"
        throttled, answered = [await client.post(url, json=ASKING) for _ in range(2)]
    assert throttled.headers["x-amzn-ErrorType"] == "ThrottlingException"
    assert answered.json()["stopReason"] == "tool_use"
    blocks = answered.json()["output"]["message"]["content"]
    assert [block["toolUse"]["input"] for block in blocks if "toolUse" in block] == [
        {"order_id": 3}
    ]
