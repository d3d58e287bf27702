"""The catalogue's MCP server: stateless streamable HTTP, JSON replies, for AgentCore Runtime."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from typing import Any

import mcp_types as types
from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.contract import Result, Tool, error

logger = logging.getLogger(__name__)


def catalog_app(
    tools: Sequence[Tool],
    *,
    token_verifier: TokenVerifier | None = None,
    auth: AuthSettings | None = None,
    host: str = "127.0.0.1",
) -> Starlette:
    """The server as an ASGI app: ``/mcp`` for tools, ``/ping`` for the platform.

    Args:
        tools: what it serves; each checks its own arguments.
        token_verifier: checks bearer tokens; without one every caller is served.
        auth: the issuer and the scopes that a token needs.
        host: where it is bound; on a loopback address only loopback ``Host`` headers are served.
    """
    by_name = {tool.name: tool for tool in tools}
    listed = [_listed(tool) for tool in tools]
    started = int(time.time())

    async def list_tools(
        context: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def call_tool(
        context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = by_name.get(params.name)
        if tool is None:
            return _reply(error("invalid_input", "There is no such tool."))
        return _reply(await _run(tool, params.arguments or {}))

    async def ping(request: Request) -> Response:
        return JSONResponse({"status": "Healthy", "time_of_last_update": started})

    server: Server[Any] = Server(
        "deskhand-catalog", version="1", on_list_tools=list_tools, on_call_tool=call_tool
    )
    return server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        host=host,
        auth=auth,
        token_verifier=token_verifier,
        custom_starlette_routes=[Route("/ping", ping)],
    )


async def _run(tool: Tool, arguments: dict[str, Any]) -> Result:
    try:
        return await tool.call(arguments)
    except Exception as crash:  # the edge of the process: the caller gets no text of ours
        # Only where it happened: an exception's text may hold what a customer wrote.
        place = crash.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
        logger.error(
            "tool=<%s>, error=<%s>, at=<%s> | the tool crashed",
            tool.name,
            type(crash).__name__,
            where,
        )
        return error("internal", "The catalog system could not answer this.")


def _listed(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name, description=tool.description, input_schema=dict(tool.input_schema)
    )


def _reply(result: Result) -> types.CallToolResult:
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], is_error="error" in result
    )
