"""``./deskhand ask``: one question, one answer."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import click

from agent.entrypoints.command_line import (
    DONE,
    TURN_FAILED,
    UNREACHABLE,
    WRONG_USE,
    CommandFailed,
    ExampleCommand,
    asked_stack,
    json_option,
    stack_option,
    stdout_for_one_document,
)
from agent.entrypoints.stack import StackChoice, read_settings

if TYPE_CHECKING:
    from agent.entrypoints.views import View
    from agent.settings import Settings
    from agent.turns import Answer, Failed, Question, TurnEvent

_EXIT_CODES = {
    "bad_conversation": WRONG_USE,
    "bad_question": WRONG_USE,
    "signed_out": WRONG_USE,
    "token_refused": WRONG_USE,
    "not_allowed": WRONG_USE,
    "endpoint_not_found": WRONG_USE,
    "model_unavailable": UNREACHABLE,
    "desk_unavailable": UNREACHABLE,
    "endpoint_unreachable": UNREACHABLE,
    "issuer_unavailable": UNREACHABLE,
}


@click.command(
    cls=ExampleCommand,
    examples=[
        './deskhand ask "Who is customer CUST003, and which orders does he have?"',
        './deskhand ask "Is his laptop under warranty?" --conversation demo --json',
        './deskhand ask --stack aws "Who is customer CUST003?"',
    ],
    exit_codes="0 answered, 1 the turn failed, 2 wrong use, 3 model or systems out of reach",
)
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@click.option("--conversation", metavar="ID", help="Go on with this conversation, or begin it.")
@json_option
@stack_option
@click.pass_context
def ask(
    context: click.Context,
    words: tuple[str, ...],
    conversation: str | None,
    as_json: bool,
    stack_choice: StackChoice,
) -> None:
    """Ask one question and print the answer.

    The answer goes to stdout, the tool calls to stderr. "-" reads the question from stdin. With
    --stack aws and DESKHAND_ENDPOINT_URL set, a deployed desk is asked, as the rep of
    DESKHAND_REP_TOKEN or as the one who has signed in at this terminal.
    """
    settings = read_settings()
    question = _question(words, conversation, settings)
    if as_json:
        with stdout_for_one_document() as write:
            stack = asked_stack(context, stack_choice, settings)
            ended = stack.run(lambda desk: _unseen(desk.ask(question)))
            if not hasattr(ended, "code"):
                write(ended.model_dump(mode="json"))
    else:
        stack = asked_stack(context, stack_choice, settings)
        ended = stack.run(lambda desk: _shown(desk.ask(question)))
    context.exit(_judge(ended, shown=not as_json))


def _question(words: tuple[str, ...], conversation: str | None, settings: Settings) -> Question:
    from agent.entrypoints.questions import (
        conversation_problem,
        new_conversation_id,
        rep_at_terminal,
    )
    from agent.question_text import text_problem
    from agent.turns import Question

    text = " ".join(words)
    if text == "-":
        text = sys.stdin.read(settings.max_question_characters + 1)
    if problem := text_problem(text, most=settings.max_question_characters):
        raise CommandFailed("bad_question", problem, exit_code=WRONG_USE)
    if conversation is not None and (problem := conversation_problem(conversation)):
        raise CommandFailed("bad_conversation", problem, exit_code=WRONG_USE)
    return Question(
        rep=rep_at_terminal(settings.rep),
        conversation_id=conversation or new_conversation_id(),
        text=text,
    )


async def _shown(turn: AsyncGenerator[TurnEvent]) -> Answer | Failed:
    with _view() as view:
        return await _end_of(turn, view.show)


async def _unseen(turn: AsyncGenerator[TurnEvent]) -> Answer | Failed:
    """Without a view: to import what draws on a terminal takes a while."""
    return await _end_of(turn, lambda event: None)


async def _end_of(
    turn: AsyncGenerator[TurnEvent], show: Callable[[TurnEvent], None]
) -> Answer | Failed:
    from agent.turns import Answered, Failed

    async with aclosing(turn) as events:
        async for event in events:
            show(event)
            if isinstance(event, Answered):
                return event.answer
            if isinstance(event, Failed):
                return event
    raise CommandFailed("internal", "The turn ended without an answer.")


def _judge(ended: Any, *, shown: bool) -> int:
    """The exit code of a turn; a failed one that nobody has been told of is told now."""
    if hasattr(ended, "code"):
        code = _EXIT_CODES.get(ended.code, TURN_FAILED)
        if shown:
            return code
        raise CommandFailed(ended.code, ended.message, exit_code=code, retryable=ended.retryable)
    return UNREACHABLE if ended.outcome == "unavailable" else DONE


def _view() -> View:
    from agent.entrypoints.markdown import answer_console
    from agent.entrypoints.views import LiveView, PlainView

    console = answer_console()
    if console.is_terminal and not console.is_dumb_terminal and sys.stderr.isatty():
        return LiveView(console)
    return PlainView(sys.stdout, sys.stderr, console=console if console.is_terminal else None)
