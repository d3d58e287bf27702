"""Puts the console together: pages, static files and the API behind one door."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from agent.entrypoints.console.address import ConsoleAddress
from agent.entrypoints.console.conversation_routes import ConversationRoutes
from agent.entrypoints.console.desk_routes import DeskRoutes
from agent.entrypoints.console.door import Door
from agent.entrypoints.console.guard import Gate, Guard
from agent.entrypoints.console.problems import (
    Problem,
    fault,
    problem_response,
    request_id_of,
)
from agent.entrypoints.console.rates import Rate
from agent.entrypoints.console.run_routes import RunRoutes
from agent.entrypoints.console.runs import Runs
from agent.entrypoints.console.sessions import Sessions
from agent.entrypoints.console.sign_in import SignIn
from agent.entrypoints.console.static_files import ConsoleFiles
from agent.entrypoints.issuer import OpenIdIssuer

if TYPE_CHECKING:
    from agent.desk import Desk

STATIC = Path(__file__).resolve().parents[1] / "static"


@dataclass(frozen=True, slots=True)
class ConsoleLimits:
    """What one rep may do, how often one address may sign in, how long a question may be."""

    runs_per_minute: int = 30
    calls_per_second: int = 20
    sign_ins_per_second: float = 2
    question_characters: int = 8000
    heartbeat_seconds: float = 15


@dataclass(frozen=True, slots=True)
class Console:
    """A console that is put together: its application and the runs that live in it."""

    app: ASGIApp
    runs: Runs


def build_console(
    desk: Desk,
    *,
    address: ConsoleAddress,
    issuer: OpenIdIssuer,
    sessions: Sessions,
    limits: ConsoleLimits,
    static: Path = STATIC,
) -> Console:
    """The console over an open desk.

    Args:
        address: where browsers find it.
        issuer: where reps sign in.
        sessions: who is signed in.
        limits: what one rep may do.
        static: the folder with pages, styles and scripts.
    """
    runs, gate, files = Runs(desk), Gate(sessions, address), ConsoleFiles.of(static)
    calls = Rate(per_second=limits.calls_per_second, burst=3 * limits.calls_per_second)
    asks = Rate(per_second=limits.runs_per_minute / 60, burst=limits.runs_per_minute)
    tries = Rate(per_second=limits.sign_ins_per_second, burst=30 * limits.sign_ins_per_second)
    run_routes = RunRoutes(
        runs,
        desk.conversations,
        asks,
        most_characters=limits.question_characters,
        heartbeat_seconds=limits.heartbeat_seconds,
    )
    api = [
        *DeskRoutes(desk, sessions, question_characters=limits.question_characters).routes,
        *ConversationRoutes(desk.conversations, runs).routes,
        *run_routes.routes,
    ]
    app = Starlette(
        routes=[
            *SignIn(issuer, sessions, gate, address, files, tries).routes,
            Route("/healthz", _healthy),
            *files.routes,
            Mount("/api", routes=api, middleware=[Middleware(Guard, gate=gate, rate=calls)]),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)],
        exception_handlers={Problem: _told, HTTPException: _http_error, Exception: _fault},
    )
    return Console(Door(app, address, lambda: issuer.origins), runs)


async def _healthy(request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _told(request: Request, problem: Exception) -> Response:
    if not isinstance(problem, Problem):
        raise problem
    return problem_response(problem, request_id_of(request))


async def _fault(request: Request, error: Exception) -> Response:
    """The door, which gets the error too, logs it."""
    return problem_response(fault(), request_id_of(request))


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {
        404: Problem(404, "not_found", "There is nothing here."),
        405: Problem(405, "wrong_method", "That cannot be done here."),
    }
    other = Problem(status, "bad_request", "The request cannot be taken.")
    return problem_response(known.get(status, other), request_id_of(request))
