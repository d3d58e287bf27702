"""Opens what the tools ask: Aurora, the catalogue, the gateway; any may be down or restart."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import httpx2

from agent.acting import name_rep
from agent.certificates import trusted_certificates
from agent.offering import run_tool
from agent.remote import RemoteServer
from agent.tokens import BearerAuth, ClientCredentials
from tools.aurora.database import Database
from tools.aurora.toolset import aurora_tools
from tools.aurora.toolset import specs as aurora_specs
from tools.catalog import specs as catalog_specs
from tools.contract import Result, System, Tool, ToolFailure, error
from tools.customer_360 import customer_360_tools
from tools.customer_360 import specs as customer_360_specs

LABELS: Mapping[System, str] = {
    "aurora": "The order database (aurora)",
    "catalog": "The product catalogue (catalog)",
    "warranty": "The warranty system (warranty)",
    "profile": "The customer profile system (profile)",
    "local": "Deskhand itself",
}
CLOCK_HEADER = "x-deskhand-today"


class Systems:
    """Every tool of every system, by the name the model uses."""

    def __init__(
        self,
        tools: Sequence[Tool],
        *,
        servers: Mapping[System, RemoteServer],
        database: Database,
        tool_seconds: float,
    ) -> None:
        self.tools: tuple[Tool, ...] = tuple(sorted(tools, key=lambda tool: tool.name))
        self.servers = servers
        self.database = database
        self._by_name = {tool.name: tool for tool in self.tools}
        self._tool_seconds = tool_seconds

    def find(self, name: str) -> Tool | None:
        """The tool of that name; ``target___`` may be left out when only one tool fits."""
        if name in self._by_name:
            return self._by_name[name]
        matches = [tool for tool in self.tools if tool.name.rpartition("___")[2] == name]
        return matches[0] if len(matches) == 1 else None

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Result:
        """Calls a tool as the model would, within its deadline."""
        tool = self.find(name)
        if tool is None:
            return error("invalid_input", f"There is no tool named {name[:80]!r}.")
        return await run_tool(tool, arguments, seconds=self._tool_seconds)


@asynccontextmanager
async def open_remote_servers(
    *,
    catalog_url: str,
    gateway_url: str,
    token_url: str,
    client_id: str,
    client_secret: str,
    token_scope: str,
    read_seconds: float,
    frozen_today: date | None,
    wrap_transport: Callable[[httpx2.AsyncBaseTransport], httpx2.AsyncBaseTransport],
) -> AsyncIterator[dict[System, RemoteServer]]:
    """Catalogue and gateway behind one HTTP client; nothing is sent until a tool is called."""
    limits = httpx2.Limits(max_connections=128, max_keepalive_connections=32)
    headers = {CLOCK_HEADER: frozen_today.isoformat()} if frozen_today else {}
    trusted = trusted_certificates()
    transport = httpx2.AsyncHTTPTransport(verify=trusted, limits=limits, trust_env=False)
    async with httpx2.AsyncClient(timeout=5, verify=trusted, trust_env=False) as token_http:
        credentials = ClientCredentials(
            token_http,
            token_url=token_url,
            client_id=client_id,
            client_secret=client_secret,
            scope=token_scope,
        )
        async with httpx2.AsyncClient(
            timeout=httpx2.Timeout(read_seconds, connect=2.0),
            transport=wrap_transport(transport),
            headers=headers,
            auth=BearerAuth(credentials),
            event_hooks={"request": [name_rep]},
            trust_env=False,
            follow_redirects=False,
        ) as http:
            yield {
                "catalog": RemoteServer(LABELS["catalog"], catalog_url, http),
                "warranty": RemoteServer(LABELS["warranty"], gateway_url, http),
                "profile": RemoteServer(LABELS["profile"], gateway_url, http),
            }


def build_systems(
    database: Database,
    servers: Mapping[System, RemoteServer],
    *,
    tool_seconds: float,
    wrap_tools: Callable[[Sequence[Tool]], Sequence[Tool]] = tuple,
) -> Systems:
    """All tools over an open database and remote servers.

    Names, descriptions and schemas of remote tools are this version's own and not what a server
    says of itself: it cannot change what the model reads, and the desk opens while it is down.
    """
    remote = [
        replace(spec, call=_caller(servers[spec.system], spec.name))
        for spec in (*catalog_specs(), *gateway_specs())
    ]
    by_name = {tool.name: tool for tool in remote}

    async def call(name: str, arguments: Mapping[str, Any]) -> Result:
        return await by_name[name].call(arguments)

    of_all = customer_360_tools(database, call, deadline=tool_seconds)
    return Systems(
        wrap_tools([*aurora_tools(database), *remote, *of_all]),
        servers=servers,
        database=database,
        tool_seconds=tool_seconds,
    )


def offered_tools() -> list[Tool]:
    """Every tool as a model is offered it, without any system: calls are refused."""
    specs = [*aurora_specs(), *catalog_specs(), *gateway_specs(), *customer_360_specs()]
    return sorted(specs, key=lambda tool: tool.name)


def gateway_specs() -> list[Tool]:
    """The gateway's tools, named ``target___tool`` as AgentCore Gateway names them."""
    text = files("tools.gateway").joinpath("toolschema.json").read_text(encoding="utf-8")
    targets: Mapping[System, list[dict[str, Any]]] = json.loads(text)
    return [
        Tool(
            f"{system}___{tool['name']}", system, tool["description"], tool["inputSchema"], _unbound
        )
        for system, tools in targets.items()
        for tool in tools
    ]


async def _unbound(arguments: Mapping[str, Any]) -> Result:
    return error("unavailable", "This tool is not connected.")


def _caller(server: RemoteServer, name: str) -> Callable[[Mapping[str, Any]], Awaitable[Result]]:
    async def call(arguments: Mapping[str, Any]) -> Result:
        try:
            return await server.call(name, arguments)
        except ToolFailure as failure:
            return failure.result()

    return call
