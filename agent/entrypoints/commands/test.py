"""``./deskhand test``: the test suite. The launcher runs it, because it needs more packages."""

from __future__ import annotations

import click

from agent.entrypoints.command_line import WRONG_USE, CommandFailed, ExampleCommand


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    cls=ExampleCommand,
    examples=[
        "./deskhand test",
        './deskhand test tests/agent -k "terminal and not narrow"',
    ],
)
def test() -> None:
    """Run the test suite.

    ARGS go to pytest, paths count from the project's folder. The first run installs what the tests
    need. Tests that run for minutes take part with -m soak.
    """
    raise CommandFailed(
        "no_launcher", "The launcher runs the tests: ./deskhand test.", exit_code=WRONG_USE
    )
