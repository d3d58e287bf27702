"""The terminal chat: reads questions, shows turns as they run, and lives until the rep leaves."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from typing import Protocol, TextIO

from rich.console import Console
from rich.text import Text

from agent.entrypoints.chat_commands import COMMANDS, ChatCommands, RepConversations
from agent.entrypoints.keyboard import (
    Keyboard,
    LineKeyboard,
    PromptKeyboard,
    private_history,
    unheard_typing,
)
from agent.entrypoints.markdown import answer_console
from agent.entrypoints.plain_text import Neutral
from agent.entrypoints.views import LiveView, PlainView, View
from agent.question_text import text_problem
from agent.turns import Question, Rep, TurnEvent

UNDERSTUDY = "local.understudy"
NOTHING_IS_KEPT = "Stopped. Nothing of this turn is kept."
# A desk elsewhere need not hear that nobody listens any more.
MAY_BE_KEPT = "Stopped. The desk may still end this turn and keep it."


class AskedDesk(Protocol):
    """What a chat needs of a desk, whether it runs in this process or is deployed."""

    stack: str
    model_id: str

    @property
    def conversations(self) -> RepConversations:
        """The rep's conversations."""

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent]:
        """The events of one turn."""


def header(stack: str, model_id: str) -> str:
    """The chat's first line: which stack answers, and which model speaks for it, where known."""
    return f"Deskhand · stack {stack}" + (f" · {model_line(model_id)}" if model_id else "")


def model_line(model_id: str) -> str:
    """Which model speaks, and what it is when it is none."""
    what = ", a rule-based stand-in and no language model" if model_id == UNDERSTUDY else ""
    return f"model {model_id}{what}"


class Chat:
    """One chat at one terminal, over any number of conversations.

    Args:
        desk: answers the questions.
        rep: who sits at the terminal.
        keyboard: where questions come from.
        console: where everything is drawn.
        live: draw turns as they run; otherwise plain lines.
        most_characters: the length of a question.
        stopped: what is said after Ctrl-C.
    """

    def __init__(
        self,
        desk: AskedDesk,
        rep: Rep,
        *,
        keyboard: Keyboard,
        console: Console,
        live: bool,
        most_characters: int,
        stopped: str,
    ) -> None:
        self._desk = desk
        self._model_id = desk.model_id
        self._rep = rep
        self._keyboard = keyboard
        self._console = console
        self._live = live
        self._most_characters = most_characters
        self._stopped = stopped
        self._commands = ChatCommands(desk.conversations, rep, console)

    async def run(self, conversation_id: str | None) -> None:
        """Chats until the rep leaves."""
        self._console.print(Neutral(Text(header(self._desk.stack, self._desk.model_id), "bold")))
        self._console.print(
            Text("/help lists the commands · Ctrl-C stops an answer · Ctrl-D leaves", "dim")
        )
        if conversation_id is not None:
            await self._commands.resume(conversation_id)
        while (text := await self._next()) is not None:
            if not text:
                continue
            if text.startswith("/"):
                if not await self._commands.obey(text):
                    return
                continue
            if problem := text_problem(text, most=self._most_characters):
                self._console.print(Text(problem, "red"))
                continue
            await self._turn(text)

    async def _next(self) -> str | None:
        self._console.print()
        return await self._keyboard.read()

    async def _turn(self, text: str) -> None:
        """Shows one turn; Ctrl-C stops it and nothing else."""
        question = Question(
            rep=self._rep, conversation_id=self._commands.conversation_id, text=text
        )
        turn = asyncio.ensure_future(self._show(question))
        with interrupt_stops(turn) as interrupted, unheard_typing():
            await asyncio.wait({turn})
        if turn.cancelled() and interrupted():
            self._console.print(Text(self._stopped, "yellow"))
        else:
            turn.result()
        if self._desk.model_id != self._model_id:  # a deployed desk names it with its answers
            self._model_id = self._desk.model_id
            self._console.print(Neutral(Text(model_line(self._model_id), "dim")))

    async def _show(self, question: Question) -> None:
        view = LiveView(self._console) if self._live else _plain(self._console)
        with view:
            async with aclosing(self._desk.ask(question)) as events:
                async for event in events:
                    view.show(event)


def _plain(console: Console) -> View:
    return PlainView(console.file, sys.stderr)


@contextmanager
def interrupt_stops(task: asyncio.Future[None]) -> Iterator[Callable[[], bool]]:
    """While the context lasts, Ctrl-C cancels the task; yields whether it has."""
    loop = asyncio.get_running_loop()
    asked: list[bool] = []

    def stop() -> None:
        if not asked:  # a second time would break off the turn's own tidying up
            asked.append(True)
            task.cancel()

    before = signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        yield lambda: bool(asked)
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        with suppress(TypeError, ValueError):  # a handler that was not set from Python
            signal.signal(signal.SIGINT, before)


def open_chat(
    desk: AskedDesk,
    rep: Rep,
    *,
    environment: Mapping[str, str],
    most_characters: int,
    stopped: str,
    source: TextIO | None = None,
    out: TextIO | None = None,
) -> Chat:
    """A chat that fits what it runs on: a capable terminal, or plain streams."""
    source, out = source or sys.stdin, out or sys.stdout
    console = answer_console(out)
    live = source.isatty() and console.is_terminal and not console.is_dumb_terminal
    keyboard: Keyboard
    if live:
        from deploy.local.state import state_folder

        history = private_history(state_folder(environment).root)
        keyboard = PromptKeyboard(history, COMMANDS, lambda line: console.print(Text(line, "dim")))
    else:
        keyboard = LineKeyboard(source, sys.stderr)
    return Chat(
        desk,
        rep,
        keyboard=keyboard,
        console=console,
        live=live,
        most_characters=most_characters,
        stopped=stopped,
    )
