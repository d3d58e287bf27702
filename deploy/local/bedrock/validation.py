"""Refuses the Converse requests that Bedrock refuses, in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# About 200,000 tokens, the context of the models that the understudy stands in for.
MOST_CHARACTERS = 800_000
TOO_LONG = "Input is too long for requested model."
TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
BLOCK_KINDS = frozenset(
    {"text", "toolUse", "toolResult", "cachePoint", "guardContent", "reasoningContent"}
)

Block = Mapping[str, Any]


def first_fault(request: Mapping[str, Any], *, size: int) -> str | None:
    """The message of Bedrock's ValidationException, or ``None`` when the request is good."""
    if size > MOST_CHARACTERS:
        return TOO_LONG
    messages = request.get("messages")
    if not isinstance(messages, list) or not messages:
        return "The messages field is empty. Add a message and try again."
    malformed = next(_malformed(messages), None)
    if malformed:
        return malformed
    checks = (_roles, _blank_text, _tool_blocks, _tool_pairs, _tool_specs)
    return next((fault for check in checks if (fault := next(check(request), None))), None)


def _malformed(messages: Sequence[Any]) -> Iterator[str]:
    for at, message in enumerate(messages):
        if not isinstance(message, Mapping) or message.get("role") not in ("user", "assistant"):
            yield f"Value at 'messages.{at}.role' must be one of: user, assistant."
            return
        content = message.get("content")
        if not isinstance(content, list) or not content:
            yield (
                f"The content field in the Message object at messages.{at} is empty."
                " Add a ContentBlock object to the content field and try again."
            )
            return
        for nth, block in enumerate(content):
            if not _is_block(block):
                yield f"The block at messages.{at}.content.{nth} must set one known field."


def _is_block(block: object) -> bool:
    if not isinstance(block, Mapping) or len(BLOCK_KINDS & block.keys()) != 1:
        return False
    kind = next(iter(BLOCK_KINDS & block.keys()))
    return isinstance(block[kind], str if kind == "text" else Mapping)


def _roles(request: Mapping[str, Any]) -> Iterator[str]:
    roles = [message["role"] for message in request["messages"]]
    if roles[0] != "user":
        yield (
            "A conversation must start with a user message."
            " Try again with a conversation that starts with a user message."
        )
    if any(first == second for first, second in zip(roles, roles[1:], strict=False)):
        yield (
            "A conversation must alternate between user and assistant roles."
            " Make sure the conversation alternates between user and assistant roles and try again."
        )
    if roles[-1] != "user":
        yield (
            "This model does not support assistant message prefill."
            " The conversation must end with a user message."
        )


def _blank_text(request: Mapping[str, Any]) -> Iterator[str]:
    for place, block in _blocks(request):
        if "text" in block and not str(block["text"]).strip():
            yield (
                f"The text field in the ContentBlock object at {place} is blank."
                " Add text to the text field, and try again."
            )
    for at, block in enumerate(request.get("system") or []):
        if "text" in block and not str(block["text"]).strip():
            yield f"The text field in the SystemContentBlock object at system.{at} is blank."


def _tool_blocks(request: Mapping[str, Any]) -> Iterator[str]:
    for place, block in _blocks(request):
        if "toolUse" not in block and "toolResult" not in block:
            continue
        if not request.get("toolConfig"):
            yield (
                "The toolConfig field must be defined when using toolUse and toolResult"
                " content blocks."
            )
        if "toolUse" in block and not isinstance(block["toolUse"].get("input"), Mapping):
            yield (
                f"The format of the value at {place}.toolUse.input is invalid."
                " Provide a json object for the field and try again."
            )


def _tool_pairs(request: Mapping[str, Any]) -> Iterator[str]:
    """Every toolUse is answered by one toolResult of the next message, and by nothing else."""
    waiting: list[str] = []
    for at, message in enumerate(request["messages"]):
        results = _ids(message, "toolResult")
        if set(results) - set(waiting) or len(results) > len(waiting):
            yield (
                f"The number of toolResult blocks at messages.{at}.content exceeds"
                " the number of toolUse blocks of previous turn."
            )
        missing = [used for used in waiting if used not in results]
        if missing:
            ids = ", ".join(missing)
            yield (
                f"Expected toolResult blocks at messages.{at}.content for the following Ids: {ids}"
            )
        waiting = _ids(message, "toolUse")
        if len(set(waiting)) != len(waiting):
            yield f"messages.{at}.content contains duplicate toolUse Ids."


def _tool_specs(request: Mapping[str, Any]) -> Iterator[str]:
    tools = (request.get("toolConfig") or {}).get("tools")
    if tools is None:
        return
    if not tools:
        yield "The tools field in toolConfig is empty. Add a tool and try again."
    names: set[str] = set()
    for at, tool in enumerate(tools):
        spec = tool.get("toolSpec")
        if spec is None:
            continue
        name = str(spec.get("name", ""))
        if not TOOL_NAME.fullmatch(name):
            yield (
                f"Value at 'toolConfig.tools.{at}.toolSpec.name' must satisfy the pattern"
                f" {TOOL_NAME.pattern}."
            )
        if name in names:
            yield f"The tool name {name} is already defined at toolConfig.tools.{at}."
        names.add(name)
        if spec.get("inputSchema", {}).get("json", {}).get("type") != "object":
            yield (
                f"The value at toolConfig.tools.{at}.toolSpec.inputSchema.json.type"
                " must be one of the following: object."
            )


def _blocks(request: Mapping[str, Any]) -> Iterator[tuple[str, Block]]:
    for at, message in enumerate(request["messages"]):
        for nth, block in enumerate(message["content"]):
            yield f"messages.{at}.content.{nth}", block


def _ids(message: Mapping[str, Any], kind: str) -> list[str]:
    return [str(block[kind].get("toolUseId")) for block in message["content"] if kind in block]
