"""Calls tools of an MCP server over HTTP; each call stands alone, so a restart is survived.

The framework's own MCP client lives on a thread that one lost connection ends for good, so the
MCP SDK's client is used: our servers are stateless, a call opens no session, and the HTTP
connections below it are shared and renewed by the pool.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import mcp_types as types
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from tools.contract import ERROR_KINDS, Result, ToolFailure

_MODERN = "2026-07-28"


class RemoteServer:
    """One MCP server: its address, a client that authenticates, and its name in an error.

    Args:
        label: plain words for the system, used in sentences that the rep may read.
        url: the server's streamable HTTP address.
        http: a client with timeouts and authentication; shared, and closed by its owner.
    """

    def __init__(self, label: str, url: str, http: httpx2.AsyncClient) -> None:
        self._label = label
        self._url = url
        self._http = http
        self._mode = "auto"

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> Result:
        """Calls a tool and returns its JSON object; tries once more when the connection broke.

        All tools are reads, so a second try is harmless.

        Raises:
            ToolFailure: ``unavailable`` or ``internal``, in words that the model may read.
        """
        try:
            return await self._call_once(tool, arguments)
        except ToolFailure as failure:
            if not failure.retryable:
                raise
            return await self._call_once(tool, arguments)

    async def list_tools(self) -> list[types.Tool]:
        """Every tool the server offers, over all pages.

        Raises:
            ToolFailure: ``unavailable`` when the server cannot be asked.
        """
        found: list[types.Tool] = []
        async with self._connected() as client:
            page = await client.list_tools()
            found.extend(page.tools)
            while page.next_cursor:
                page = await client.list_tools(cursor=page.next_cursor)
                found.extend(page.tools)
        return found

    async def _call_once(self, tool: str, arguments: Mapping[str, Any]) -> Result:
        request = types.CallToolRequest(
            params=types.CallToolRequestParams(name=tool, arguments=dict(arguments))
        )
        async with self._connected() as client:
            # Not client.call_tool: it lists the tools too, for an output check that we do not use.
            answer = await client.session.send_request(request, types.CallToolResult)
        return self._read(answer)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Client]:
        """A client for one exchange, with every way the exchange can break told as one failure."""
        try:
            async with Client(
                streamable_http_client(self._url, http_client=self._http, terminate_on_close=False),
                mode=self._mode,
                cache=None,
            ) as client:
                if client.protocol_version == _MODERN:
                    self._mode = _MODERN
                yield client
        except (ExceptionGroup, MCPError, httpx2.HTTPError, OSError) as broken:
            self._mode = "auto"
            raise self._translated(broken) from None

    def _translated(self, broken: Exception) -> Exception:
        """What broke, as the one failure a tool may show; a fault of our own stays as it is."""
        leaves = list(_leaves(broken))
        for leaf in leaves:
            if isinstance(leaf, ToolFailure):
                return leaf
        if all(isinstance(leaf, (httpx2.HTTPError, MCPError, OSError)) for leaf in leaves):
            return ToolFailure("unavailable", f"{self._label} did not answer.", retryable=True)
        return broken

    def _read(self, answer: types.CallToolResult) -> Result:
        text = "".join(
            block.text for block in answer.content if isinstance(block, types.TextContent)
        )
        try:
            result = json.loads(text)
        except ValueError:
            result = None
        if isinstance(result, dict) and _is_well_formed(result):
            return result
        raise ToolFailure("unavailable", f"{self._label} answered with a fault.")


def _is_well_formed(result: Mapping[str, Any]) -> bool:
    """Whether a result is data, or an error of a kind that we know."""
    if "error" not in result:
        return True
    problem = result["error"]
    return isinstance(problem, dict) and problem.get("kind") in ERROR_KINDS


def _leaves(raised: Exception) -> Iterator[Exception]:
    if isinstance(raised, ExceptionGroup):
        for inner in raised.exceptions:
            yield from _leaves(inner)
    else:
        yield raised
