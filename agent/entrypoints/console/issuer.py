"""The OpenID issuer at which reps sign in: authorization code with PKCE, checked to the end."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
import jwt

from agent.entrypoints.signing_keys import IssuerUnavailable, SigningKeys, UnknownKey
from agent.turns import Rep

_SCOPE = "openid profile"
_DISCOVERY_SECONDS = 600.0
_LEEWAY_SECONDS = 30
_NAMES = ("name", "preferred_username", "email", "cognito:username")
_MOST_NAME = 80


class SignInRefused(Exception):
    """The issuer did not vouch for anybody, or for nobody that we can believe in."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What a sign-in must still know when the rep comes back from the issuer."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Flow:
        """A flow that nobody can guess."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @property
    def challenge(self) -> str:
        """What the issuer is told of the verifier."""
        proof = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(proof).rstrip(b"=").decode()

    def as_claims(self) -> dict[str, str]:
        """Plain values."""
        return asdict(self)


class OpenIdIssuer:
    """An issuer that publishes its addresses and keys as OpenID Connect Discovery has it.

    Args:
        http: asks the issuer; it belongs to the caller.
        url: the issuer, without a slash at the end.
        client_id: the console's id there; it has no secret, PKCE takes its place.
        monotonic: a clock for what is kept.
    """

    def __init__(
        self,
        http: httpx2.AsyncClient,
        *,
        url: str,
        client_id: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._client_id = client_id
        self._monotonic = monotonic
        self._described: dict[str, Any] = {}
        self._described_at = 0.0
        self._keys = SigningKeys(self._published_keys, monotonic=monotonic)

    @property
    def origins(self) -> tuple[str, ...]:
        """The hosts that a sign-in leads to, as far as they are known."""
        pages = [self._url, str(self._described.get("authorization_endpoint", self._url))]
        return tuple(dict.fromkeys(f"{p.scheme}://{p.netloc}" for p in map(urlsplit, pages)))

    async def start(self, flow: Flow, *, callback: str) -> str:
        """The address to which a rep who wants to sign in is sent.

        Raises:
            IssuerUnavailable: the issuer did not say where that is.
        """
        described = await self._description()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": callback,
            "scope": _SCOPE,
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": flow.challenge,
            "code_challenge_method": "S256",
        }
        return f"{described['authorization_endpoint']}?{urlencode(asked)}"

    async def finish(self, flow: Flow, code: str, *, callback: str) -> Rep:
        """The rep who has signed in.

        Raises:
            SignInRefused: the code or the token is not good.
            IssuerUnavailable: the issuer did not answer.
        """
        described = await self._description()
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": callback,
            "code_verifier": flow.verifier,
        }
        tokens = await self._asked("POST", described["token_endpoint"], form=form)
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise SignInRefused
        claims = await self._verified(token)
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), flow.nonce.encode()):
            raise SignInRefused
        return _rep(claims)

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            key = await self._keys.key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._url,
                audience=self._client_id,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, UnknownKey):
            raise SignInRefused from None
        if claims.get("token_use", "id") != "id" or not claims["sub"]:
            raise SignInRefused
        return claims

    async def _published_keys(self) -> Mapping[str, Any]:
        described = await self._description()
        return await self._asked("GET", described["jwks_uri"])

    async def _description(self) -> Mapping[str, Any]:
        age = self._monotonic() - self._described_at
        if not self._described or age > _DISCOVERY_SECONDS:
            found = await self._asked("GET", f"{self._url}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self._url or not all(
                isinstance(found.get(name), str) for name in needed
            ):
                raise IssuerUnavailable
            self._described, self._described_at = found, self._monotonic()
        return self._described

    async def _asked(
        self, method: str, url: str, *, form: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        try:
            response = await self._http.request(method, url, data=form)
            body = response.json() if response.status_code == 200 else None
        except (httpx2.HTTPError, ValueError):
            raise IssuerUnavailable from None
        if 400 <= response.status_code < 500 and form is not None:
            raise SignInRefused
        if not isinstance(body, dict):
            raise IssuerUnavailable
        return body


def _rep(claims: Mapping[str, Any]) -> Rep:
    """The rep's id is the verified subject; the name is for the eye only."""
    named = next((str(claims[name]) for name in _NAMES if claims.get(name)), str(claims["sub"]))
    shown = "".join(sign for sign in named if sign.isprintable())[:_MOST_NAME]
    return Rep(rep_id=str(claims["sub"]), name=shown)
