"""A rep's stored conversations: listed, read, renamed, judged and deleted, by their owner alone."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from agent.conversation_table import (
    MOST_NUMBER,
    ConversationTable,
    StoreUnavailable,
    as_unavailable,
    head_key,
)
from agent.errors import ConversationBusy, ConversationNotFound
from agent.listed_conversations import ConversationSummary, ListedConversations, summary_of
from agent.stored_turns import StoredTurn, thumb_value
from agent.turns import Thumb

_MOST_DELETES = 100  # in one transaction
BUSY = "This conversation is still answering another question."
_NOT_FOUND = "There is no such conversation."


class StoredConversations(ListedConversations):
    """What a rep does with conversations besides talking.

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
        super().__init__(ConversationTable(client, table))
        self._lease_seconds = lease_seconds
        self._now = now

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
            raise ConversationNotFound(_NOT_FOUND)
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
            raise ConversationNotFound(_NOT_FOUND) from None

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
        await self._lock(rep_id, conversation_id, owner)
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
            raise ConversationNotFound(_NOT_FOUND)

    async def _lock(self, rep_id: str, conversation_id: str, owner: str) -> dict[str, Any]:
        now = time.time()
        try:
            answer = await self._table.call(
                "update_item",
                Key=head_key(conversation_id),
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
                raise ConversationNotFound(_NOT_FOUND) from None
            raise ConversationBusy(BUSY) from None
        head: dict[str, Any] = answer["Attributes"]
        return head

    async def _renewed(self, conversation_id: str, owner: str) -> bool:
        """Makes the lease last longer; false when the lock is not this owner's any more."""
        try:
            await self._table.call(
                "update_item",
                Key=head_key(conversation_id),
                UpdateExpression="SET lock_until = :until",
                ConditionExpression="lock_owner = :owner",
                ExpressionAttributeValues={
                    ":owner": {"S": owner},
                    ":until": {"N": f"{time.time() + self._lease_seconds:.3f}"},
                },
            )
        except ClientError:
            return False
        return True

    async def _release(self, conversation_id: str, owner: str, *, turns: int) -> None:
        """Gives back a lock that is this owner's, and with it a conversation that has no turn."""
        mine = {
            "Key": head_key(conversation_id),
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
