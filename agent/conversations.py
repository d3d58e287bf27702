"""Stored conversations in DynamoDB: one turn at a time, saved as one whole or not at all.

A conversation is one ``head`` item (owner, title, count, lock) and one item for each turn. The
lock is a lease on the head, so that it holds over processes and ends by itself when one dies.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from strands.types.content import Message

from agent.conversation_table import ConversationTable, StoreUnavailable, as_unavailable
from agent.errors import ConversationBusy, ConversationNotFound
from agent.stored_turns import HEAD, OpenTurn, StoredTurn, turn_item, window_start

_RECENT = 64
Returned = TypeVar("Returned")


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A line of a rep's list; ``updated_at`` is an ISO time in UTC."""

    conversation_id: str
    title: str
    updated_at: str
    turns: int


class Conversations:
    """Loads, locks, saves and lists conversations.

    Args:
        client: a boto3 DynamoDB client; its calls run on the loop's executor.
        table: the table's name.
        lease_seconds: after this long a lock of a process that died is free again.
        now: the wall clock.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        *,
        lease_seconds: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._table = ConversationTable(client, table)
        self._lease_seconds = lease_seconds
        self._now = now
        self._unfinished: set[asyncio.Task[Any]] = set()
        self._recent: OrderedDict[
            tuple[str, str], tuple[Sequence[Message], Sequence[StoredTurn]]
        ] = OrderedDict()

    @asynccontextmanager
    async def turn(self, rep_id: str, conversation_id: str) -> AsyncIterator[OpenTurn]:
        """Takes the conversation's lock and loads its history; gives the lock back at the end.

        While the table is down the turn goes on with what this process remembers, unstored.

        Raises:
            ConversationBusy: another turn holds the lock.
            ConversationNotFound: the conversation belongs to another rep.
        """
        key = (rep_id, conversation_id)
        remembered, unsaved = self._recent.get(key, ([], []))
        owner = uuid.uuid4().hex
        try:
            opened = await self._begin(rep_id, conversation_id, owner, unsaved)
        except StoreUnavailable:
            opened = OpenTurn(
                conversation_id, rep_id, owner, False, 0, 1, list(remembered), list(unsaved)
            )
        try:
            yield opened
        finally:
            if opened.stored and not opened.saved:
                await asyncio.shield(
                    self._kept(self._release(conversation_id, owner, opened.turns))
                )

    async def save(self, opened: OpenTurn, turn: StoredTurn) -> bool:
        """Stores the turn, and earlier ones that could not be stored, in one transaction.

        Returns:
            Whether it is stored. If not, this process remembers it for the next turn.
        """
        pending = [*opened.unsaved, turn]
        messages = [*opened.history, *turn.messages]
        try:
            if not opened.stored:
                raise StoreUnavailable
            await self._write(opened, pending)
            opened.saved = True
            self._remember(opened, messages, [])
        except StoreUnavailable:
            self._remember(opened, messages, pending)
        return opened.saved

    async def list(self, rep_id: str, *, limit: int = 50) -> Sequence[ConversationSummary]:
        """The rep's conversations, last used first.

        Raises:
            StoreUnavailable: the table did not answer.
        """
        answer = await self._table.call(
            "query",
            IndexName="by_rep",
            KeyConditionExpression="rep_id = :rep",
            ExpressionAttributeValues={":rep": {"S": rep_id}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [
            ConversationSummary(
                item["conversation_id"]["S"],
                item.get("title", {}).get("S", ""),
                item["updated_at"]["S"],
                int(item["turns"]["N"]),
            )
            for item in answer["Items"]
        ]

    async def transcript(self, rep_id: str, conversation_id: str) -> Sequence[StoredTurn]:
        """Every turn of a conversation, oldest first.

        Raises:
            ConversationNotFound: there is none, or it belongs to another rep.
            StoreUnavailable: the table did not answer.
        """
        key = {"conversation_id": {"S": conversation_id}, "item": {"S": HEAD}}
        answer = await self._table.call("get_item", Key=key, ConsistentRead=True)
        if answer.get("Item", {}).get("rep_id", {}).get("S") != rep_id:
            raise ConversationNotFound("There is no such conversation.")
        return [turn for _, turn in await self._table.turns(conversation_id, 1)]

    async def ping(self) -> None:
        """Asks the table for its state.

        Raises:
            StoreUnavailable: it did not answer.
        """
        await self._table.call("describe_table")

    async def _begin(
        self, rep_id: str, conversation_id: str, owner: str, unsaved: Sequence[StoredTurn]
    ) -> OpenTurn:
        """Lock and history; a caller who is cancelled meanwhile leaves no lock behind."""

        async def begin() -> OpenTurn:
            head = await self._lock(rep_id, conversation_id, owner)
            return await self._load(rep_id, conversation_id, owner, head, unsaved)

        def give_back(begun: asyncio.Task[OpenTurn]) -> None:
            turns = 1 if begun.cancelled() or begun.exception() else begun.result().turns
            self._kept(self._release(conversation_id, owner, turns))

        work = self._kept(begin())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(give_back)
            raise
        except StoreUnavailable:
            # The lock may have been taken by a request whose answer was lost.
            give_back(work)
            raise

    def _kept(self, work: Coroutine[Any, Any, Returned]) -> asyncio.Task[Returned]:
        """A task that ends by itself, even when nobody waits for it any more."""
        task = asyncio.create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        return task

    async def _lock(self, rep_id: str, conversation_id: str, owner: str) -> dict[str, Any]:
        now = time.time()
        try:
            answer = await self._table.call(
                "update_item",
                Key={"conversation_id": {"S": conversation_id}, "item": {"S": HEAD}},
                UpdateExpression="SET rep_id = if_not_exists(rep_id, :rep),"
                " turns = if_not_exists(turns, :zero),"
                " updated_at = if_not_exists(updated_at, :now),"
                " lock_owner = :owner, lock_until = :until",
                ConditionExpression="(attribute_not_exists(rep_id) OR rep_id = :rep)"
                " AND (attribute_not_exists(lock_until) OR lock_until < :clock"
                " OR lock_owner = :owner)",
                ExpressionAttributeValues={
                    ":rep": {"S": rep_id},
                    ":zero": {"N": "0"},
                    ":now": {"S": self._now().isoformat(timespec="seconds")},
                    ":owner": {"S": owner},
                    ":until": {"N": f"{now + self._lease_seconds:.3f}"},
                    ":clock": {"N": f"{now:.3f}"},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise StoreUnavailable from None
            item: dict[str, Any] = refused.response.get("Item", {})
            if item.get("rep_id", {}).get("S") != rep_id:
                raise ConversationNotFound("There is no such conversation.") from None
            raise ConversationBusy(
                "This conversation is still answering another question."
            ) from None
        head: dict[str, Any] = answer["Attributes"]
        return head

    async def _load(
        self,
        rep_id: str,
        conversation_id: str,
        owner: str,
        head: dict[str, Any],
        unsaved: Sequence[StoredTurn],
    ) -> OpenTurn:
        turns = int(head["turns"]["N"])
        window = int(head.get("window", {"N": "1"})["N"])
        found = await self._table.turns(conversation_id, window) if turns else []
        window = window_start(found, window)
        kept = [turn for number, turn in found if number >= window]
        history = [message for turn in (*kept, *unsaved) for message in turn.messages]
        return OpenTurn(conversation_id, rep_id, owner, True, turns, window, history, list(unsaved))

    async def _write(self, opened: OpenTurn, pending: Sequence[StoredTurn]) -> None:
        puts = [
            {
                "Put": {
                    "TableName": self._table.name,
                    "Item": turn_item(opened.conversation_id, opened.turns + place, turn),
                }
            }
            for place, turn in enumerate(pending, start=1)
        ]
        head = {
            "TableName": self._table.name,
            "Key": {"conversation_id": {"S": opened.conversation_id}, "item": {"S": HEAD}},
            "UpdateExpression": "SET turns = :turns, #window = :window, updated_at = :now,"
            " title = if_not_exists(title, :title) REMOVE lock_owner, lock_until",
            "ConditionExpression": "lock_owner = :owner",
            "ExpressionAttributeNames": {"#window": "window"},
            "ExpressionAttributeValues": {
                ":turns": {"N": str(opened.turns + len(pending))},
                ":window": {"N": str(opened.window)},
                ":now": {"S": self._now().isoformat(timespec="seconds")},
                ":title": {"S": pending[0].question[:80]},
                ":owner": {"S": opened.owner},
            },
        }
        with as_unavailable():
            await self._table.call_raw(
                "transact_write_items", TransactItems=[*puts, {"Update": head}]
            )

    async def _release(self, conversation_id: str, owner: str, turns: int) -> None:
        """Gives back a lock that is this owner's, and with it a conversation that has no turn."""
        key = {"conversation_id": {"S": conversation_id}, "item": {"S": HEAD}}
        mine = {
            "Key": key,
            "ConditionExpression": "lock_owner = :owner",
            "ExpressionAttributeValues": {":owner": {"S": owner}},
        }
        with suppress(StoreUnavailable), as_unavailable():
            if turns == 0:
                await self._table.call("delete_item", **mine)
            else:
                await self._table.call(
                    "update_item", UpdateExpression="REMOVE lock_owner, lock_until", **mine
                )

    def _remember(
        self, opened: OpenTurn, messages: Sequence[Message], unsaved: Sequence[StoredTurn]
    ) -> None:
        key = (opened.rep_id, opened.conversation_id)
        self._recent[key] = (messages, unsaved)
        self._recent.move_to_end(key)
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
