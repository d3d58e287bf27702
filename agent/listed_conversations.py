"""A rep's list of conversations: the last used first, or those in which words occur."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.conversation_search import ConversationSearch, excerpt, holds
from agent.conversation_table import ConversationTable

_MOST_SEARCHED = 400


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A line of a rep's list; ``updated_at`` is an ISO time in UTC.

    ``locked`` says that a turn was running when it was read, in this process or another. ``found``
    is the place in a question or an answer at which a search found it.
    """

    conversation_id: str
    title: str
    updated_at: str
    turns: int
    locked: bool = False
    found: str = ""


class ListedConversations:
    """Lists and searches.

    Args:
        table: where conversations are stored.
    """

    def __init__(self, table: ConversationTable) -> None:
        self._table = table
        self._search = ConversationSearch(table)

    async def list(
        self, rep_id: str, *, limit: int = 50, find: str = ""
    ) -> Sequence[ConversationSummary]:
        """The rep's conversations, last used first.

        Args:
            rep_id: whose.
            limit: how many at most.
            find: words that all occur in the title, or in the questions and answers of one of the
                newest conversations.

        Raises:
            StoreUnavailable: the table did not answer.
        """
        words = find.casefold().split()
        found: list[ConversationSummary] = []
        async for item in self._heads(rep_id, limit if not words else 200):
            found.append(summary_of(item))
            if len(found) == (_MOST_SEARCHED if words else limit):
                break
        return found if not words else (await self._with(words, found))[:limit]

    async def _with(
        self, words: Sequence[str], listed: Sequence[ConversationSummary]
    ) -> Sequence[ConversationSummary]:
        versions = [(one.conversation_id, one.updated_at, one.turns) for one in listed]
        texts = await self._search.texts(versions)
        found: list[ConversationSummary] = []
        for one, text in zip(listed, texts, strict=True):
            if holds(one.title, words):
                found.append(one)
            elif holds(f"{one.title}\n{text}", words):
                found.append(replace(one, found=excerpt(text, words)))
        return found

    async def _heads(self, rep_id: str, page: int) -> AsyncIterator[dict[str, Any]]:
        pages = self._table.pages(
            IndexName="by_rep",
            KeyConditionExpression="rep_id = :rep",
            ExpressionAttributeValues={":rep": {"S": rep_id}},
            ScanIndexForward=False,
            Limit=page,
        )
        async for items in pages:
            for item in items:
                yield item


def summary_of(item: dict[str, Any]) -> ConversationSummary:
    """A head as a line of the list."""
    return ConversationSummary(
        item["conversation_id"]["S"],
        item.get("title", {}).get("S", ""),
        item["updated_at"]["S"],
        int(item["turns"]["N"]),
        float(item.get("lock_until", {"N": "0"})["N"]) > time.time(),
    )
