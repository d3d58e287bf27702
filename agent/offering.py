"""Offers our tools to Strands: one deadline, one serialisation, no text that acts on a screen."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from strands.types._events import ToolResultEvent
from strands.types.tools import AgentTool, ToolGenerator, ToolSpec, ToolUse

from agent.observing import Observer
from tools.contract import Result, Tool, error

MAX_RESULT_CHARACTERS = 64_000
_DEEPEST = 32
_SURROGATE = re.compile("[\ud800-\udfff]")

# Zero-width, bidirectional and tag characters hide text from the rep that the model still reads.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\U000e0000-\U000e007f]"
)


class OfferedTool(AgentTool):
    """A tool of ours as Strands calls it.

    Args:
        tool: the tool.
        seconds: its deadline; a call that takes longer is reported as ``timeout``.
        observer: sees the calls.
    """

    def __init__(self, tool: Tool, *, seconds: float, observer: Observer | None = None) -> None:
        super().__init__()
        self._observer = observer or Observer()
        self._tool = tool
        self._seconds = seconds

    @property
    def tool_name(self) -> str:
        """The name that the model uses."""
        return self._tool.name

    @property
    def tool_type(self) -> str:
        """A word for Strands' own displays."""
        return "deskhand"

    @property
    def tool_spec(self) -> ToolSpec:
        """Name, description and input schema, the same bytes in every process."""
        return {
            "name": self._tool.name,
            "description": self._tool.description,
            "inputSchema": {"json": dict(self._tool.input_schema)},
        }

    async def stream(
        self, tool_use: ToolUse, invocation_state: dict[str, Any], **kwargs: Any
    ) -> ToolGenerator:
        """Runs the call and yields its one result."""
        with self._observer.tool_call(
            self._tool.name, self._tool.system, tool_use["toolUseId"]
        ) as watch:
            result = await run_tool(self._tool, tool_use["input"], seconds=self._seconds)
            watch.see(result)
        yield ToolResultEvent(
            {
                "toolUseId": tool_use["toolUseId"],
                "status": "error" if "error" in result else "success",
                "content": [{"text": to_text(result)}],
            }
        )


async def run_tool(tool: Tool, arguments: object, *, seconds: float) -> Result:
    """Calls a tool within its deadline; arguments that are no object are ``invalid_input``."""
    if not isinstance(arguments, Mapping):
        return error("invalid_input", "The arguments must be a JSON object.")
    if not _can_be_sent(arguments):
        return error("invalid_input", "The arguments hold broken text or are nested too deeply.")
    try:
        async with asyncio.timeout(seconds):
            result = await tool.call(arguments)
    except TimeoutError:
        return error(
            "timeout", f"{tool.name} did not answer within {seconds:g} seconds.", retryable=True
        )
    shown: Result = visible(result)
    return shown


def _can_be_sent(value: Any, depth: int = 0) -> bool:
    """Whether a server can be given it: a lone surrogate or deep nesting breaks the transport."""
    if isinstance(value, str):
        return not _SURROGATE.search(value)
    if isinstance(value, Mapping):
        return _can_be_sent([*value.keys(), *value.values()], depth)
    if isinstance(value, list):
        return depth < _DEEPEST and all(_can_be_sent(item, depth + 1) for item in value)
    return True


def to_text(result: Result) -> str:
    """A result as compact JSON, or an error when it is larger than a model should read."""
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= MAX_RESULT_CHARACTERS:
        return text
    refusal = error("refused", "The result is too large; ask for fewer rows or a narrower range.")
    return json.dumps(refusal, separators=(",", ":"))


def visible(value: Any) -> Any:
    """The same data without invisible and control characters in any of its texts."""
    if isinstance(value, str):
        return _INVISIBLE.sub("", value)
    if isinstance(value, dict):
        return {key: visible(item) for key, item in value.items()}
    if isinstance(value, list):
        return [visible(item) for item in value]
    return value
