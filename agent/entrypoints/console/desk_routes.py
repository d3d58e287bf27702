"""The API's view of the desk: who is signed in and to what, a customer's panel, the systems."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.entrypoints.console.examples import Examples
from agent.entrypoints.console.guard import session_of
from agent.entrypoints.console.problems import Problem
from agent.entrypoints.console.sessions import Sessions

if TYPE_CHECKING:
    from agent.desk import Desk
    from agent.system_check import SystemCheck

UNDERSTUDY = "local.understudy"
LABELS = {
    "aurora": "Orders and products",
    "catalog": "Catalogue and reviews",
    "warranty": "Warranties",
    "profile": "Customer profiles",
    "local": "Deskhand",
    "conversations": "Stored conversations",
    "model": "Model",
}
_WELL_SECONDS, _ILL_SECONDS = 30.0, 5.0
_STATUSES = {"invalid_input": 400, "refused": 403, "timeout": 504, "busy": 503, "unavailable": 503}


class DeskRoutes:
    """What the page shows besides conversations.

    Args:
        desk: the desk.
        sessions: knows the word that changes must bring along.
        question_characters: how long a question may be.
        now: the wall clock.
        monotonic: a clock for what is kept.
    """

    def __init__(
        self,
        desk: Desk,
        sessions: Sessions,
        *,
        question_characters: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._sessions = sessions
        self._question_characters = question_characters
        self._now = now
        self._monotonic = monotonic
        self._examples = Examples(desk, monotonic=monotonic)
        self._checks: list[SystemCheck] = []
        self._checked_until = 0.0
        self._checking = asyncio.Lock()

    @property
    def routes(self) -> list[Route]:
        """Their addresses."""
        return [
            Route("/me", self._me),
            Route("/customers/{customer_id}", self._customer),
            Route("/systems", self._systems),
        ]

    async def _me(self, request: Request) -> Response:
        session = session_of(request)
        return JSONResponse(
            {
                "rep": {"id": session.rep.rep_id, "name": session.rep.name},
                "csrf": self._sessions.csrf(session),
                "stack": self._desk.stack,
                "model_id": self._desk.model_id,
                "model_is_understudy": self._desk.model_id == UNDERSTUDY,
                "question_characters": self._question_characters,
                "examples": await self._examples.questions(),
                "systems": [{"system": name, "label": label} for name, label in LABELS.items()],
            }
        )

    async def _customer(self, request: Request) -> Response:
        asked = {"customer_id": request.path_params["customer_id"][:40]}
        rep = session_of(request).rep
        result = await self._desk.call_tool("get_customer_360", asked, rep=rep)
        if "error" in result:
            told = result["error"]
            raise Problem(_STATUSES.get(told["kind"], 502), told["kind"], told["message"])
        return JSONResponse({**result, "read_at": self._now().isoformat(timespec="seconds")})

    async def _systems(self, request: Request) -> Response:
        checks: list[dict[str, Any]] = [
            {"system": check.system, "ok": check.ok, "detail": check.detail}
            for check in await self._checked()
        ]
        return JSONResponse({"systems": checks})

    async def _checked(self) -> list[SystemCheck]:
        """The last checks; asking costs a model call, so that all pages share them for a while."""
        async with self._checking:
            if self._monotonic() >= self._checked_until:
                self._checks = await self._desk.check()
                well = all(check.ok for check in self._checks)
                self._checked_until = self._monotonic() + (_WELL_SECONDS if well else _ILL_SECONDS)
            return self._checks
