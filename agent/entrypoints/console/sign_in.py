"""The pages before the console: sign-in at the issuer and back, and sign-out."""

from __future__ import annotations

import hmac
import logging

from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from agent.entrypoints.console.address import ConsoleAddress
from agent.entrypoints.console.guard import Gate
from agent.entrypoints.console.rates import Rate
from agent.entrypoints.console.sessions import Sessions
from agent.entrypoints.console.static_files import ConsoleFiles
from agent.entrypoints.issuer import Flow, OpenIdIssuer, SignInRefused
from agent.entrypoints.questions import conversation_problem
from agent.entrypoints.rep_rule import InNoGroup
from agent.entrypoints.signing_keys import IssuerUnavailable

logger = logging.getLogger(__name__)

_FLOW_SECONDS = 600
_PURPOSE = "sign-in"


class SignIn:
    """Signs reps in and out.

    Args:
        issuer: vouches for reps.
        sessions: makes the cookies.
        gate: knows who is signed in.
        address: the console's address.
        files: the pages.
        rate: how often one address may try; each try asks the issuer.
    """

    def __init__(
        self,
        issuer: OpenIdIssuer,
        sessions: Sessions,
        gate: Gate,
        address: ConsoleAddress,
        files: ConsoleFiles,
        rate: Rate,
    ) -> None:
        self._issuer = issuer
        self._sessions = sessions
        self._gate = gate
        self._address = address
        self._files = files
        self._rate = rate

    @property
    def routes(self) -> list[Route]:
        """The pages and what they lead to."""
        return [
            Route("/", self._console),
            Route("/sign-in", self._page),
            Route("/auth/start", self._start),
            Route("/auth/callback", self._callback),
            Route("/auth/sign-out", self._sign_out, methods=["POST"]),
        ]

    async def _console(self, request: Request) -> Response:
        """The console's page, which holds nothing of anybody.

        A browser that comes over from another site does not send the cookie yet, so the page is
        given to it and finds out by itself whether anybody is signed in.
        """
        from_elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
        if self._gate.session(request) is None and not from_elsewhere:
            return RedirectResponse("/sign-in", 302)
        return self._files.page("index.html")

    async def _page(self, request: Request) -> Response:
        return self._files.page("sign-in.html")

    async def _start(self, request: Request) -> Response:
        if self._is_too_much(request):
            return _again("unavailable")
        flow = Flow.new()
        try:
            there = await self._issuer.start(flow, callback=self._address.callback)
        except IssuerUnavailable:
            logger.warning("the issuer does not answer")
            return _again("unavailable")
        wanted = request.query_params.get("conversation", "")
        claims = {**flow.as_claims(), "to": "" if conversation_problem(wanted) else wanted}
        response = RedirectResponse(there, 302)
        sealed = self._sessions.seal(claims, purpose=_PURPOSE, seconds=_FLOW_SECONDS)
        # Lax: the rep comes back by a link from the issuer's site.
        self._set(response, "sign-in", sealed, _FLOW_SECONDS, strict=False)
        return response

    async def _callback(self, request: Request) -> Response:
        if not request.query_params:  # back from signing out: issuers know this address alone
            return RedirectResponse("/sign-in", 302)
        sealed = request.cookies.get(self._address.cookie_name("sign-in"))
        claims = self._sessions.unseal(sealed, purpose=_PURPOSE)
        if claims is None:
            return self._ended("expired")
        if self._is_too_much(request):
            return self._ended("unavailable")
        flow = Flow(claims["state"], claims["nonce"], claims["verifier"])
        given, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        if not code or not hmac.compare_digest(given.encode(), flow.state.encode()):
            return self._ended("refused")
        try:
            rep, _ = await self._issuer.finish(flow, code, callback=self._address.callback)
        except SignInRefused:
            logger.warning("a sign-in was refused")
            return self._ended("refused")
        except InNoGroup:
            logger.warning("a rep without a group was refused")
            return self._ended("no-group")
        except IssuerUnavailable:
            logger.warning("the issuer does not answer")
            return self._ended("unavailable")
        # A redirect would still count as coming from the issuer's site, and the browser would not
        # send the strict cookie along; a page of our own that goes on counts as ours.
        to = f"/#{claims['to']}" if claims["to"] else "/"
        response = HTMLResponse(
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f'<meta http-equiv="refresh" content="0;url={to}"><link rel="icon" href="data:,">'
            f'<title>Signed in · Deskhand</title><a href="{to}">Go on to the console</a></html>'
        )
        self._forget(response, "sign-in")
        seconds = round(self._sessions.seconds)
        self._set(response, "session", self._sessions.open(rep), seconds, strict=True)
        return response

    async def _sign_out(self, request: Request) -> Response:
        """Ends the session here, and tells the page where the issuer's own ends, if it has one."""
        self._sessions.close(self._gate.required(request))
        there = await self._issuer.sign_out_address(after=self._address.callback)
        response = JSONResponse({"next": there or f"{self._address.origin}/sign-in"})
        self._forget(response, "session")
        return response

    def _is_too_much(self, request: Request) -> bool:
        return self._rate.take(request.client.host if request.client else "") > 0

    def _ended(self, problem: str) -> Response:
        response = _again(problem)
        self._forget(response, "sign-in")
        return response

    def _set(
        self, response: Response, purpose: str, value: str, seconds: int, *, strict: bool
    ) -> None:
        response.set_cookie(
            self._address.cookie_name(purpose),
            value,
            max_age=seconds,
            path="/",
            secure=self._address.secure,
            httponly=True,
            samesite="strict" if strict else "lax",
        )

    def _forget(self, response: Response, purpose: str) -> None:
        self._set(response, purpose, "", 0, strict=purpose == "session")


def _again(problem: str) -> Response:
    return RedirectResponse(f"/sign-in?problem={problem}", 303)
