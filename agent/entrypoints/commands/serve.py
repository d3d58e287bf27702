"""``./deskhand serve``: the AgentCore Runtime contract over HTTP."""

from __future__ import annotations

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

    The session header is the conversation; "Accept: text/event-stream" gets AG-UI events.
    """
    listener = bound_socket(host, port)
    with listener:
        stack = stack_of(context, stack_choice, serving=True)

        async def run(desk: Desk) -> None:
            from agent.entrypoints.runtime import serve_desk

            listener.listen()  # from here on a caller waits for the server and is not refused
            bound = listener.getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            say(f"Serving /invocations and /ping on http://{shown}:{bound}; Ctrl-C stops it.")
            await serve_desk(
                desk, listener, rep=stack.settings.rep, most=stack.settings.max_question_characters
            )

        stack.run(run)
