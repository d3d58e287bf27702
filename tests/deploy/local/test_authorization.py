"""MCP servers behind tokens: who is let in, and what a stranger is told."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from deploy.local.gateway import Gateway, Target
from deploy.local.http_system import HttpSystem
from deploy.local.stack import LocalStack
from deploy.local.tokens import ClientCredentials, TokenIssuer
from deploy.local.verifier import JwksVerifier, auth_settings
from tests.network import NO_CERTIFICATES

CLIENT = ClientCredentials("deskhand", "secret")
TOOL = {"name": "check", "description": "Checks.", "inputSchema": {"type": "object"}}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
HEADERS = {"Accept": "application/json, text/event-stream"}


@dataclass
class Clock:
    """The issuer's clock, so many seconds behind."""

    behind: int = 0

    def __call__(self) -> float:
        """The time that the issuer believes in."""
        return time.time() - self.behind


@dataclass
class Guarded:
    """A gateway that wants tokens, its issuer, and the clock of the latter."""

    url: str
    issuer: TokenIssuer
    clock: Clock


@pytest.fixture
async def guarded() -> AsyncIterator[Guarded]:
    """Both run on ports of their own."""
    tokens, gateway, clock = HttpSystem(), HttpSystem(), Clock()
    issuer = TokenIssuer(
        tokens.url, CLIENT, lifetime=60, scopes=("deskhand/read", "other/read"), clock=clock
    )
    served = Gateway([Target("warranty", [TOOL], lambda event, context: {"ok": True})])
    verifier = JwksVerifier(tokens.url, frozenset({"deskhand"}))
    await tokens.start(issuer.app)
    await gateway.start(
        lambda: served.app(auth=auth_settings(tokens.url, gateway.url), token_verifier=verifier)
    )
    yield Guarded(f"{gateway.url}/mcp", issuer, clock)
    for system in (gateway, tokens):
        await system.stop()
        system.close()


async def knock(url: str, token: str | None) -> httpx2.Response:
    """The first request of an MCP client."""
    headers = HEADERS | ({} if token is None else {"Authorization": f"Bearer {token}"})
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES, headers=headers) as http:
        return await http.post(url, json=INITIALIZE)


async def test_a_good_token_opens_the_door(guarded: Guarded) -> None:
    """And the calls behind it."""
    headers = {"Authorization": f"Bearer {guarded.issuer.sign()}"}
    async with (
        httpx2.AsyncClient(verify=NO_CERTIFICATES, headers=headers) as http,
        Client(streamable_http_client(guarded.url, http_client=http)) as client,
    ):
        assert [tool.name for tool in (await client.list_tools()).tools] == ["warranty___check"]
        assert not (await client.call_tool("warranty___check", {})).is_error


async def test_a_stranger_is_told_where_tokens_come_from(guarded: Guarded) -> None:
    """With 401 and the address of the resource's metadata, which anybody may read."""
    answer = await knock(guarded.url, None)
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    assert 'error="invalid_token"' in challenge
    metadata = challenge.partition('resource_metadata="')[2].partition('"')[0]
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        found = (await http.get(metadata)).json()
    assert found["resource"] == guarded.url
    assert found["scopes_supported"] == ["deskhand/read"]


async def test_tokens_that_are_not_good_are_refused(guarded: Guarded) -> None:
    """Garbage, a changed signature, an expired one: the same answer."""
    good = guarded.issuer.sign()
    guarded.clock.behind = 61
    expired = guarded.issuer.sign()
    statuses = [
        (await knock(guarded.url, token)).status_code
        for token in (good, "garbage", good[:-8] + "AAAAAAAA", expired)
    ]
    assert statuses == [200, 401, 401, 401]


async def test_a_token_for_something_else_is_not_enough(guarded: Guarded) -> None:
    """Who is known but lacks the scope is told which one."""
    answer = await knock(guarded.url, guarded.issuer.sign("other/read"))
    assert answer.status_code == 403
    assert "deskhand/read" in answer.headers["www-authenticate"]


class Renewing(httpx2.Auth):
    """Sends a token, and a fresh one when that was refused."""

    def __init__(self, guarded: Guarded, first: str) -> None:
        self.token = first
        self.renewals = 0
        self._guarded = guarded

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """Ask once more after a 401."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        response = yield request
        if response.status_code == 401:
            self.token, self.renewals = self._guarded.issuer.sign(), self.renewals + 1
            request.headers["Authorization"] = f"Bearer {self.token}"
            yield request


async def test_a_session_outlives_its_token(guarded: Guarded) -> None:
    """The first token has expired when it is used, the next one opens."""
    guarded.clock.behind = 61
    auth = Renewing(guarded, guarded.issuer.sign())
    guarded.clock.behind = 0
    async with (
        httpx2.AsyncClient(verify=NO_CERTIFICATES, auth=auth) as http,
        Client(streamable_http_client(guarded.url, http_client=http)) as client,
    ):
        assert not (await client.call_tool("warranty___check", {})).is_error
    assert auth.renewals == 1


@pytest.mark.stack
@pytest.mark.parametrize("server", ["DESKHAND_CATALOG_URL", "DESKHAND_GATEWAY_URL"])
async def test_the_stacks_servers_want_the_stacks_tokens(
    local_stack: LocalStack, server: str
) -> None:
    """Catalogue and gateway open for a token that was got with the client's secret."""
    environment = local_stack.environment
    credentials = (environment["DESKHAND_CLIENT_ID"], environment["DESKHAND_CLIENT_SECRET"])
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        answer = await http.post(
            environment["DESKHAND_TOKEN_URL"],
            data={"grant_type": "client_credentials"},
            auth=credentials,
        )
    token = answer.json()["access_token"]
    assert (await knock(environment[server], None)).status_code == 401
    assert (await knock(environment[server], "garbage")).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(verify=NO_CERTIFICATES, headers=headers) as http,
        Client(streamable_http_client(environment[server], http_client=http)) as client,
    ):
        assert len((await client.list_tools()).tools) == 5
