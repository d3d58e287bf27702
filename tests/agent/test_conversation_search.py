"""What a search reads of the table, and how much of it is kept."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from agent.conversation_search import ConversationSearch, excerpt
from agent.conversation_table import ConversationTable, StoreUnavailable


class Turns:
    """A DynamoDB in which each conversation has one turn; it remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def query(self, **asked: Any) -> dict[str, Any]:
        """That turn."""
        self.asked.append(asked)
        name = asked["ExpressionAttributeValues"][":id"]["S"]
        return {"Items": [{"question": {"S": f"about {name}"}, "answer": {"S": "this"}}]}

    def read(self) -> list[str]:
        """Which conversations were read since the last time."""
        names = [one["ExpressionAttributeValues"][":id"]["S"] for one in self.asked]
        self.asked.clear()
        return sorted(names)


async def test_what_is_kept_was_read_with_its_newest_turn() -> None:
    """A copy of the table that lags behind would hide that turn for as long as the text is kept."""
    turns = Turns()
    search = ConversationSearch(ConversationTable(turns, "conversations"))
    assert await search.texts([("a", "now", 1)]) == ["about a\nthis"]
    assert [asked["ConsistentRead"] for asked in turns.asked] == [True]


async def test_a_text_is_read_once_and_again_when_its_conversation_has_changed() -> None:
    """Its last change and the number of its turns tell."""
    turns = Turns()
    search = ConversationSearch(ConversationTable(turns, "conversations"))
    for version in (("a", "now", 1), ("a", "now", 1), ("a", "later", 2)):
        await search.texts([version])
    assert turns.read() == ["a", "a"]


async def test_no_more_text_is_kept_than_there_is_room_for() -> None:
    """Those that were searched longest ago go first; a search itself has all of its texts."""
    turns = Turns()
    search = ConversationSearch(ConversationTable(turns, "conversations"), most_characters=30)
    newest = [(name, "now", 1) for name in "abc"]
    for version in newest:
        await search.texts([version])
    assert turns.read() == ["a", "b", "c"]
    await search.texts(newest[1:])
    assert turns.read() == []
    assert [len(text) for text in await search.texts(newest)] == [12, 12, 12]
    assert turns.read() == ["a"]


class SlowTurns(Turns):
    """One that answers about the first conversation, and about others when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def query(self, **asked: Any) -> dict[str, Any]:
        """That turn."""
        if asked["ExpressionAttributeValues"][":id"]["S"] != "a":
            self.let.wait(10)
        return super().query(**asked)


async def test_a_search_that_takes_too_long_ends_and_the_next_one_goes_on_with_what_is_kept() -> (
    None
):
    """A rep is not kept waiting for a hundred slow look-ups."""
    turns = SlowTurns()
    table = ConversationTable(turns, "conversations")
    search = ConversationSearch(table, seconds=0.2)
    versions = [("a", "now", 1), ("b", "now", 1)]
    with pytest.raises(StoreUnavailable):
        await search.texts(versions)
    turns.let.set()
    async with asyncio.timeout(5):
        while "b" not in turns.read():
            await asyncio.to_thread(turns.let.wait, 0.01)
    assert await search.texts(versions) == ["about a\nthis", "about b\nthis"]
    assert turns.read() == ["b"]


def test_an_excerpt_shows_the_word_behind_letters_that_are_two_in_small_letters() -> None:
    """ß is ss without case: a place in one text is another place in the other."""
    text = f"{'ß' * 200} where the needle is {'x' * 200}"
    assert "needle" in excerpt(text, ["needle"])
    assert excerpt("İstanbul and Straße", ["straße".casefold()]) == "İstanbul and Straße"
