"""``./deskhand seed``: loads data into the stack."""

from __future__ import annotations

import click

from agent.entrypoints.command_line import ExampleCommand, stack_of, stack_option
from agent.entrypoints.stack import StackChoice


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand seed",
    ],
)
@stack_option
@click.pass_context
def seed(context: click.Context, stack_choice: StackChoice) -> None:
    """Load data into the stack that the settings name."""
    stack_of(context, stack_choice)
