"""A token issuer as Cognito is: client credentials or a rep's sign-in in, signed tokens out."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote_plus

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.app_settings import CONSOLE_CLIENT_ID
from deploy.local.http_system import LOOPBACK_ONLY
from deploy.local.oauth_form import OAuthError, read_form
from deploy.local.sign_in import (
    AUTHORIZE_PATH,
    SAMPLE_REPS,
    SIGN_OUT_PATH,
    Grant,
    RepSignIn,
    SampleRep,
    sign_out,
)

SCOPE = "deskhand/read"
JWKS_PATH = "/.well-known/jwks.json"
TOKEN_PATH = "/oauth2/token"  # noqa: S105  # an address, not a secret


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What a machine proves itself with at the token endpoint."""

    client_id: str
    client_secret: str = field(repr=False)

    def match(self, client_id: str, client_secret: str) -> bool:
        """Whether these are the same, found out in constant time."""
        same_id = hmac.compare_digest(self.client_id.encode(), client_id.encode())
        return hmac.compare_digest(self.client_secret.encode(), client_secret.encode()) and same_id


class TokenIssuer:
    """Signs access tokens with a key that it never writes down.

    Args:
        url: the issuer's own address, without a slash at the end.
        client: the one client that it knows.
        lifetime: seconds that a token is good for.
        scopes: what the client may ask for.
        clock: seconds since 1970.
        reps: who can sign in.
        key: signs; without one it makes its own.
    """

    def __init__(
        self,
        url: str,
        client: ClientCredentials,
        *,
        lifetime: int = 3600,
        scopes: tuple[str, ...] = (SCOPE,),
        clock: Callable[[], float] = time.time,
        reps: Sequence[SampleRep] = SAMPLE_REPS,
        key: RSAPrivateKey | None = None,
    ) -> None:
        self._url = url
        self._client = client
        self._lifetime = lifetime
        self._scopes = scopes
        self._clock = clock
        self._key = key or generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = uuid.uuid4().hex
        self._sign_in = RepSignIn(clock=clock, reps=reps)

    def app(self) -> Starlette:
        """The issuer's addresses."""
        return Starlette(
            routes=[
                Route(TOKEN_PATH, self._token, methods=["POST"]),
                Route(AUTHORIZE_PATH, self._sign_in.page, methods=["GET"]),
                Route(AUTHORIZE_PATH, self._sign_in.choose, methods=["POST"]),
                Route(SIGN_OUT_PATH, sign_out),
                Route(JWKS_PATH, self._jwks),
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/.well-known/oauth-authorization-server", self._discovery),
            ],
            middleware=[LOOPBACK_ONLY],
        )

    async def _token(self, request: Request) -> Response:
        try:
            form = await read_form(request)
            if form.get("grant_type") == "authorization_code":
                tokens = self._for_rep(grant := self._sign_in.redeem(form))
                tokens["refresh_token"] = self._sign_in.keep(grant)
            elif form.get("grant_type") == "refresh_token":
                tokens = self._for_rep(replace(self._sign_in.renew(form), nonce=""))
            else:
                self._authenticate(request.headers.get("authorization", ""), form)
                scope = self._granted(form)
                tokens = {"access_token": self.sign(scope, resource=form.get("resource"))}
        except OAuthError as refusal:
            return JSONResponse({"error": refusal.code}, status_code=refusal.status)
        return JSONResponse(
            {**tokens, "expires_in": self._lifetime, "token_type": "Bearer"},
            headers={"Cache-Control": "no-store"},
        )

    def _for_rep(self, grant: Grant) -> dict[str, str]:
        """What a sign-in is worth: who it was, for the client that asked."""
        return {
            "id_token": self.sign_identity(grant.rep, nonce=grant.nonce),
            "access_token": self.sign_access(grant.rep, scope=grant.scope),
        }

    def sign_access(self, rep: SampleRep, *, scope: str = "openid profile") -> str:
        """A rep's access token with Cognito's claims: it says which program asks for him."""
        return self._signed(
            {
                "sub": rep.rep_id,
                "username": rep.rep_id,
                "client_id": CONSOLE_CLIENT_ID,
                "token_use": "access",
                "scope": scope,
                **_groups(rep),
            }
        )

    def sign_identity(self, rep: SampleRep, *, nonce: str) -> str:
        """An identity token with Cognito's claims: it is for the client in ``aud``."""
        return self._signed(
            {
                "sub": rep.rep_id,
                "aud": CONSOLE_CLIENT_ID,
                "token_use": "id",
                "name": rep.name,
                "cognito:username": rep.rep_id,
                **_groups(rep),
                **({"nonce": nonce} if nonce else {}),
            }
        )

    def sign(self, scope: str = SCOPE, *, resource: str | None = None) -> str:
        """An access token with Cognito's claims: the client is in ``client_id``, not in ``aud``."""
        return self._signed(
            {
                "sub": self._client.client_id,
                "client_id": self._client.client_id,
                "token_use": "access",
                "scope": scope,
                **({"aud": resource} if resource else {}),
            }
        )

    def _signed(self, claims: Mapping[str, Any]) -> str:
        now = int(self._clock())
        made = {
            "iss": self._url,
            "iat": now,
            "exp": now + self._lifetime,
            "jti": str(uuid.uuid4()),
            **claims,
        }
        return jwt.encode(made, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def _authenticate(self, authorization: str, form: Mapping[str, str]) -> None:
        given = _basic_credentials(authorization) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        if not self._client.match(*given):
            raise OAuthError("invalid_client", 401)

    def _granted(self, form: Mapping[str, str]) -> str:
        if form.get("grant_type") != "client_credentials":
            raise OAuthError("unsupported_grant_type")
        asked = form.get("scope", "").split() or list(self._scopes)
        if not set(asked) <= set(self._scopes):
            raise OAuthError("invalid_scope")
        return " ".join(asked)

    async def _jwks(self, request: Request) -> Response:
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return JSONResponse(
            {"keys": [{**public, "kid": self._key_id, "use": "sig", "alg": "RS256"}]}
        )

    async def _discovery(self, request: Request) -> Response:
        document: dict[str, Any] = {
            "issuer": self._url,
            "token_endpoint": f"{self._url}{TOKEN_PATH}",
            "authorization_endpoint": f"{self._url}{AUTHORIZE_PATH}",
            "jwks_uri": f"{self._url}{JWKS_PATH}",
            "end_session_endpoint": f"{self._url}{SIGN_OUT_PATH}",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "grant_types_supported": [
                "authorization_code",
                "refresh_token",
                "client_credentials",
            ],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
                "none",
            ],
            "scopes_supported": ["openid", "profile", *self._scopes],
            "code_challenge_methods_supported": ["S256"],
        }
        return JSONResponse(document)


def _groups(rep: SampleRep) -> dict[str, list[str]]:
    return {"cognito:groups": list(rep.groups)} if rep.groups else {}


def _basic_credentials(authorization: str) -> tuple[str, str] | None:
    kind, _, encoded = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as unreadable:
        raise OAuthError("invalid_client", 401) from unreadable
    return unquote_plus(name), unquote_plus(secret)
