"""``./deskhand serve``: the AgentCore Runtime contract over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click

from agent.entrypoints.command_line import (
    ExampleCommand,
    bound_socket,
    say,
    stack_of,
    stack_option,
)
from agent.entrypoints.stack import StackChoice

if TYPE_CHECKING:
    from agent.desk import Desk
    from agent.entrypoints.callers import Callers
    from agent.settings import Settings

_ISSUER_SECONDS = 5.0


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand serve --port 8080",
        "curl http://127.0.0.1:8080/invocations -H 'Content-Type: application/json' \\\n"
        "    -H 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: demo' \\\n"
        """    -d '{"prompt": "Who is CUST003?"}'""",
    ],
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="0 takes a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@stack_option
@click.pass_context
def serve(context: click.Context, port: int, host: str, stack_choice: StackChoice) -> None:
    """Serve the AgentCore Runtime contract: POST /invocations, GET /ping.

    The session header is the conversation; "Accept: text/event-stream" gets AG-UI events. With
    DESKHAND_REP_CLIENT_ID set, every request needs a rep's access token of DESKHAND_ISSUER_URL.
    """
    listener = bound_socket(host, port)
    with listener:
        stack = stack_of(context, stack_choice, serving=True)
        settings = stack.settings
        require_callers(settings)

        async def run(desk: Desk) -> None:
            from agent.entrypoints.runtime import serve_desk
            from agent.setting_values import is_this_machine

            listener.listen()  # from here on a caller waits for the server and is not refused
            bound = listener.getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            say(f"Serving /invocations and /ping on http://{shown}:{bound}; Ctrl-C stops it.")
            if not settings.rep_client_id and not is_this_machine(f"http://{shown}"):
                say("No token is asked for: whoever reaches this address is answered.")
            async with _callers(settings) as callers:
                await serve_desk(
                    desk,
                    listener,
                    callers=callers,
                    most_characters=settings.max_question_characters,
                )

        stack.run(run)


def require_callers(settings: Settings) -> None:
    """Makes sure that who calls can be told, or need not be.

    Raises:
        SettingsError: the stack is not of this machine, and nothing says whose tokens are taken.
    """
    from agent.errors import SettingsError
    from agent.setting_values import is_this_machine

    if settings.rep_client_id and not settings.issuer_url:
        raise SettingsError("DESKHAND_ISSUER_URL", "is not set; it signs the reps' tokens.")
    if settings.rep_client_id or settings.unverified_callers:
        return
    addresses = (settings.catalog_url, settings.gateway_url, settings.token_url)
    if not all(is_this_machine(address) for address in addresses if address):
        raise SettingsError(
            "DESKHAND_REP_CLIENT_ID" if settings.issuer_url else "DESKHAND_ISSUER_URL",
            "is not set, so nobody could tell whose questions these are; set it, or set"
            " DESKHAND_UNVERIFIED_CALLERS=true to answer whoever reaches this server.",
        )


@asynccontextmanager
async def _callers(settings: Settings) -> AsyncIterator[Callers]:
    import httpx2

    from agent.certificates import trusted_certificates
    from agent.entrypoints.callers import OneCaller, TokenCallers, keys_of
    from agent.entrypoints.questions import rep_at_terminal
    from agent.entrypoints.rep_rule import RepRule

    if not settings.rep_client_id:
        rep = rep_at_terminal(settings.rep)
        yield OneCaller(rep, pages_elsewhere=settings.unverified_callers)
        return
    issuer = (settings.issuer_url or "").rstrip("/")
    trusted = trusted_certificates()
    async with httpx2.AsyncClient(timeout=_ISSUER_SECONDS, verify=trusted, trust_env=False) as http:
        yield TokenCallers(
            RepRule(
                keys_of(http, issuer, settings.keys_url),
                issuer=issuer,
                client_id=settings.rep_client_id,
                audience=settings.rep_audience,
            )
        )
