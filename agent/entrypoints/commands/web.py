"""``./deskhand web``: the browser console."""

from __future__ import annotations

from dataclasses import replace
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
    from agent.settings import Settings

_HOST = "127.0.0.1"
_STREAMS = 256


@click.command(
    cls=ExampleCommand,
    examples=["./deskhand web", "./deskhand web --port 0"],
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 takes a free one.",
)
@stack_option
@click.pass_context
def web(context: click.Context, port: int, stack_choice: StackChoice) -> None:
    """Serve the browser console, in which a rep asks and sees the customer beside the answers.

    It listens on this machine only; reps elsewhere come through a proxy with TLS, whose address
    DESKHAND_CONSOLE_URL names.
    """
    with bound_socket(_HOST, port) as listener:
        stack = stack_of(context, stack_choice, serving=True)
        settings = _for_console(stack.settings)

        async def run(desk: Desk) -> None:
            from agent.entrypoints.console.address import ConsoleAddress
            from agent.entrypoints.web import serve_console

            listener.listen(1024)  # from here on a caller waits for the server and is not refused
            bound = listener.getsockname()[1]
            address = ConsoleAddress(settings.console_url or f"http://{_HOST}:{bound}")
            say(f"The console is at {address.origin}; Ctrl-C stops it.")
            await serve_console(desk, listener, settings, address)

        replace(stack, settings=settings).run(run)


def _for_console(settings: Settings) -> Settings:
    """The settings, with room for many reps unless they say how much.

    Raises:
        SettingsError: nobody could sign in.
    """
    from agent.errors import SettingsError

    if not settings.issuer_url:
        raise SettingsError("DESKHAND_ISSUER_URL", "is not set; reps sign in there.")
    if not settings.console_client_id:
        raise SettingsError("DESKHAND_CONSOLE_CLIENT_ID", "is not set; the issuer asks for it.")
    if "max_streams" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"max_streams": _STREAMS})
