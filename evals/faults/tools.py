"""Marks each call of an offered tool, and breaks the tools that belong to no system."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evals.cases import FaultKind
from evals.faults.plan import SLOW_SECONDS, ToolRun, decide, tool_run
from tools.contract import ErrorKind, Result, Tool, error

_KINDS: dict[FaultKind, ErrorKind] = {
    "timeout": "timeout",
    "server_error": "unavailable",
    "throttled": "busy",
    "expired_token": "unavailable",
    "malformed": "internal",
}


def breaking_tools(tools: Sequence[Tool]) -> list[Tool]:
    """The same tools; what each call asks of systems is known to belong to that call."""
    return [replace(tool, call=_marked(tool)) for tool in tools]


def _marked(tool: Tool) -> Callable[[Mapping[str, Any]], Awaitable[Result]]:
    async def call(arguments: Mapping[str, Any]) -> Result:
        with tool_run(tool.name) as run:
            if tool.system == "local" and (broken := await _local(tool, run)) is not None:
                return broken
            return await tool.call(arguments)

    return call


async def _local(tool: Tool, run: ToolRun) -> Result | None:
    """What breaks in a tool that is the desk's own: there is no wire on which it could break."""
    fault = decide("local", tool.name, call=run)
    if fault is None:
        return None
    if fault.kind == "slow":
        await asyncio.sleep(SLOW_SECONDS)
        return None
    kind = _KINDS[fault.kind]
    return error(kind, f"{tool.name} failed.", retryable=kind in ("unavailable", "busy"))
