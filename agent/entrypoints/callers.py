"""Who calls ``/invocations``: the rep of a verified access token, or the rep of the process.

Nothing else of a request is believed about who sent it: no body, no other header, no token that
was not signed for a rep's program by the issuer.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

import httpx2
from starlette.requests import Request

from agent.entrypoints.invocation import BadRequest
from agent.entrypoints.rep_rule import InNoGroup, NotARep, RepRule, TokenExpired
from agent.entrypoints.signing_keys import IssuerUnavailable, SigningKeys
from agent.setting_values import is_safe, is_this_machine
from agent.turns import Rep

logger = logging.getLogger(__name__)


class Callers(Protocol):
    """Tells who sent a request."""

    async def rep(self, request: Request) -> Rep:
        """The rep who asks.

        Raises:
            BadRequest: nobody that may; the status says why.
        """


class OneCaller:
    """Every caller is the same rep: for a desk that only its own machine can reach.

    A page elsewhere may have its own name resolve to this machine, and ask from a browser on it.
    It cannot choose the Origin header, which is therefore checked; programs send none.

    Args:
        rep: the rep of the process.
        pages_elsewhere: whether pages of other machines may ask.
    """

    def __init__(self, rep: Rep, *, pages_elsewhere: bool = False) -> None:
        self._rep = rep
        self._pages_elsewhere = pages_elsewhere

    async def rep(self, request: Request) -> Rep:
        """The rep of the process.

        Raises:
            BadRequest: 403 for a page that is not of this machine.
        """
        origin = request.headers.get("origin")
        if origin is not None and not self._pages_elsewhere and not _is_own_page(origin):
            message = "A page of another machine may not ask this desk."
            raise BadRequest(403, "foreign_page", message)
        return self._rep


class TokenCallers:
    """Every caller is the rep of the access token that he sends along.

    Args:
        rule: judges it.
    """

    def __init__(self, rule: RepRule) -> None:
        self._rule = rule

    async def rep(self, request: Request) -> Rep:
        """The rep behind the request's bearer token.

        Raises:
            BadRequest: 401 without a good token, 403 without a group, 503 when the issuer's keys
                cannot be had.
        """
        try:
            return await self._rule.rep_of_access(_bearer(request))
        except TokenExpired:
            raise _refused(
                "token_expired", "The token has expired. Please sign in again."
            ) from None
        except NotARep:
            raise _refused("token_invalid", "The token is not one of a rep of this desk.") from None
        except InNoGroup as refusal:
            logger.warning("a rep without a group was refused")
            raise BadRequest(403, "no_group", str(refusal)) from None
        except IssuerUnavailable:
            logger.warning("the issuer does not answer, so that a token cannot be checked")
            message = "Tokens cannot be checked just now. Please try again."
            raise BadRequest(503, "issuer_unavailable", message) from None


def _is_own_page(origin: str) -> bool:
    try:
        return is_this_machine(origin)
    except ValueError:  # such as half an IPv6 address
        return False


def _bearer(request: Request) -> str:
    given = request.headers.getlist("authorization")
    kind, _, token = (given[0] if len(given) == 1 else "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _refused("token_missing", "Send a rep's access token: Authorization: Bearer ….")
    return token.strip()


def _refused(code: str, message: str) -> BadRequest:
    logger.info("code=<%s> | a caller was refused", code)
    return BadRequest(401, code, message)


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
            if described.get("issuer") != issuer or not isinstance(url, str) or not is_safe(url):
                raise IssuerUnavailable
        return await published(http, url)

    return SigningKeys(fetch)
