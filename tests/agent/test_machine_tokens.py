"""The desk's own tokens at the local issuer and the door of the MCP servers, as at Cognito's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.tokens import BearerAuth, ClientCredentials
from deploy.local import tokens
from deploy.local.http_system import HttpSystem
from deploy.local.tokens import TokenIssuer
from deploy.local.verifier import JwksVerifier
from tests.network import NO_CERTIFICATES

KNOWN = tokens.ClientCredentials("deskhand", "secret")


@dataclass
class Counted:
    """Counts the requests that pass to an application."""

    app: ASGIApp
    counts: dict[str, int]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes one on."""
        if scope["type"] == "http":
            self.counts[scope["path"]] = self.counts.get(scope["path"], 0) + 1
        await self.app(scope, receive, send)


@dataclass
class World:
    """The local issuer, a server that its tokens open, and the desk's client of both."""

    issuer: HttpSystem
    server: HttpSystem
    http: httpx2.AsyncClient
    clock: list[float]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def fetched(self) -> int:
        """How many tokens the issuer has given out."""
        return self.counts.get("/oauth2/token", 0)

    async def ask(self) -> int:
        """The status of one request of the desk."""
        return (await self.http.get(f"{self.server.url}/mcp")).status_code

    async def issue(self, *, lifetime: int = 3600) -> None:
        """A new issuer with a new key at the same address, as after its keys were rotated."""
        await self.issuer.stop()
        made = TokenIssuer(self.issuer.url, KNOWN, lifetime=lifetime)
        await self.issuer.start(lambda: Counted(made.app(), self.counts))
        verifier = JwksVerifier(self.issuer.url, frozenset({KNOWN.client_id}))

        async def door(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            good = await verifier.verify_token(token)
            return PlainTextResponse("", 200 if good else 401)

        await self.server.stop()
        await self.server.start(lambda: Starlette(routes=[Route("/mcp", door)]))


@pytest.fixture
def systems() -> Iterator[tuple[HttpSystem, HttpSystem]]:
    """Two ports."""
    made = HttpSystem(), HttpSystem()
    yield made
    for system in made:
        system.close()


@asynccontextmanager
async def opened(systems: tuple[HttpSystem, HttpSystem], secret: str) -> AsyncIterator[World]:
    """The desk's own code on both sides of the wire."""
    issuer, server = systems
    clock = [0.0]
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES, trust_env=False, timeout=5) as token_http:
        credentials = ClientCredentials(
            token_http,
            token_url=f"{issuer.url}/oauth2/token",
            client_id=KNOWN.client_id,
            client_secret=secret,
            scope=tokens.SCOPE,
            monotonic=lambda: clock[0],
        )
        auth = BearerAuth(credentials)
        async with httpx2.AsyncClient(
            verify=NO_CERTIFICATES, trust_env=False, timeout=5, auth=auth
        ) as http:
            yield World(issuer, server, http, clock)
    for system in systems:
        await system.stop()


async def test_a_token_is_kept_until_it_ends_and_renewed_when_it_is_refused(
    systems: tuple[HttpSystem, HttpSystem],
) -> None:
    """One token for many requests, one more near its end, one more after the keys were rotated."""
    async with opened(systems, KNOWN.client_secret) as world:
        await world.issue(lifetime=3600)
        assert [await world.ask() for _ in range(5)] == [200] * 5
        assert world.fetched == 1
        world.clock[0] = 3539
        assert (await world.ask(), world.fetched) == (200, 1)
        world.clock[0] = 3541
        assert (await world.ask(), world.fetched) == (200, 2)
        await world.issue(lifetime=3600)
        assert (await world.ask(), world.fetched) == (200, 3)
        assert [await world.ask() for _ in range(5)] == [200] * 5
        assert world.fetched == 3
