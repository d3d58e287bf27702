"""An AgentCore Gateway on a loopback address: one MCP server in front of Lambda handlers."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mcp_types as types
from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from starlette.applications import Starlette

logger = logging.getLogger(__name__)

# The first is passed on here only, so that a test may freeze the clock; the others in AWS too.
PROPAGATED_HEADERS = frozenset({"x-deskhand-today", "x-deskhand-rep", "x-deskhand-role"})
FAULT = "An internal error occurred. Please retry later."
SEPARATOR = "___"
LAMBDA_SECONDS = 20.0

Handler = Callable[[dict[str, Any], Any], Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A Lambda function behind the gateway: its name, its tools as they are listed, its handler."""

    name: str
    tools: Sequence[Mapping[str, Any]]
    handler: Handler


@dataclass(frozen=True, slots=True)
class ClientContext:
    """What Lambda hands over of the caller; the gateway's own part is in ``custom``."""

    custom: Mapping[str, Any]
    client: None = None
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """The second argument of a Lambda handler."""

    client_context: ClientContext
    aws_request_id: str
    function_name: str
    deadline: float

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would stop the handler."""
        return max(0, round((self.deadline - time.monotonic()) * 1000))


class Gateway:
    """Lists and calls the tools of its targets, as ``target___tool``.

    Args:
        targets: the functions behind it.
        page_size: tools on one page of a list.
        handler_seconds: how long a handler may take.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        page_size: int = 100,
        handler_seconds: float = LAMBDA_SECONDS,
    ) -> None:
        self._page_size = page_size
        self._seconds = handler_seconds
        self._targets = {target.name: target for target in targets}
        self._tools = {
            f"{target.name}{SEPARATOR}{tool['name']}": tool
            for target in targets
            for tool in target.tools
        }

    def app(
        self, *, auth: AuthSettings | None = None, token_verifier: TokenVerifier | None = None
    ) -> Starlette:
        """The MCP server, at ``/mcp``."""
        server: Server[Any] = Server(
            "deskhand-gateway", version="1", on_list_tools=self._list, on_call_tool=self._call
        )
        return server.streamable_http_app(
            stateless_http=True, json_response=True, auth=auth, token_verifier=token_verifier
        )

    async def _list(
        self, context: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        first = _first(params.cursor if params else None)
        after = first + self._page_size
        page = list(self._tools.items())[first:after]
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=name,
                    description=tool["description"],
                    input_schema=dict(tool["inputSchema"]),
                )
                for name, tool in page
            ],
            next_cursor=str(after) if after < len(self._tools) else None,
        )

    async def _call(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        if params.name not in self._tools:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {params.name}")
        target = self._targets[params.name.partition(SEPARATOR)[0]]
        called = self._lambda_context(context, params.name, target.name)
        work = asyncio.create_task(
            asyncio.to_thread(_invoke, target.handler, params.arguments or {}, called)
        )
        finished, _ = await asyncio.wait({work}, timeout=self._seconds)
        if not finished or work.exception() is not None:
            failure = work.exception() if finished else TimeoutError()
            logger.error(
                "tool=<%s>, error=<%s> | the handler has failed",
                params.name,
                type(failure).__name__,
            )
            return _result(FAULT, is_error=True)
        return _result(work.result(), is_error=False)

    def _lambda_context(
        self, context: ServerRequestContext[Any], tool: str, target: str
    ) -> LambdaContext:
        request_id = str(uuid.uuid4())
        headers = context.request.headers if context.request is not None else {}
        propagated = {name: headers[name] for name in PROPAGATED_HEADERS if name in headers}
        custom = {
            "bedrockAgentCoreToolName": tool,
            "bedrockAgentCoreMessageVersion": "1.0",
            "bedrockAgentCoreAwsRequestId": request_id,
            "bedrockAgentCoreMcpMessageId": str(context.request_id),
            "bedrockAgentCoreGatewayId": "deskhand-local",
            "bedrockAgentCoreTargetId": target.upper(),
            **({"bedrockAgentCorePropagatedHeaders": propagated} if propagated else {}),
        }
        return LambdaContext(
            ClientContext(custom),
            request_id,
            f"deskhand-{target}",
            time.monotonic() + self._seconds,
        )


def _invoke(handler: Handler, arguments: Mapping[str, Any], context: LambdaContext) -> str:
    """Lambda hands JSON over in both directions, so nothing else gets through here."""
    return json.dumps(handler(json.loads(json.dumps(arguments)), context), ensure_ascii=False)


def _result(text: str, *, is_error: bool) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], is_error=is_error
    )


def _first(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal():
        raise MCPError(types.INVALID_PARAMS, "Invalid cursor")
    return int(cursor)
