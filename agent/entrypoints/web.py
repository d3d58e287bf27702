"""Serves the browser console over one desk."""

from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING

import httpx2
import uvicorn

from agent.certificates import trusted_certificates
from agent.entrypoints.console.address import ConsoleAddress
from agent.entrypoints.console.application import Console, ConsoleLimits, build_console
from agent.entrypoints.console.sessions import Sessions
from agent.entrypoints.issuer import OpenIdIssuer
from agent.entrypoints.serving import GracefulServer

if TYPE_CHECKING:
    from agent.desk import Desk
    from agent.settings import Settings

SHUTDOWN_SECONDS = 3
_ISSUER_SECONDS = 5.0


async def serve_console(
    desk: Desk, listener: socket.socket, settings: Settings, address: ConsoleAddress
) -> None:
    """Serves until SIGINT or SIGTERM; what runs is stopped then, and what it said is stored."""
    key = settings.console_secret.get_secret_value() if settings.console_secret else ""
    trusted = trusted_certificates()
    async with httpx2.AsyncClient(timeout=_ISSUER_SECONDS, verify=trusted, trust_env=False) as http:
        console = build_console(
            desk,
            address=address,
            issuer=OpenIdIssuer(
                http,
                url=settings.issuer_url or "",
                client_id=settings.console_client_id or "",
            ),
            sessions=Sessions(
                key.encode() or secrets.token_bytes(32),
                seconds=settings.console_session_hours * 3600,
            ),
            limits=ConsoleLimits(
                runs_per_minute=settings.console_runs_per_minute,
                calls_per_second=settings.console_calls_per_second,
                question_characters=settings.max_question_characters,
            ),
        )
        server = GracefulServer(server_config(console), before_end=console.runs.stop_all)
        await server.serve(sockets=[listener])


def server_config(console: Console) -> uvicorn.Config:
    """How the console is served: without a word about by what."""
    return uvicorn.Config(
        console.app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
