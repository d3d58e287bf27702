"""Stands before every route of the API: who asks, from where, and how often."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.entrypoints.console.address import ConsoleAddress
from agent.entrypoints.console.problems import Problem
from agent.entrypoints.console.rates import Rate
from agent.entrypoints.console.sessions import Session, Sessions

CSRF_HEADER = "X-Deskhand-CSRF"
_SAFE = frozenset({"GET", "HEAD"})


class Gate:
    """Knows whether a request is a signed-in rep's own.

    Args:
        sessions: reads the cookie.
        address: what the Origin of a change must be.
    """

    def __init__(self, sessions: Sessions, address: ConsoleAddress) -> None:
        self._sessions = sessions
        self._address = address

    def session(self, request: Request) -> Session | None:
        """The session of the request's cookie."""
        return self._sessions.read(request.cookies.get(self._address.cookie_name("session")))

    def required(self, request: Request) -> Session:
        """The session of a request that needs one; a change must come from our own page.

        Raises:
            Problem: nobody is signed in, the page is of a session before, which may have been
                another rep's, or the change comes from somewhere else.
        """
        session = self.session(request)
        if session is None:
            raise Problem(401, "signed_out", "You are signed out. Please sign in again.")
        changes, word = request.method not in _SAFE, request.headers.get(CSRF_HEADER)
        if changes and (word is None or request.headers.get("origin") != self._address.origin):
            message = "This change did not come from the console's own page. Reload it."
            raise Problem(403, "forbidden", message)
        if word is not None and not self._is_of(session, word):
            message = "Somebody has signed in since this page was loaded. Reload it."
            raise Problem(403, "other_session", message)
        return session

    def _is_of(self, session: Session, word: str) -> bool:
        return hmac.compare_digest(word.encode(), self._sessions.csrf(session).encode())


class Guard:
    """Lets signed-in reps through to the API, not too often.

    Args:
        app: the routes behind it.
        gate: judges each request.
        rate: how often one rep may ask.
    """

    def __init__(self, app: ASGIApp, gate: Gate, rate: Rate) -> None:
        self._app = app
        self._gate = gate
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request.

        Raises:
            Problem: it is not let through.
        """
        session = self._gate.required(Request(scope))
        hold_to(self._rate, session)
        scope["state"]["session"] = session
        await self._app(scope, receive, send)


def hold_to(rate: Rate, session: Session) -> None:
    """Takes one of what a rep may do.

    Raises:
        Problem: there is none left.
    """
    if wait := rate.take(session.rep.rep_id):
        message = "That was too much at once. Please wait a moment."
        raise Problem(429, "too_many_requests", message, retry_after=wait)


def session_of(request: Request) -> Session:
    """The session of a request that has passed the guard."""
    session: Session = request.scope["state"]["session"]
    return session
