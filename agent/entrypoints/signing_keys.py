"""The keys that an issuer of tokens signs with: fetched when needed, kept, and fetched anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import jwt

_KEEP_SECONDS = 3600.0
_KEEP_ON_SECONDS = 60.0
_APART_SECONDS = 10.0
_APART_AFTER_OUTAGE = 1.0


class IssuerUnavailable(Exception):
    """The issuer did not answer as one does."""


class UnknownKey(Exception):
    """The issuer has no key of that id."""


class SigningKeys:
    """The RSA keys of one issuer, by their ids.

    A key that is not known has all of them fetched again, at most every 10 seconds: made-up ids
    cost the issuer nothing. After an hour they are fetched again anyway, and a key that has been
    withdrawn is forgotten; while the issuer is away, those that are known go on.

    Args:
        fetch: the issuer's key set; raises ``IssuerUnavailable``.
        monotonic: a clock for what is kept.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Mapping[str, Any]]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._failed_at = float("-inf")

    async def key(self, key_id: str) -> jwt.PyJWK:
        """The key of that id.

        Raises:
            UnknownKey: there is none.
            IssuerUnavailable: it is not known here, and the issuer cannot be asked.
        """
        if key_id not in self._keys or self._age() > _KEEP_SECONDS:
            async with self._lock:
                await self._renew(key_id)
        if key_id not in self._keys:
            raise UnknownKey
        return self._keys[key_id]

    def _age(self) -> float:
        return self._monotonic() - self._fetched_at

    async def _renew(self, key_id: str) -> None:
        """Fetches the keys, unless that has just been done."""
        known = key_id in self._keys
        if self._age() < (_KEEP_SECONDS if known else _APART_SECONDS):
            return  # another caller has fetched them in the meantime
        if not known and self._monotonic() - self._failed_at < _APART_AFTER_OUTAGE:
            raise IssuerUnavailable
        try:
            found = _usable(await self._fetch())
        except IssuerUnavailable:
            self._failed_at = self._monotonic()
            if not known:
                raise
            self._fetched_at = self._failed_at - _KEEP_SECONDS + _KEEP_ON_SECONDS
        else:
            self._keys, self._fetched_at = found, self._monotonic()


def _usable(key_set: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    """The keys that can check an RS256 signature.

    Raises:
        IssuerUnavailable: what was published is no set of keys.
    """
    try:
        keys = jwt.PyJWKSet.from_dict(dict(key_set)).keys
    except (jwt.PyJWTError, AttributeError, TypeError, ValueError):
        raise IssuerUnavailable from None
    return {key.key_id: key for key in keys if key.key_id and key.key_type == "RSA"}
