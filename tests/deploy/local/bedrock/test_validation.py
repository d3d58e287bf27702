"""The requests that Bedrock refuses are refused here, and the desk's own are not."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.local.bedrock.validation import MOST_CHARACTERS, TOO_LONG, first_fault

HELLO: dict[str, Any] = {"role": "user", "content": [{"text": "Hello"}]}
REPLY: dict[str, Any] = {"role": "assistant", "content": [{"text": "Hi"}]}
TOOLS: dict[str, Any] = {
    "tools": [
        {
            "toolSpec": {
                "name": "get_order",
                "description": "One order.",
                "inputSchema": {"json": {"type": "object", "properties": {}}},
            }
        },
        {"cachePoint": {"type": "default"}},
    ]
}


def asking(*ids: str) -> dict[str, Any]:
    """An assistant's message that calls a tool once for each id."""
    calls = [{"toolUse": {"toolUseId": each, "name": "get_order", "input": {}}} for each in ids]
    return {"role": "assistant", "content": calls}


def answering(*ids: str) -> dict[str, Any]:
    """A user's message with a result for each id."""
    return {
        "role": "user",
        "content": [
            {"toolResult": {"toolUseId": each, "content": [{"text": "{}"}]}} for each in ids
        ],
    }


GOOD: list[dict[str, Any]] = [
    {"messages": [HELLO]},
    {"messages": [HELLO, REPLY, HELLO], "system": [{"text": "Be brief."}, {"cachePoint": {}}]},
    {"messages": [HELLO, asking("a", "b"), answering("b", "a")], "toolConfig": TOOLS},
    {
        "messages": [HELLO, asking("a"), answering("a"), asking("b"), answering("b")],
        "toolConfig": TOOLS,
    },
]


@pytest.mark.parametrize("request_body", GOOD)
def test_a_good_request_has_no_fault(request_body: dict[str, Any]) -> None:
    """Histories with tools and cache points pass."""
    assert first_fault(request_body, size=100) is None


@pytest.mark.parametrize(
    ("request_body", "words"),
    [
        ({}, "messages field is empty"),
        ({"messages": []}, "messages field is empty"),
        ({"messages": ["Hello"]}, "one of: user, assistant"),
        ({"messages": [{"role": "system", "content": [{"text": "x"}]}]}, "one of: user, assistant"),
        ({"messages": [{"role": "user", "content": []}]}, "content field"),
        ({"messages": [{"role": "user", "content": "Hello"}]}, "content field"),
        ({"messages": [{"role": "user", "content": [{"video": {}}]}]}, "one known field"),
        ({"messages": [{"role": "user", "content": [{"text": 7}]}]}, "one known field"),
        ({"messages": [REPLY]}, "must start with a user message"),
        ({"messages": [HELLO, HELLO]}, "must alternate"),
        ({"messages": [HELLO, REPLY]}, "must end with a user message"),
        ({"messages": [{"role": "user", "content": [{"text": " \n"}]}]}, "is blank"),
        ({"messages": [HELLO], "system": [{"text": ""}]}, "system.0 is blank"),
        ({"messages": [HELLO, asking("a"), answering("a")]}, "toolConfig field must be defined"),
        ({"messages": [HELLO, asking("a"), HELLO], "toolConfig": TOOLS}, "Expected toolResult"),
        ({"messages": [HELLO, REPLY, answering("a")], "toolConfig": TOOLS}, "exceeds"),
        ({"messages": [HELLO, asking("a"), answering("b")], "toolConfig": TOOLS}, "exceeds"),
        (
            {"messages": [HELLO, asking("a", "a"), answering("a", "a")], "toolConfig": TOOLS},
            "duplicate",
        ),
        ({"messages": [HELLO], "toolConfig": {"tools": []}}, "is empty"),
    ],
)
def test_a_bad_request_is_named(request_body: dict[str, Any], words: str) -> None:
    """The message says what is wrong and where."""
    assert words in str(first_fault(request_body, size=100))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "get order"}, "pattern"),
        ({"name": "x" * 65}, "pattern"),
        ({"inputSchema": {"json": {"type": "array"}}}, "must be one of the following: object"),
    ],
)
def test_a_tool_spec_must_be_one_that_bedrock_takes(change: dict[str, Any], words: str) -> None:
    """Names and schemas are checked before any call."""
    spec = TOOLS["tools"][0]["toolSpec"] | change
    body = {"messages": [HELLO], "toolConfig": {"tools": [{"toolSpec": spec}]}}
    assert words in str(first_fault(body, size=100))


def test_two_tools_of_one_name_are_refused() -> None:
    """A call could not be told from the other's."""
    body = {"messages": [HELLO], "toolConfig": {"tools": [TOOLS["tools"][0]] * 2}}
    assert "already defined" in str(first_fault(body, size=100))


def test_a_tool_input_that_is_no_object_is_refused() -> None:
    """A malformed call must not be stored in a history."""
    call = asking("a")
    call["content"][0]["toolUse"]["input"] = "{"
    body = {"messages": [HELLO, call, answering("a")], "toolConfig": TOOLS}
    assert "json object" in str(first_fault(body, size=100))


def test_a_request_beyond_the_context_window_is_refused() -> None:
    """In the words by which Strands knows an overflow."""
    assert first_fault(GOOD[0], size=MOST_CHARACTERS + 1) == TOO_LONG
