"""The access token with which a rep's program asks a deployed desk: a given one, or a kept one."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from agent.entrypoints.issuer import OpenIdIssuer, SignInRefused, Tokens

_PRIVATE = 0o600
_EARLY_SECONDS = 60


class SignedOut(Exception):
    """There is no token, and none to be had without the rep."""


class RepTokens(Protocol):
    """Where a program has its rep's access token from."""

    async def token(self) -> str:
        """A token that should be good now.

        Raises:
            SignedOut: the rep has to sign in.
            IssuerUnavailable: the issuer did not answer.
        """

    async def renewed(self) -> str | None:
        """Another one in place of one that was refused, if there is any without the rep.

        Raises:
            SignedOut, IssuerUnavailable: as for ``token``.
        """


class GivenToken:
    """A token that somebody else has got; when it is over, it is over."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        """It."""
        return self._token

    async def renewed(self) -> str | None:
        """There is no other."""
        return None


@dataclass(frozen=True, slots=True)
class _Kept:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    until: float


class KeptTokens:
    """The tokens of a sign-in, in a file that only its owner reads, renewed while that is possible.

    Args:
        issuer: renews them.
        file: where they are kept.
        clock: seconds since 1970.
    """

    def __init__(
        self, issuer: OpenIdIssuer, file: Path, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._issuer = issuer
        self._file = file
        self._clock = clock
        self._kept = _read(file)

    def keep(self, tokens: Tokens) -> None:
        """Keeps what a sign-in has brought; where nothing can be written, for this program only."""
        self._kept = _Kept(tokens.access, tokens.refresh, self._clock() + tokens.seconds)
        with suppress(OSError):
            _write(self._file, self._kept)

    async def token(self) -> str:
        """The kept token, or a new one shortly before that one ends.

        Raises:
            SignedOut: the rep has to sign in.
            IssuerUnavailable: the issuer did not answer.
        """
        if self._kept is not None and self._clock() < self._kept.until - _EARLY_SECONDS:
            return self._kept.access
        return await self.renewed()

    async def renewed(self) -> str:
        """A new token.

        Raises:
            SignedOut: the sign-in has ended.
            IssuerUnavailable: the issuer did not answer.
        """
        if self._kept is None or not self._kept.refresh:
            raise SignedOut
        try:
            tokens = await self._issuer.refresh(self._kept.refresh)
        except SignInRefused:
            found = _read(self._file)
            if found is not None and found != self._kept:  # another program's, signed in since
                self._kept = found
                return await self.token()
            self._kept = None
            with suppress(OSError):
                self._file.unlink()
            raise SignedOut from None
        self.keep(tokens)
        return tokens.access


def file_of(folder: Path, issuer: str, client_id: str) -> Path:
    """Where the tokens of one issuer and program are kept."""
    name = hashlib.sha256(f"{issuer}\n{client_id}".encode()).hexdigest()[:16]
    return folder / "sign-ins" / f"{name}.json"


def _read(file: Path) -> _Kept | None:
    """What is kept; a file that others may read is not trusted."""
    try:
        if file.stat().st_mode & 0o077:
            return None
        held = json.loads(file.read_text(encoding="utf-8"))
        return _Kept(str(held["access"]), str(held["refresh"]), float(held["until"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, kept: _Kept) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_suffix(f".{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump(asdict(kept), opened)
    beside.replace(file)
