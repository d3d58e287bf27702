"""Remote tools over real MCP and HTTP: restarts, old tokens and faults come out as words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import mcp_types as types
import pytest
from mcp.server.lowlevel import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.remote import RemoteServer
from agent.tokens import BearerAuth, ClientCredentials
from deploy.local.http_system import HttpSystem
from tests.network import NO_CERTIFICATES
from tools.contract import ToolFailure

Answer = Callable[[str, dict[str, Any]], str]


class Door:
    """Lets a request in when its bearer token is among the good ones; otherwise answers 401."""

    def __init__(self, app: ASGIApp, good: set[str]) -> None:
        self._app = app
        self._good = good

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judges one request."""
        sent = {name: value.decode() for name, value in scope.get("headers", [])}
        token = sent.get(b"authorization", "").removeprefix("Bearer ")
        if scope["type"] == "http" and token not in self._good:
            await Response("no", status_code=401)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def mcp_app(answer: Answer) -> ASGIApp:
    """A stateless MCP server with one tool, as the gateway is."""

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:
        page = 2 if params and params.cursor else 1
        tool = types.Tool(
            name=f"read_{page}", description="Reads.", input_schema={"type": "object"}
        )
        return types.ListToolsResult(tools=[tool], next_cursor="2" if page == 1 else None)

    async def call_tool(context: Any, params: Any) -> types.CallToolResult:
        text = answer(params.name, params.arguments or {})
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)])

    server = Server("test", on_list_tools=list_tools, on_call_tool=call_tool)
    return server.streamable_http_app(stateless_http=True, json_response=True)


def echo(name: str, arguments: dict[str, Any]) -> str:
    """Answers with what was asked."""
    return json.dumps({"tool": name, **arguments})


@asynccontextmanager
async def served(app: Callable[[], ASGIApp]) -> AsyncIterator[HttpSystem]:
    """The app on a loopback port."""
    system = HttpSystem()
    await system.start(app)
    try:
        yield system
    finally:
        await system.stop()
        system.close()


@asynccontextmanager
async def remote_at(url: str, auth: httpx2.Auth | None = None) -> AsyncIterator[RemoteServer]:
    """The product's own client of that server."""
    async with httpx2.AsyncClient(
        verify=NO_CERTIFICATES, timeout=1, auth=auth, trust_env=False
    ) as http:
        yield RemoteServer("The test system", f"{url}/mcp", http)


async def test_a_call_carries_arguments_there_and_data_back() -> None:
    """Real MCP, streamable HTTP."""
    async with served(lambda: mcp_app(echo)) as system, remote_at(system.url) as remote:
        assert await remote.call("read_1", {"id": "é'\""}) == {"tool": "read_1", "id": "é'\""}


async def test_all_pages_of_a_servers_tools_are_listed() -> None:
    """The second page counts as well."""
    async with served(lambda: mcp_app(echo)) as system, remote_at(system.url) as remote:
        assert [tool.name for tool in await remote.list_tools()] == ["read_1", "read_2"]


async def test_a_server_that_is_restarted_answers_the_next_call() -> None:
    """No session is lost, because none is kept."""
    async with served(lambda: mcp_app(echo)) as system, remote_at(system.url) as remote:
        assert await remote.call("read_1", {})
        await system.stop()
        with pytest.raises(ToolFailure) as gone:
            await remote.call("read_1", {})
        await system.start(lambda: mcp_app(echo))
        assert await remote.call("read_1", {"again": True}) == {"tool": "read_1", "again": True}
    assert (gone.value.kind, gone.value.retryable) == ("unavailable", True)
    assert "127.0.0.1" not in gone.value.message


async def test_thirty_two_calls_at_once_are_all_answered() -> None:
    """One client serves a process."""
    async with served(lambda: mcp_app(echo)) as system, remote_at(system.url) as remote:
        calls = [remote.call("read_1", {"n": number}) for number in range(32)]
        answers = await asyncio.gather(*calls)
    assert [answer["n"] for answer in answers] == list(range(32))


@pytest.mark.parametrize(
    "text",
    ["", "not json", "[1, 2]", '"text"', '{"error": "text"}', '{"error": {"kind": "odd"}}'],
)
async def test_an_answer_that_is_no_result_of_ours_is_a_fault_of_that_system(text: str) -> None:
    """Nothing of it reaches the model."""
    async with (
        served(lambda: mcp_app(lambda name, arguments: text)) as system,
        remote_at(system.url) as remote,
    ):
        with pytest.raises(ToolFailure) as fault:
            await remote.call("read_1", {})
    assert fault.value.kind == "unavailable"


async def test_an_error_result_of_a_known_kind_passes_as_it_is() -> None:
    """The Lambda's own words for a wrong call are for the model."""
    wrong = {"error": {"kind": "invalid_input", "message": "Which one?", "retryable": False}}
    async with (
        served(lambda: mcp_app(lambda name, arguments: json.dumps(wrong))) as system,
        remote_at(system.url) as remote,
    ):
        assert await remote.call("read_1", {}) == wrong


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
async def test_every_http_error_is_an_unavailable_system(status: int) -> None:
    """No status, address or body of the server is shown."""

    async def refuse(request: Request) -> Response:
        return Response("secret detail", status_code=status)

    app = Starlette(routes=[Route("/mcp", refuse, methods=["GET", "POST"])])
    async with served(lambda: app) as system, remote_at(system.url) as remote:
        with pytest.raises(ToolFailure) as failed:
            await remote.call("read_1", {})
    assert failed.value.kind == "unavailable"
    assert "secret" not in failed.value.message


