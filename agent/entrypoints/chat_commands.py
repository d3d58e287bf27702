"""The chat's own commands: new, open, list, help, quit; and which conversation is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.entrypoints.markdown import drawn
from agent.entrypoints.plain_text import Neutral, one_line
from agent.entrypoints.questions import conversation_problem, new_conversation_id
from agent.errors import DeskhandError, TurnError
from agent.turns import Rep

COMMANDS: Mapping[str, str] = {
    "/new": "start a new conversation",
    "/list": "list your conversations, last used first",
    "/open": "go on with one: /open 2 (its number in /list), /open ID, or /open for the last one",
    "/help": "show this",
    "/quit": "leave, as Ctrl-D does",
}
SHOWN_TURNS = 3
_STORE_DOWN = "Your stored conversations cannot be read right now. Ask on; try again later."
_KEYS = "Alt-Enter breaks the line · the arrow keys bring earlier questions back"


class ListedConversation(Protocol):
    """A line of a rep's list of conversations."""

    @property
    def conversation_id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """How it began."""

    @property
    def updated_at(self) -> str:
        """When it was last used, an ISO time."""

    @property
    def turns(self) -> int:
        """How many it has."""


class ShownTurn(Protocol):
    """A turn of a conversation."""

    @property
    def question(self) -> str:
        """The rep's words."""

    @property
    def answer(self) -> str:
        """The desk's, in Markdown."""


class RepConversations(Protocol):
    """A rep's conversations: those of a store, or those that this program has heard."""

    async def list(self, rep_id: str) -> Sequence[ListedConversation]:
        """The last used first."""

    async def transcript(self, rep_id: str, conversation_id: str) -> Sequence[ShownTurn]:
        """The turns of one."""


class ChatCommands:
    """Obeys lines that begin with a slash.

    Attributes:
        conversation_id: the conversation that the next question belongs to.
    """

    def __init__(self, conversations: RepConversations, rep: Rep, console: Console) -> None:
        self._conversations = conversations
        self._rep = rep
        self._console = console
        self._listed: Sequence[ListedConversation] = []
        self.conversation_id = new_conversation_id()

    async def obey(self, line: str) -> bool:
        """Does what the line says; returns whether the chat goes on."""
        command, _, argument = line.partition(" ")
        match command.lower():
            case "/quit" | "/exit" | "/q":
                return False
            case "/new":
                self.conversation_id = new_conversation_id()
                self._say("A new conversation. What was said before is not known in it.")
            case "/list":
                await self._list()
            case "/open":
                await self._open(argument.strip())
            case "/help" | "/?":
                self._help()
            case _:
                self._say(f"There is no command {one_line(command, 30)}; /help lists them.")
        return True

    async def resume(self, conversation_id: str) -> None:
        """Opens a conversation and shows its last turns; one that is not there yet begins."""
        self.conversation_id = conversation_id
        try:
            turns = await self._conversations.transcript(self._rep.rep_id, conversation_id)
        except TurnError:
            self._say(f"Conversation {conversation_id} begins.")
        except DeskhandError:
            self._say(_STORE_DOWN)
        else:
            self._show_turns(turns)

    async def _list(self) -> None:
        if not await self._refresh():
            return
        if not self._listed:
            self._say("You have no stored conversations yet.")
            return
        table = Table("", "conversation", "turns", "last used", box=box.SIMPLE_HEAD, pad_edge=False)
        now = datetime.now(UTC)
        for number, summary in enumerate(self._listed, 1):
            mark = "*" if summary.conversation_id == self.conversation_id else " "
            table.add_row(
                Text(f"{mark}{number}"),
                Text(one_line(summary.title or summary.conversation_id, 60)),
                Text(str(summary.turns), justify="right"),
                Text(time_ago(summary.updated_at, now)),
            )
        self._console.print(Neutral(table))

    async def _open(self, wanted: str) -> None:
        if not self._listed and not await self._refresh():
            return
        if not wanted:
            others = [one for one in self._listed if one.conversation_id != self.conversation_id]
            if not others:
                self._say("There is no other conversation to open.")
                return
            wanted = others[0].conversation_id
        # Longer ones are no numbers of a list, and Python does not read the longest.
        number = int(wanted) if wanted.isdecimal() and len(wanted) <= 9 else 0
        if 1 <= number <= len(self._listed):
            wanted = self._listed[number - 1].conversation_id
        if conversation_problem(wanted):
            self._say("Give a number of /list, or the id of a conversation.")
            return
        try:
            turns = await self._conversations.transcript(self._rep.rep_id, wanted)
        except TurnError:
            self._say("There is no such conversation; /list shows yours.")
        except DeskhandError:
            self._say(_STORE_DOWN)
        else:
            self.conversation_id = wanted
            self._show_turns(turns)

    async def _refresh(self) -> bool:
        try:
            self._listed = await self._conversations.list(self._rep.rep_id)
        except DeskhandError:
            self._say(_STORE_DOWN)
            return False
        return True

    def _show_turns(self, turns: Sequence[ShownTurn]) -> None:
        if len(turns) > SHOWN_TURNS:
            self._say(f"… {len(turns) - SHOWN_TURNS} earlier turns")
        for turn in turns[-SHOWN_TURNS:]:
            self._console.print()
            self._console.print(Neutral(Text(f"> {turn.question}", "bold")))
            self._console.print()
            self._console.print(drawn(turn.answer))

    def _help(self) -> None:
        table = Table.grid("command", "does", padding=(0, 1))
        for command, does in COMMANDS.items():
            table.add_row(Text(command, "bold"), Text(does))
        self._console.print(Neutral(table))
        self._say(_KEYS)

    def _say(self, text: str) -> None:
        self._console.print(Neutral(Text(text, "dim")))


def time_ago(iso: str, now: datetime) -> str:
    """How long ago in the words a person uses; an unreadable time is shown as it is."""
    try:
        seconds = (now - datetime.fromisoformat(iso)).total_seconds()
    except (ValueError, TypeError):
        return one_line(iso, 20)
    if seconds < 60:
        return "just now"
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"
