"""Who is signed in: sessions in signed cookies, which outlive a restart and end by signing out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from agent.turns import Rep

_ALGORITHM = "HS256"
_SESSION = "session"


@dataclass(frozen=True, slots=True)
class Session:
    """A rep who is signed in, until ``expires`` (seconds since 1970)."""

    rep: Rep
    session_id: str
    expires: float


class Sessions:
    """Makes and reads the console's cookies.

    The cookie itself holds the session, so a restart keeps reps signed in. What was signed out is
    remembered until it would have ended by itself.

    Args:
        key: signs the cookies, 32 bytes or more.
        seconds: how long a rep stays signed in.
        clock: seconds since 1970.
    """

    def __init__(
        self, key: bytes, *, seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.seconds = seconds
        self._key = key
        self._clock = clock
        self._closed: dict[str, float] = {}

    def open(self, rep: Rep) -> str:
        """The cookie of a rep who has just signed in."""
        sid = secrets.token_urlsafe(16)
        claims = {"sub": rep.rep_id, "name": rep.name, "role": rep.role, "sid": sid}
        return self.seal(claims, purpose=_SESSION, seconds=self.seconds)

    def read(self, cookie: str | None) -> Session | None:
        """The session of a cookie, if it is one of ours and still goes on."""
        claims = self.unseal(cookie, purpose=_SESSION)
        if claims is None or claims["sid"] in self._closed:
            return None
        rep = Rep(rep_id=claims["sub"], name=claims["name"], role=claims.get("role", "rep"))
        return Session(rep, claims["sid"], claims["exp"])

    def close(self, session: Session) -> None:
        """Ends a session, so that a copy of its cookie is worth nothing."""
        now = self._clock()
        self._closed = {sid: until for sid, until in self._closed.items() if until > now}
        self._closed[session.session_id] = session.expires

    def csrf(self, session: Session) -> str:
        """The word that each change must bring along; only the session's own pages can read it."""
        text = f"csrf:{session.session_id}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()

    def seal(self, claims: Mapping[str, Any], *, purpose: str, seconds: float) -> str:
        """A signed value, good for one purpose and for a time."""
        made = {**claims, "aud": purpose, "exp": self._clock() + seconds}
        return jwt.encode(made, self._key, algorithm=_ALGORITHM)

    def unseal(self, sealed: str | None, *, purpose: str) -> dict[str, Any] | None:
        """What was sealed for this purpose, or ``None``."""
        if not sealed:
            return None
        options: Any = {"require": ["exp", "aud"], "verify_exp": False}
        try:
            claims: dict[str, Any] = jwt.decode(
                sealed, self._key, algorithms=[_ALGORITHM], audience=purpose, options=options
            )
        except jwt.PyJWTError:
            return None
        return claims if claims["exp"] > self._clock() else None
