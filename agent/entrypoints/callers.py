"""Who calls ``/invocations``: the rep of a verified access token, or the rep of the process.

Nothing else of a request is believed about who sent it: no body, no other header, no token that
was not signed for a rep's program by the issuer.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

import httpx2
import jwt
from starlette.requests import Request

from agent.entrypoints.invocation import BadRequest
from agent.entrypoints.signing_keys import IssuerUnavailable, SigningKeys, UnknownKey
from agent.turns import Rep

logger = logging.getLogger(__name__)

GROUPS = frozenset({"rep", "lead", "admin"})
_GROUP_CLAIMS = ("cognito:groups", "groups")
_REQUIRED = ["exp", "iat", "iss", "sub"]
_LEEWAY_SECONDS = 30
_MOST_TOKEN = 8192
_MOST_SUBJECT = 128
_MOST_NAME = 80
_ACCESS_TYPES = frozenset({"at+jwt", "application/at+jwt"})


class Callers(Protocol):
    """Tells who sent a request."""

    async def rep(self, request: Request) -> Rep:
        """The rep who asks.

        Raises:
            BadRequest: nobody that may; the status says why.
        """


class OneCaller:
    """Every caller is the same rep: for a desk that only its own machine can reach.

    Args:
        rep: the rep of the process.
    """

    def __init__(self, rep: Rep) -> None:
        self._rep = rep

    async def rep(self, request: Request) -> Rep:
        """The rep of the process."""
        del request
        return self._rep


class TokenCallers:
    """Every caller is the rep of the access token that he sends along.

    Args:
        keys: the issuer's keys.
        issuer: the issuer, as its tokens name it.
        client_id: the program for which a token must have been made.
        audience: what a token must be for; Cognito's access tokens do not say it.
    """

    def __init__(
        self, keys: SigningKeys, *, issuer: str, client_id: str, audience: str | None = None
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._client_id = client_id
        self._audience = audience

    async def rep(self, request: Request) -> Rep:
        """The rep behind the request's bearer token.

        Raises:
            BadRequest: 401 without a good token, 403 without a group, 503 when the issuer's keys
                cannot be had.
        """
        try:
            claims = await self._verified(_bearer(request))
        except jwt.ExpiredSignatureError:
            raise _refused(
                "token_expired", "The token has expired. Please sign in again."
            ) from None
        except (jwt.PyJWTError, UnknownKey):
            raise _refused("token_invalid", "The token is not one of a rep of this desk.") from None
        except IssuerUnavailable:
            logger.warning("the issuer does not answer, so that a token cannot be checked")
            message = "Tokens cannot be checked just now. Please try again."
            raise BadRequest(503, "issuer_unavailable", message) from None
        if not GROUPS & _groups(claims):
            logger.warning("a rep without a group was refused")
            message = f"You are in none of the groups that may ask: {', '.join(sorted(GROUPS))}."
            raise BadRequest(403, "no_group", message)
        return _rep(claims)

    async def _verified(self, token: str) -> Mapping[str, Any]:
        """The claims of an access token; an identity token is none, however well it is signed."""
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256":
            raise jwt.InvalidAlgorithmError
        claims: dict[str, Any] = jwt.decode(
            token,
            await self._keys.key(str(header.get("kid", ""))),
            algorithms=["RS256"],
            issuer=self._issuer,
            audience=self._audience,
            leeway=_LEEWAY_SECONDS,
            options={"require": _REQUIRED, "verify_aud": self._audience is not None},
        )
        # Cognito says what a token is for in token_use, others in its type (RFC 9068).
        kind = str(header.get("typ", "")).lower()
        if claims.get("token_use", "access" if kind in _ACCESS_TYPES else "") != "access":
            raise jwt.InvalidTokenError
        if claims.get("client_id") != self._client_id:
            raise jwt.InvalidTokenError
        if not 0 < len(claims["sub"]) <= _MOST_SUBJECT or not claims["sub"].isprintable():
            raise jwt.InvalidTokenError
        return claims


def _bearer(request: Request) -> str:
    given = request.headers.getlist("authorization")
    kind, _, token = (given[0] if len(given) == 1 else "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _refused("token_missing", "Send a rep's access token: Authorization: Bearer ….")
    if len(token) > _MOST_TOKEN:
        raise jwt.DecodeError
    return token.strip()


def _refused(code: str, message: str) -> BadRequest:
    logger.info("code=<%s> | a caller was refused", code)
    return BadRequest(401, code, message)


def _groups(claims: Mapping[str, Any]) -> set[str]:
    held = [claims.get(name) for name in _GROUP_CLAIMS]
    return {group for groups in held if isinstance(groups, list) for group in map(str, groups)}


def _rep(claims: Mapping[str, Any]) -> Rep:
    """The rep's id is the verified subject; the name is for the eye only."""
    subject = str(claims["sub"])
    named = str(claims.get("name") or claims.get("username") or subject)
    shown = "".join(sign for sign in named if sign.isprintable())[:_MOST_NAME]
    return Rep(rep_id=subject, name=shown)


async def published(http: httpx2.AsyncClient, url: str) -> dict[str, Any]:
    """A JSON object that an issuer publishes.

    Raises:
        IssuerUnavailable: it did not answer with one.
    """
    try:
        response = await http.get(url)
        body = response.json() if response.status_code == 200 else None
    except (httpx2.HTTPError, ValueError):
        raise IssuerUnavailable from None
    if not isinstance(body, dict):
        raise IssuerUnavailable
    return body


def keys_of(http: httpx2.AsyncClient, issuer: str, keys_url: str | None) -> SigningKeys:
    """The issuer's keys, at the given address, or at the one that the issuer publishes."""

    async def fetch() -> Mapping[str, Any]:
        url = keys_url
        if url is None:
            described = await published(http, f"{issuer}/.well-known/openid-configuration")
            url = described.get("jwks_uri")
            if described.get("issuer") != issuer or not isinstance(url, str):
                raise IssuerUnavailable
        return await published(http, url)

    return SigningKeys(fetch)
