"""The gateway's schema file says what the gateway can say, and the handlers keep to it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.fixtures_dynamodb import Clock, call_lambda
from tools.contract import ToolFailure
from tools.gateway import profile, warranty
from tools.gateway.arguments import check
from tools.gateway.schema import PATH, tool_schemas

ALLOWED = {"type", "properties", "required", "items", "description"}
TARGETS = {"warranty": warranty.build_handler, "profile": profile.build_handler}
TABLES = {"warranties": "w", "profiles": "p", "verifications": "v"}
TOOLS = [(target, tool) for target in TARGETS for tool in tool_schemas(target)]
SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "number": {"type": "number"},
        "whole": {"type": "integer"},
    },
    "required": ["text"],
}


def keywords(schema: dict[str, Any]) -> set[str]:
    """All keywords of a schema and of those inside it."""
    inner = [
        *schema.get("properties", {}).values(),
        *([schema["items"]] if "items" in schema else []),
    ]
    return set(schema).union(*map(keywords, inner)) if inner else set(schema)


@pytest.mark.parametrize(("target", "tool"), TOOLS, ids=lambda value: str(value)[:12])
def test_a_schema_uses_only_what_the_gateway_knows(target: str, tool: dict[str, Any]) -> None:
    """No enum, pattern, default or range: the gateway would drop them without a word."""
    assert set(tool) == {"name", "description", "inputSchema"}
    assert keywords(tool["inputSchema"]) <= ALLOWED
    assert tool["inputSchema"]["type"] == "object"
    assert all(held.get("description") for held in tool["inputSchema"]["properties"].values())
    assert len(f"{target}___{tool['name']}") <= 64
    assert re.fullmatch(r"[a-z0-9_]+", tool["name"])


def test_the_file_holds_exactly_the_tools_of_the_handlers() -> None:
    """Properties are pinned: nothing else may become a choice of the model."""
    assert {
        f"{target}___{tool['name']}": sorted(tool["inputSchema"]["properties"])
        for target, tools in json.loads(PATH.read_text()).items()
        for tool in tools
    } == {
        "warranty___check_warranty_status": ["serial_number"],
        "warranty___find_warranties": ["customer_name", "product_name"],
        "profile___get_customer_profile": ["customer_id", "email", "phone"],
        "profile___list_customer_profiles": ["limit", "min_lifetime_value", "tier"],
        "profile___verify_customer": ["customer_id", "date_of_birth", "phone_last4", "zip"],
    }


@pytest.mark.parametrize(("target", "tool"), TOOLS, ids=lambda value: str(value)[:12])
def test_a_handler_knows_its_tools_and_their_arguments(
    target: str, tool: dict[str, Any], clock: Clock
) -> None:
    """Without a database: an unknown argument and an empty call end before one is asked."""
    handler = TARGETS[target](None, TABLES, clock)
    name = f"{target}___{tool['name']}"
    properties = tool["inputSchema"]["properties"]
    only = f"There are only these arguments: {', '.join(properties)}."
    assert call_lambda(handler, name, unknown=1)["error"]["message"] == only
    assert call_lambda(handler, name)["error"]["kind"] == "invalid_input"
    blank = call_lambda(handler, name, **{argument: "  " for argument in properties})
    assert blank["error"]["kind"] == "invalid_input"


@pytest.mark.parametrize("target", TARGETS)
def test_a_tool_of_another_target_is_a_fault(target: str, clock: Clock) -> None:
    """The deployment is wrong, not the caller."""
    handler = TARGETS[target](None, TABLES, clock)
    with pytest.raises(LookupError):
        call_lambda(handler, f"{target}___drop_tables")


def test_arguments_come_back_in_the_types_of_the_schema() -> None:
    """Trimmed, with digits for text, text for digits, and nothing for null."""
    checked = check(SCHEMA, {"text": 12, "number": " 1.50 ", "whole": "7"})
    assert checked == {"text": "12", "number": 1.5, "whole": 7}
    assert check(SCHEMA, {"text": " a ", "number": None, "whole": 3.0}) == {"text": "a", "whole": 3}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "The arguments must be a JSON object."),
        ({}, "text: required"),
        ({"text": None}, "text: required"),
        ({"text": ["a"]}, "text: must be a text"),
        ({"text": True}, "text: must be a text"),
        ({"text": "a" * 201}, "text: must have at most 200 characters"),
        ({"text": "a\x00b"}, "text: must have no control characters"),
        ({"text": "\ud800"}, "text: must have no control characters"),
        ({"text": "a", "number": "x"}, "number: must be a number"),
        ({"text": "a", "number": True}, "number: must be a number"),
        ({"text": "a", "number": float("nan")}, "number: must be a number of ordinary size"),
        ({"text": "a", "number": "1e999"}, "number: must be a number of ordinary size"),
        ({"text": "a", "number": "1e-99"}, "number: must be a number of ordinary size"),
        ({"text": "a", "number": {}}, "number: must be a number"),
        ({"text": "a", "whole": 1.5}, "whole: must be a whole number"),
    ],
)
def test_wrong_arguments_are_named_and_not_repeated(given: Any, message: str) -> None:
    """A caller's words go into no message."""
    with pytest.raises(ToolFailure) as raised:
        check(SCHEMA, given)
    assert (raised.value.kind, raised.value.message) == ("invalid_input", message)
