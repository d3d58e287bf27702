"""Conversations that are stored at once, without anybody asking two hundred questions."""

from __future__ import annotations

import uuid
from dataclasses import replace

from agent import StoredTurn
from agent.desk import Desk
from tests.agent.entrypoints.console.browsing import browser


async def long_conversation(
    desk: Desk, url: str, turns: int, *, asked: str = "Give me everything on CUST002"
) -> str:
    """A conversation of Sam's with as many turns: one that was asked, and copies of it."""
    name = str(uuid.uuid4())
    async with browser(url, "sam") as sam:
        await sam.ask(name, asked)
    [told] = await desk.conversations.transcript("sam", name)
    await desk.conversations.delete("sam", name)
    for number in range(1, turns + 1):
        async with desk.conversations.turn("sam", name) as opened:
            assert await desk.conversations.save(opened, numbered(told, number))
    return name


def numbered(told: StoredTurn, number: int) -> StoredTurn:
    """The turn once more, as another one."""
    question = f"Question {number}"
    return replace(told, turn_id=f"{told.turn_id}-{number}", question=question)
