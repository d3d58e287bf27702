"""``./deskhand chat``: the conversation in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from agent.entrypoints.command_line import (
    WRONG_USE,
    CommandFailed,
    ExampleCommand,
    asked_stack,
    stack_option,
)
from agent.entrypoints.stack import DeployedStack, Stack, StackChoice, read_settings

if TYPE_CHECKING:
    from agent.entrypoints.terminal import AskedDesk


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand chat",
        "./deskhand chat --conversation demo",
        "./deskhand chat --stack aws",
    ],
)
@click.option("--conversation", metavar="ID", help="Go on with this conversation, or begin it.")
@stack_option
@click.pass_context
def chat(context: click.Context, conversation: str | None, stack_choice: StackChoice) -> None:
    """Chat with the desk in this terminal.

    Answers stream in; every tool call shows its system and its time. The arrow keys bring earlier
    questions back, Ctrl-C stops an answer and not the program, /help lists the commands. With
    --stack aws and DESKHAND_ENDPOINT_URL set, it is a chat with a deployed desk, at which the rep
    signs in first.
    """
    from agent.entrypoints.questions import conversation_problem

    if conversation is not None and (problem := conversation_problem(conversation)):
        raise CommandFailed("bad_conversation", problem, exit_code=WRONG_USE)
    stack = asked_stack(context, stack_choice, read_settings())
    stack.run(lambda desk: _talk(desk, conversation, stack))


async def _talk(desk: AskedDesk, conversation: str | None, stack: Stack | DeployedStack) -> None:
    from agent.entrypoints.questions import rep_at_terminal
    from agent.entrypoints.terminal import MAY_BE_KEPT, NOTHING_IS_KEPT, open_chat

    opened = open_chat(
        desk,
        rep_at_terminal(stack.settings.rep),
        environment=stack.environment,
        most_characters=stack.settings.max_question_characters,
        stopped=MAY_BE_KEPT if isinstance(stack, DeployedStack) else NOTHING_IS_KEPT,
    )
    await opened.run(conversation)
