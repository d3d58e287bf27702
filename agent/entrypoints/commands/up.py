"""``./deskhand up``: starts the local stack and keeps it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

import click

from agent.entrypoints.command_line import (
    UNREACHABLE,
    CommandFailed,
    ExampleCommand,
    say,
    stack_of,
)

_SHOWN = {
    "DESKHAND_CATALOG_URL": "catalog",
    "DESKHAND_GATEWAY_URL": "gateway",
    "DESKHAND_TOKEN_URL": "tokens",
    "AWS_ENDPOINT_URL_DYNAMODB": "dynamodb",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "model",
}


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand up",
    ],
)
@click.pass_context
def up(context: click.Context) -> None:
    """Start the local stack and keep it until Ctrl-C.

    Other commands find it and use it.
    """
    stack = stack_of(context, "local", for_desk=False)
    for line in address_lines(stack.environment):
        click.echo(line)
    click.echo("The local stack is up. Other ./deskhand commands use it; Ctrl-C stops it.")
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        while not stopped.is_set():
            if stack.lost_within(0.5):
                raise CommandFailed(
                    "stack_lost",
                    "The local stack has gone. Start it again with ./deskhand up.",
                    exit_code=UNREACHABLE,
                )
    except KeyboardInterrupt:
        pass
    say("Stopping the local stack.")


def address_lines(environment: Mapping[str, str]) -> list[str]:
    """The addresses without anything secret in them."""
    lines = [f"{'aurora':<10}{_postgres_address(environment.get('DESKHAND_AURORA_DSN', ''))}"]
    for variable, system in _SHOWN.items():
        if variable in environment:
            lines.append(f"{system:<10}{_without_user(environment[variable])}")
    return lines


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def _postgres_address(dsn: str) -> str:
    if "://" in dsn:
        return _without_user(dsn)
    words = [word for word in dsn.split() if word.partition("=")[0] in {"host", "port", "dbname"}]
    return "postgresql " + " ".join(words)
