"""A rep's stored conversations: listed, read, renamed, judged and deleted, by their owner alone."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from agent.conversation_lock import NOT_FOUND, ConversationLock
from agent.conversation_search import ConversationSearch, excerpt, holds
from agent.conversation_table import (
    MOST_NUMBER,
    ConversationTable,
    StoreUnavailable,
    as_unavailable,
    head_key,
)
from agent.errors import ConversationNotFound
from agent.stored_turns import StoredTurn, thumb_value
from agent.turns import Thumb

_MOST_DELETES = 100  # in one transaction
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


class StoredConversations:
    """What a rep does with conversations besides talking.

    Args:
        table: where they are stored.
        lock: held while one is deleted.
    """

    def __init__(self, table: ConversationTable, lock: ConversationLock) -> None:
        self._table = table
        self._lock = lock
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

    async def head(self, rep_id: str, conversation_id: str) -> ConversationSummary | None:
        """One conversation without its turns, or ``None`` when nobody has begun it.

        Raises:
            ConversationNotFound: it belongs to another rep.
            StoreUnavailable: the table did not answer.
        """
        answer = await self._table.call(
            "get_item", Key=head_key(conversation_id), ConsistentRead=True
        )
        item = answer.get("Item")
        if item is None:
            return None
        if item["rep_id"]["S"] != rep_id:
            raise ConversationNotFound(NOT_FOUND)
        return summary_of(item)

    async def transcript(
        self, rep_id: str, conversation_id: str, *, first: int = 1, last: int = MOST_NUMBER
    ) -> Sequence[StoredTurn]:
        """The turns of a conversation from the first to the last of these numbers, oldest first.

        Raises:
            ConversationNotFound: there is none, or it belongs to another rep.
            StoreUnavailable: the table did not answer.
        """
        await self._require_owner(rep_id, conversation_id)
        return [turn for _, turn in await self._table.turns(conversation_id, first, last)]

    async def rename(self, rep_id: str, conversation_id: str, title: str) -> None:
        """Gives a conversation another title; when it was last used does not change.

        Raises:
            ConversationNotFound: there is none, or it belongs to another rep.
            StoreUnavailable: the table did not answer.
        """
        try:
            await self._table.call(
                "update_item",
                Key=head_key(conversation_id),
                UpdateExpression="SET title = :title, titled = :true",
                ConditionExpression="rep_id = :rep",
                ExpressionAttributeValues={
                    ":title": {"S": title},
                    ":true": {"BOOL": True},
                    ":rep": {"S": rep_id},
                },
            )
        except ClientError:
            raise ConversationNotFound(NOT_FOUND) from None

    async def rate(
        self, rep_id: str, conversation_id: str, turn_id: str, thumb: Thumb | None
    ) -> None:
        """Keeps what the rep thinks of an answer, in place of what he thought before.

        ``None`` takes it back.

        Raises:
            ConversationNotFound: there is no such turn, or it belongs to another rep.
            StoreUnavailable: the table did not answer.
        """
        await self._require_owner(rep_id, conversation_id)
        keys = await self._table.keys(conversation_id, turn_id)
        if not keys:
            raise ConversationNotFound("There is no such answer.")
        change: dict[str, Any] = {
            "UpdateExpression": "SET thumb = :thumb" if thumb else "REMOVE thumb",
            "ExpressionAttributeValues": {
                ":turn": {"S": turn_id},
                **({":thumb": thumb_value(thumb)} if thumb else {}),
            },
        }
        try:
            await self._table.call(
                "update_item",
                Key=keys[0],
                ConditionExpression="turn_id = :turn",
                **change,
            )
        except ClientError:
            raise ConversationNotFound("There is no such answer.") from None

    async def delete(self, rep_id: str, conversation_id: str) -> None:
        """Deletes a conversation with all its turns.

        It is locked meanwhile and its head goes last: what breaks off can be deleted again.

        Raises:
            ConversationBusy: a turn is running in it.
            ConversationNotFound: there is none, or it belongs to another rep.
            StoreUnavailable: the table did not answer.
        """
        await self._require_owner(rep_id, conversation_id)
        owner = uuid.uuid4().hex
        await self._lock.take(rep_id, conversation_id, owner)
        try:
            await self._delete_locked(conversation_id, owner)
        except StoreUnavailable:
            await self._lock.give_back(conversation_id, owner)
            raise

    async def _delete_locked(self, conversation_id: str, owner: str) -> None:
        keys = await self._table.keys(conversation_id)  # under the lock: no turn comes after
        deletes = [{"Delete": {"TableName": self._table.name, "Key": key}} for key in keys]
        with as_unavailable():
            for start in range(0, len(deletes), _MOST_DELETES):
                await self._table.call_raw(
                    "transact_write_items", TransactItems=deletes[start : start + _MOST_DELETES]
                )
            await self._table.call_raw(
                "delete_item",
                TableName=self._table.name,
                Key=head_key(conversation_id),
                ConditionExpression="lock_owner = :owner",
                ExpressionAttributeValues={":owner": {"S": owner}},
            )

    async def ping(self) -> None:
        """Asks the table for its state.

        Raises:
            StoreUnavailable: it did not answer.
        """
        await self._table.call("describe_table")

    async def _require_owner(self, rep_id: str, conversation_id: str) -> None:
        if await self.head(rep_id, conversation_id) is None:
            raise ConversationNotFound(NOT_FOUND)

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
