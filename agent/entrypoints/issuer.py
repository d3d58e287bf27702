"""The OpenID issuer at which reps sign in: authorization code with PKCE, checked to the end."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2

from agent.entrypoints.rep_rule import NotARep, RepRule
from agent.entrypoints.signing_keys import IssuerUnavailable, SigningKeys
from agent.setting_values import is_safe
from agent.turns import Rep

_SCOPE = "openid profile"
_DISCOVERY_SECONDS = 600.0
_GOOD_SECONDS = (
    3600.0  # of a token whose issuer does not say it; what is over is renewed or refused
)
_REFUSALS = frozenset({400, 401, 403})  # of a code or token; 408 and 429 say nothing about it


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


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a rep's program may keep of a sign-in.

    Attributes:
        access: for the desk.
        refresh: gets another access token; empty where the issuer gives none.
        seconds: that the access token is good for.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: float


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
        keys = SigningKeys(self._published_keys, monotonic=monotonic)
        self._rule = RepRule(keys, issuer=self._url, client_id=client_id)

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

    async def finish(self, flow: Flow, code: str, *, callback: str) -> tuple[Rep, Tokens]:
        """The rep who has signed in, and his tokens.

        Raises:
            SignInRefused: the code or the token is not good.
            InNoGroup: they are, and the rep may not ask.
            IssuerUnavailable: the issuer did not answer.
        """
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": callback,
            "code_verifier": flow.verifier,
        }
        given = await self._given(form)
        try:
            rep = await self._rule.rep_of_identity(str(given.get("id_token")), nonce=flow.nonce)
        except NotARep:
            raise SignInRefused from None
        return rep, _tokens(given)

    async def refresh(self, refresh_token: str) -> Tokens:
        """A new access token for a rep who has signed in earlier.

        Raises:
            SignInRefused: the sign-in has ended.
            IssuerUnavailable: the issuer did not answer.
        """
        form = {
            "grant_type": "refresh_token",
            "client_id": self._client_id,
            "refresh_token": refresh_token,
        }
        return _tokens({"refresh_token": refresh_token} | await self._given(form))

    async def sign_out_address(self, *, after: str) -> str:
        """Where the issuer ends its own session and sends the rep on; empty when it has none.

        The page is named in OpenID's word and in Cognito's.

        Args:
            after: the page to come to in the end.
        """
        try:
            there = (await self._description()).get("end_session_endpoint")
        except IssuerUnavailable:
            return ""
        if not isinstance(there, str) or not is_safe(there):
            return ""
        asked = {"client_id": self._client_id, "logout_uri": after}
        return f"{there}?{urlencode({**asked, 'post_logout_redirect_uri': after})}"

    async def _given(self, form: Mapping[str, str]) -> dict[str, Any]:
        described = await self._description()
        return await self._asked("POST", described["token_endpoint"], form=form)

    async def _published_keys(self) -> Mapping[str, Any]:
        described = await self._description()
        return await self._asked("GET", described["jwks_uri"])

    async def _description(self) -> Mapping[str, Any]:
        age = self._monotonic() - self._described_at
        if not self._described or age > _DISCOVERY_SECONDS:
            found = await self._asked("GET", f"{self._url}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self._url or not all(
                isinstance(found.get(name), str) and is_safe(found[name]) for name in needed
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
        if response.status_code in _REFUSALS and form is not None:
            raise SignInRefused
        if not isinstance(body, dict):
            raise IssuerUnavailable
        return body


def _tokens(given: Mapping[str, Any]) -> Tokens:
    access, refresh = given.get("access_token"), given.get("refresh_token", "")
    if not isinstance(access, str) or not isinstance(refresh, str):
        raise IssuerUnavailable
    try:
        seconds = float(given["expires_in"])
    except (KeyError, TypeError, ValueError):  # an issuer need not say it
        seconds = _GOOD_SECONDS
    return Tokens(access, refresh, seconds)
