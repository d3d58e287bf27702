"""``./deskhand chat``: the conversation in a terminal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
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
    from agent.entrypoints.terminal import AskedDesk
    from agent.settings import Settings


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
    from agent.settings import Settings

    if conversation is not None and (problem := conversation_problem(conversation)):
        raise CommandFailed("bad_conversation", problem, exit_code=WRONG_USE)
    settings = Settings.from_environment(os.environ)
    if stack_choice == "aws" and settings.endpoint_url:
        asyncio.run(_talk_to_deployed(settings, settings.endpoint_url, conversation))
        return
    stack = stack_of(context, stack_choice)
    stack.run(lambda desk: _talk(desk, conversation, stack.settings, stack.environment))


async def _talk_to_deployed(settings: Settings, endpoint: str, conversation: str | None) -> None:
    from agent.entrypoints.deployed import open_deployed

    async with open_deployed(settings, endpoint, os.environ) as desk:
        await _talk(desk, conversation, settings, os.environ, elsewhere=True)


async def _talk(
    desk: AskedDesk,
    conversation: str | None,
    settings: Settings,
    environment: Mapping[str, str],
    *,
    elsewhere: bool = False,
) -> None:
    from agent.entrypoints.questions import rep_at_terminal
    from agent.entrypoints.terminal import MAY_BE_KEPT, NOTHING_IS_KEPT, open_chat

    opened = open_chat(
        desk,
        rep_at_terminal(settings.rep),
        environment=environment,
        most_characters=settings.max_question_characters,
        stopped=MAY_BE_KEPT if elsewhere else NOTHING_IS_KEPT,
    )
    await opened.run(conversation)
