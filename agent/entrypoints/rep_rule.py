"""Who is a rep: the one place that judges reps' tokens, for the runtime and the console."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import jwt

from agent.entrypoints.signing_keys import SigningKeys, UnknownKey
from agent.turns import Rep, Role

ROLES: tuple[Role, ...] = ("admin", "lead", "rep")  # of several, the first is the rep's
GROUPS = frozenset(ROLES)
_GROUP_CLAIMS = ("cognito:groups", "groups")
_NAMES = ("name", "preferred_username", "email", "username", "cognito:username", "sub")
_REQUIRED = ["exp", "iat", "iss", "sub"]
_ALGORITHM = "RS256"
_LEEWAY_SECONDS = 30
_MOST_TOKEN = 8192
_MOST_SUBJECT = 128
_MOST_NAME = 80
_ACCESS_TYPES = frozenset({"at+jwt", "application/at+jwt"})


class NotARep(Exception):
    """The token is not one of a rep of this desk."""


class TokenExpired(NotARep):
    """It was one."""


class InNoGroup(Exception):
    """The issuer vouches for this person, who is in none of the groups that may ask."""

    def __init__(self) -> None:
        super().__init__(
            f"You are in none of the groups that may ask: {', '.join(sorted(GROUPS))}."
        )


class RepRule:
    """Judges tokens of one issuer: signature, times, what they were made for, and the rep's groups.

    Args:
        keys: the issuer's keys.
        issuer: the issuer, as its tokens name it.
        client_id: the program for which a token must have been made.
        audience: what an access token must be for; Cognito's do not say it.
    """

    def __init__(
        self, keys: SigningKeys, *, issuer: str, client_id: str, audience: str | None = None
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._client_id = client_id
        self._audience = audience

    async def rep_of_access(self, token: str) -> Rep:
        """The rep behind an access token; an identity token is none, however well it is signed.

        Raises:
            NotARep: the token is not good.
            InNoGroup: it is, and its rep may not ask.
            IssuerUnavailable: the issuer's keys cannot be had.
        """
        header, claims = await self._verified(token, self._audience)
        # Cognito says what a token is for in token_use, others in its type (RFC 9068).
        kind = str(header.get("typ", "")).lower()
        if claims.get("token_use", "access" if kind in _ACCESS_TYPES else "") != "access":
            raise NotARep
        if claims.get("client_id") != self._client_id:
            raise NotARep
        return _rep(claims)

    async def rep_of_identity(self, token: str, *, nonce: str) -> Rep:
        """The rep behind an identity token that answers a sign-in with this nonce.

        Raises:
            NotARep, InNoGroup, IssuerUnavailable: as for an access token.
        """
        header, claims = await self._verified(token, self._client_id)
        kind = str(header.get("typ", "")).lower()
        if claims.get("token_use", "id") != "id" or kind in _ACCESS_TYPES:
            raise NotARep
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise NotARep
        return _rep(claims)

    async def _verified(
        self, token: str, audience: str | None
    ) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Header and claims of a token whose signature, issuer and times are good."""
        if len(token) > _MOST_TOKEN:
            raise NotARep
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != _ALGORITHM:
                raise NotARep
            claims: dict[str, Any] = jwt.decode(
                token,
                await self._keys.key(str(header.get("kid", ""))),
                algorithms=[_ALGORITHM],
                issuer=self._issuer,
                audience=audience,
                leeway=_LEEWAY_SECONDS,
                options={"require": _REQUIRED, "verify_aud": audience is not None},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except (jwt.PyJWTError, UnknownKey):
            raise NotARep from None
        if not 0 < len(claims["sub"]) <= _MOST_SUBJECT or not claims["sub"].isprintable():
            raise NotARep
        return header, claims


def _rep(claims: Mapping[str, Any]) -> Rep:
    """The rep's id is the verified subject; the name is for the eye only."""
    held = [claims.get(name) for name in _GROUP_CLAIMS]
    groups = {group for listed in held if isinstance(listed, list) for group in map(str, listed)}
    role = next((role for role in ROLES if role in groups), None)
    if role is None:
        raise InNoGroup
    named = next(str(claims[name]) for name in _NAMES if claims.get(name))
    shown = "".join(sign for sign in named if sign.isprintable())[:_MOST_NAME]
    return Rep(rep_id=str(claims["sub"]), name=shown, role=role)
