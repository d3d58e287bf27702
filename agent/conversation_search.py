"""Finds words in what was asked and answered.

DynamoDB has no search over texts, so the turns of the newest conversations are read, several at
once, and what was read is kept: a rep who types on asks for the same texts again.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate

from agent.conversation_table import ConversationTable, StoreUnavailable
from agent.stored_turns import TURN

MOST_READ = 100
MOST_KEPT = 400
MOST_CHARACTERS = 16_000_000
SEARCH_SECONDS = 8.0
_AT_ONCE = 8
_BEFORE, _AFTER = 24, 60
_Version = tuple[str, str, int]


class ConversationSearch:
    """Reads the texts of conversations and keeps them while they do not change.

    Args:
        table: where they are stored.
        most_characters: how much text is kept, of all reps together.
        seconds: how long one search may read; the next one goes on with what it has kept.
    """

    def __init__(
        self,
        table: ConversationTable,
        *,
        most_characters: int = MOST_CHARACTERS,
        seconds: float = SEARCH_SECONDS,
    ) -> None:
        self._table = table
        self._most_characters = most_characters
        self._seconds = seconds
        self._kept: OrderedDict[_Version, str] = OrderedDict()

    async def texts(self, versions: Sequence[_Version]) -> Sequence[str]:
        """All questions and answers of each conversation; empty for those beyond the newest.

        Args:
            versions: id, time of the last change and number of turns of each, newest first.

        Raises:
            StoreUnavailable: the table did not answer, or not in time.
        """
        gate = asyncio.Semaphore(_AT_ONCE)

        async def read(version: _Version) -> str:
            if version not in self._kept:
                async with gate:
                    text = await self._read(version[0])
                self._kept[version] = text
            self._kept.move_to_end(version)
            return self._kept[version]

        try:
            async with asyncio.timeout(self._seconds):
                found = await asyncio.gather(*(read(version) for version in versions[:MOST_READ]))
        except TimeoutError:
            raise StoreUnavailable from None
        finally:
            self._forget()
        return [*found, *("" for _ in versions[MOST_READ:])]

    def _forget(self) -> None:
        size = sum(map(len, self._kept.values()))
        while len(self._kept) > MOST_KEPT or size > self._most_characters:
            _, text = self._kept.popitem(last=False)
            size -= len(text)

    async def _read(self, conversation_id: str) -> str:
        pages = self._table.pages(
            KeyConditionExpression="conversation_id = :id AND begins_with(#item, :turn)",
            ProjectionExpression="question, answer",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={":id": {"S": conversation_id}, ":turn": {"S": TURN}},
            ConsistentRead=True,  # a text without its newest turn would be kept
        )
        said = [(one["question"]["S"], one["answer"]["S"]) async for page in pages for one in page]
        return "\n".join(piece for pair in said for piece in pair)


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether every word occurs, in any case."""
    folded = text.casefold()
    return all(word in folded for word in words)


def excerpt(text: str, words: Sequence[str]) -> str:
    """A line of the text around the first word that occurs in it."""
    folded = text.casefold()
    folded_at = next((place for word in words if (place := folded.find(word)) >= 0), 0)
    at = _unfolded(text, folded_at)
    start = max(0, at - _BEFORE)
    piece = " ".join(text[start : at + _AFTER].replace("*", "").split())
    return f"{'…' if start else ''}{piece}{'…' if at + _AFTER < len(text) else ''}"


def _unfolded(text: str, folded_at: int) -> int:
    """The place in a text of a place in the text without case, in which a few letters are two."""
    lengths = accumulate(len(sign.casefold()) for sign in text)
    return next((place for place, length in enumerate(lengths) if length > folded_at), 0)
