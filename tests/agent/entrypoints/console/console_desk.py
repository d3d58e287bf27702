"""A fake desk for the console: its conversations know whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.agent.entrypoints.fake_desk import (
    FakeConversations,
    FakeDesk,
    FakeSummary,
    Script,
    about_bob,
)


@dataclass
class ConsoleConversations(FakeConversations):
    """Stored conversations in memory, as the console asks for them."""

    async def list(self, rep_id: str, *, limit: int = 50, find: str = "") -> Sequence[FakeSummary]:
        """All of them."""
        return await super().list(rep_id)

    async def head(self, rep_id: str, conversation_id: str) -> None:
        """Nobody has begun any."""
        self._answer()


def console_desk(script: Script = about_bob) -> FakeDesk:
    """A fake desk that follows the script."""
    return FakeDesk(script, conversations=ConsoleConversations())
