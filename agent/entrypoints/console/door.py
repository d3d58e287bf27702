"""The console's outermost layer: request ids, the Host check, security headers, faults."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.entrypoints.console.address import ConsoleAddress
from agent.entrypoints.console.problems import Problem, fault, problem_response
from agent.log_ids import note_ids

logger = logging.getLogger(__name__)

_YEAR = 31_536_000
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Scripts and styles are no documents: there these would be weight alone.
_DOCUMENTS = {
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Door:
    """Stands before the application.

    A page elsewhere may have its own name resolve to this machine; it cannot choose the Host
    header, which is therefore checked. Only health checks come under any name.

    Args:
        app: the application.
        address: the console's address.
        form_targets: hosts other than the console that a sign-in leads to.
    """

    def __init__(
        self, app: ASGIApp, address: ConsoleAddress, form_targets: Callable[[], tuple[str, ...]]
    ) -> None:
        self._app = app
        self._address = address
        self._form_targets = form_targets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        request_id = uuid.uuid4().hex[:12]
        scope.setdefault("state", {})["request_id"] = request_id
        note_ids(request_id=request_id)
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add_headers(scope["path"], MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            await self._admit(scope)(scope, receive, send_guarded)
        except Exception:
            logger.exception("request=<%s> | the request broke", request_id)
            if not begun:
                await problem_response(fault(), request_id)(scope, receive, send_guarded)

    def _admit(self, scope: Scope) -> ASGIApp:
        request = Request(scope)
        host = request.headers.get("host", "")
        if host == self._address.host or scope["path"] == "/healthz":
            return self._app
        if host in self._address.other_names and scope["method"] == "GET":
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{self._address.origin}{scope['path']}{query}", 307)
        message = f"This console is at {self._address.origin}."
        problem = Problem(421, "wrong_host", message)
        return problem_response(problem, scope["state"]["request_id"])

    def _add_headers(self, path: str, headers: MutableHeaders, request_id: str) -> None:
        kind, is_file = headers.get("content-type", ""), path.startswith("/static/")
        headers["X-Request-Id"] = request_id
        for name, value in _ALWAYS.items():
            headers[name] = value
        if self._address.secure:
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        if not kind.startswith("text/event-stream"):
            headers.setdefault("Cache-Control", "no-cache" if is_file else "no-store")
        if is_file and kind.startswith(("text/javascript", "text/css")):
            return
        targets = " ".join(("'self'", *self._form_targets()))
        headers["Content-Security-Policy"] = (
            f"default-src 'self'; img-src 'self' data:; form-action {targets};"
            " frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
        )
        for name, value in _DOCUMENTS.items():
            headers[name] = value