async def test_a_server_that_hangs_is_given_up() -> None:
    """Within the client's own limit."""

    async def hang(request: Request) -> Response:
        await asyncio.Event().wait()
        return Response()

    app = Starlette(routes=[Route("/mcp", hang, methods=["POST"])])
    async with asyncio.timeout(10), served(lambda: app) as system, remote_at(system.url) as remote:
        with pytest.raises(ToolFailure):
            await remote.call("read_1", {})


class Issuer:
    """A token endpoint that counts what it gives out."""

    def __init__(self, *, expires_in: int = 3600, status: int = 200, page: str = "") -> None:
        self.given: list[str] = []
        self.expires_in = expires_in
        self.status = status
        self.page = page

    def app(self) -> ASGIApp:
        """Its address."""
        return Starlette(routes=[Route("/token", self._token, methods=["POST"])])

    async def _token(self, request: Request) -> Response:
        if self.status != 200:
            return JSONResponse({"error": "invalid_client"}, status_code=self.status)
        if self.page:
            return Response(self.page)
        self.given.append(f"token-{len(self.given)}")
        return JSONResponse({"access_token": self.given[-1], "expires_in": self.expires_in})


@asynccontextmanager
async def credentials_of(issuer: Issuer, clock: list[float]) -> AsyncIterator[ClientCredentials]:
    """The product's credentials at that issuer, by a clock that a test moves."""
    async with (
        served(issuer.app) as system,
        httpx2.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as http,
    ):
        yield ClientCredentials(
            http,
            token_url=f"{system.url}/token",
            client_id="desk",
            client_secret="secret",
            scope="deskhand/read",
            monotonic=lambda: clock[0],
        )


async def test_a_token_is_fetched_once_for_many_callers_and_again_before_it_ends() -> None:
    """It is renewed a minute before its end, and not on every request."""
    issuer, clock = Issuer(expires_in=3600), [0.0]
    async with credentials_of(issuer, clock) as credentials:
        assert set(await asyncio.gather(*(credentials.token() for _ in range(20)))) == {"token-0"}
        clock[0] = 3539
        assert await credentials.token() == "token-0"
        clock[0] = 3541
        assert await credentials.token() == "token-1"


async def test_a_short_lived_token_is_renewed_at_half_its_life() -> None:
    """A margin of a minute would make a new one for each request."""
    issuer, clock = Issuer(expires_in=6), [0.0]
    async with credentials_of(issuer, clock) as credentials:
        assert await credentials.token() == "token-0"
        clock[0] = 2.9
        assert await credentials.token() == "token-0"
        clock[0] = 3.1
        assert await credentials.token() == "token-1"


async def test_a_refused_token_is_replaced_once_and_the_call_succeeds() -> None:
    """A key that was rotated costs one request more, and no answer."""
    issuer = Issuer()
    async with credentials_of(issuer, [0.0]) as credentials:
        good = {"token-1"}
        door = lambda: Door(mcp_app(echo), good)  # noqa: E731  # a factory, used once
        async with served(door) as system, remote_at(system.url, BearerAuth(credentials)) as remote:
            assert await remote.call("read_1", {}) == {"tool": "read_1"}
            good.clear()
            with pytest.raises(ToolFailure):
                await remote.call("read_1", {})
    assert len(issuer.given) < 8, "a refusal must not loop"


@pytest.mark.parametrize("status", [400, 401, 500])
async def test_a_refused_client_is_an_unavailable_system_and_shows_no_secret(status: int) -> None:
    """The operator reads the setting's name in the doctor; the model reads a plain sentence."""
    async with credentials_of(Issuer(status=status), [0.0]) as credentials:
        async with (
            served(lambda: mcp_app(echo)) as system,
            remote_at(system.url, BearerAuth(credentials)) as remote,
        ):
            with pytest.raises(ToolFailure) as failed:
                await remote.call("read_1", {})
    assert failed.value.kind == "unavailable"
    assert "secret" not in failed.value.message


@pytest.mark.parametrize(
    "page", ["<html>Sign in</html>", "[1]", "{}", '{"access_token": "a", "expires_in": "soon"}']
)
async def test_what_is_no_token_is_a_fault_of_the_token_service(page: str) -> None:
    """A page of a proxy or a wrong address: a system that cannot be asked, and no crash."""
    async with (
        credentials_of(Issuer(page=page), [0.0]) as credentials,
        served(lambda: mcp_app(echo)) as system,
        remote_at(system.url, BearerAuth(credentials)) as remote,
    ):
        with pytest.raises(ToolFailure) as failed:
            await remote.call("read_1", {})
        with pytest.raises(ToolFailure):
            await remote.list_tools()
    assert failed.value.kind == "unavailable"
    assert "token service" in failed.value.message
