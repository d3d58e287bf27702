"""Faults of the catalogue and the gateway, where the desk's HTTP client sends its requests."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2

from evals.cases import FaultKind
from evals.faults.plan import SLOW_SECONDS, current_run, decide

_STATUS: dict[FaultKind, int] = {"server_error": 503, "throttled": 429, "expired_token": 401}
_CUT_OFF = b'{"jsonrpc": "2.0", "id": 1, "result": {"content": [{"type": "te'


class BreakingTransport(httpx2.AsyncBaseTransport):
    """Answers a tool call with the fault that its trial has for it; all else goes through.

    The desk's own client sees what a broken server would send it: its authentication, its second
    try and its reading of the answer are the real ones.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The server's answer, or what stands in its place."""
        called = _called_tool(request)
        if called is None:
            return await self._inner.handle_async_request(request)
        tool, arguments = called
        system = tool.partition("___")[0] if "___" in tool else "catalog"
        fault = decide(system, tool, call=(current_run(), arguments))
        if fault is None:
            return await self._inner.handle_async_request(request)
        if fault.kind == "timeout":
            raise httpx2.ReadTimeout("The server does not answer.", request=request)
        if fault.kind == "malformed":
            headers = {"content-type": "application/json"}
            return httpx2.Response(200, headers=headers, content=_CUT_OFF, request=request)
        if fault.kind in _STATUS:
            return httpx2.Response(_STATUS[fault.kind], text="", request=request)
        await asyncio.sleep(SLOW_SECONDS)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Closes the real transport."""
        await self._inner.aclose()


def _called_tool(request: httpx2.Request) -> tuple[str, str] | None:
    """Name and arguments of the tool that a request calls; None when it calls none."""
    try:
        message: Any = json.loads(request.content)
        if message["method"] != "tools/call":
            return None
        arguments = json.dumps(message["params"].get("arguments"), sort_keys=True)
        return str(message["params"]["name"]), arguments
    except (httpx2.RequestNotRead, ValueError, TypeError, KeyError):
        return None
