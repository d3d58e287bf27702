"""``./deskhand chat``: the conversation in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from agent.entrypoints.command_line import (
    WRONG_USE,
    CommandFailed,
    ExampleCommand,
    stack_of,
    stack_option,
)
from agent.entrypoints.stack import StackChoice

if TYPE_CHECKING:
    from agent.desk import Desk


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand chat",
        "./deskhand chat --conversation demo",
    ],
)
@click.option("--conversation", metavar="ID", help="Go on with this conversation, or begin it.")
@stack_option
@click.pass_context
def chat(context: click.Context, conversation: str | None, stack_choice: StackChoice) -> None:
    """Chat with the desk in this terminal.

    Answers stream in; every tool call shows its system and its time. The arrow keys bring earlier
    questions back, Ctrl-C stops an answer and not the program, /help lists the commands.
    """
    from agent.entrypoints.questions import conversation_problem, rep_at_terminal
    from agent.entrypoints.terminal import open_chat

    if conversation is not None and (problem := conversation_problem(conversation)):
        raise CommandFailed("bad_conversation", problem, exit_code=WRONG_USE)
    stack = stack_of(context, stack_choice)
    rep = rep_at_terminal(stack.settings.rep)

    async def talk(desk: Desk) -> None:
        opened = open_chat(
            desk,
            rep,
            environment=stack.environment,
            most_characters=stack.settings.max_question_characters,
        )
        await opened.run(conversation)

    stack.run(talk)
