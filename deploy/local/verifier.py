"""Checks access tokens as AgentCore's JWT authorizer does: against the issuer's published keys."""

from __future__ import annotations

import asyncio

import jwt
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from pydantic import AnyHttpUrl

from deploy.local.tokens import JWKS_PATH, SCOPE

ACCEPTED = frozenset({"access"})  # never an identity token


class JwksVerifier:
    """Says who sent a token, or nothing when the token is not good.

    The keys are fetched in a thread: issuer and verifier share one event loop, and a fetch on it
    would wait for itself.
    """

    def __init__(self, issuer: str, allowed_clients: frozenset[str]) -> None:
        self._issuer = issuer
        self._allowed_clients = allowed_clients
        self._keys = jwt.PyJWKClient(f"{issuer}{JWKS_PATH}", timeout=5)

    async def verify_token(self, token: str) -> AccessToken | None:
        """The token's bearer, or ``None``, which the server answers with 401."""
        try:
            key = await asyncio.to_thread(self._keys.get_signing_key_from_jwt, token)
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                issuer=self._issuer,
                options={"require": ["exp", "iss", "client_id", "token_use"], "verify_aud": False},
            )
        except jwt.PyJWTError:
            return None
        if claims["token_use"] not in ACCEPTED or claims["client_id"] not in self._allowed_clients:
            return None
        return AccessToken(
            token=token,
            client_id=claims["client_id"],
            scopes=claims.get("scope", "").split(),
            expires_at=claims["exp"],
            subject=claims["sub"],
            claims=claims,
        )


def auth_settings(issuer: str, server: str) -> AuthSettings:
    """What an MCP server demands of a caller: a token of this issuer with the read scope."""
    return AuthSettings(
        issuer_url=AnyHttpUrl(issuer),
        resource_server_url=AnyHttpUrl(f"{server}/mcp"),
        required_scopes=[SCOPE],
    )
