"""An issuer whose tokens a test may spoil, and a runtime that takes its tokens only."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.entrypoints.callers import TokenCallers, keys_of
from agent.entrypoints.rep_rule import RepRule
from deploy.local.http_system import HttpSystem
from tests.agent.entrypoints.fake_desk import FakeDesk
from tests.agent.entrypoints.served import SESSION, serving
from tests.network import NO_CERTIFICATES

CLIENT = "reps-program"
KEY_ID = "key-1"
Claims = dict[str, Any]


@cache
def signing_key() -> RSAPrivateKey:
    """A key for every issuer of these tests; it takes long to make."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class RepIssuer:
    """An issuer whose tokens a test may spoil; it counts how often its keys are fetched."""

    system: HttpSystem
    key: RSAPrivateKey = field(default_factory=signing_key)
    fetches: list[str] = field(default_factory=list)
    keys_at: Any = ""

    @property
    def url(self) -> str:
        """As its tokens name it."""
        return self.system.url

    def app(self) -> Starlette:
        """Discovery and keys."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._described),
                Route("/keys", self._keys),
            ]
        )

    async def _described(self, request: Request) -> Response:
        keys_at = f"{self.url}/keys" if self.keys_at == "" else self.keys_at
        return JSONResponse({"issuer": self.url, "jwks_uri": keys_at})

    async def _keys(self, request: Request) -> Response:
        self.fetches.append(request.url.path)
        public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return JSONResponse({"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]})

    def claims(self, **changed: Any) -> Claims:
        """Those of a good access token, with some changed; ``None`` leaves one out."""
        now = int(time.time())
        made = {
            "iss": self.url,
            "sub": "sam",
            "username": "sam",
            "client_id": CLIENT,
            "token_use": "access",
            "cognito:groups": ["rep"],
            "iat": now,
            "exp": now + 3600,
            **changed,
        }
        return {name: value for name, value in made.items() if value is not None}

    def token(self, *, headers: Claims | None = None, **changed: Any) -> str:
        """A signed token."""
        named = {"kid": KEY_ID, **(headers or {})}
        return jwt.encode(self.claims(**changed), self.key, algorithm="RS256", headers=named)


@asynccontextmanager
async def guarded(
    issuer_url: str, desk: FakeDesk, *, client_id: str = CLIENT, **options: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A runtime that takes tokens of the issuer only."""
    keys_url = options.pop("keys_url", None)
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES, trust_env=False, timeout=5) as http:
        keys = keys_of(http, issuer_url, keys_url)
        callers = TokenCallers(RepRule(keys, issuer=issuer_url, client_id=client_id, **options))
        async with serving(desk, callers=callers) as client:
            yield client


async def ask(client: httpx.AsyncClient, token: str | None, **more: Any) -> httpx.Response:
    """One question."""
    headers = {**SESSION, **({"Authorization": f"Bearer {token}"} if token is not None else {})}
    body = {"prompt": "Who is CUST003?", **more}
    return await client.post("/invocations", json=body, headers=headers)
