"""A conversation's lock: a lease on its head, which ends by itself soon after its process died."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from agent.conversation_table import (
    ConversationTable,
    StoreUnavailable,
    as_unavailable,
    head_key,
)
from agent.errors import ConversationBusy, ConversationNotFound

BUSY = "This conversation is still answering another question."
NOT_FOUND = "There is no such conversation."


class ConversationLock:
    """Taken by an owner, renewed while it is held, given back.

    Args:
        table: where conversations are stored.
        seconds: after this long the lock of a process that died is free again.
        now: the wall clock.
    """

    def __init__(
        self, table: ConversationTable, *, seconds: float, now: Callable[[], datetime]
    ) -> None:
        self.seconds = seconds
        self._table = table
        self._now = now

    async def take(self, rep_id: str, conversation_id: str, owner: str) -> dict[str, Any]:
        """Takes the lock for an owner, and begins a conversation that is not there; its head.

        Raises:
            ConversationBusy: another owner holds it.
            ConversationNotFound: the conversation belongs to another rep.
            StoreUnavailable: the table did not answer.
        """
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
                    ":until": {"N": f"{now + self.seconds:.3f}"},
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
                raise ConversationNotFound(NOT_FOUND) from None
            raise ConversationBusy(BUSY) from None
        head: dict[str, Any] = answer["Attributes"]
        return head

    async def renewed(self, conversation_id: str, owner: str) -> bool:
        """Makes the lease last longer; false when the lock is not this owner's any more."""
        try:
            await self._table.call(
                "update_item",
                Key=head_key(conversation_id),
                UpdateExpression="SET lock_until = :until",
                ConditionExpression="lock_owner = :owner",
                ExpressionAttributeValues={
                    ":owner": {"S": owner},
                    ":until": {"N": f"{time.time() + self.seconds:.3f}"},
                },
            )
        except ClientError:
            return False
        return True

    async def give_back(self, conversation_id: str, owner: str) -> None:
        """Gives back a lock that is this owner's, and with it a conversation that has no turn."""
        mine: dict[str, Any] = {
            "Key": head_key(conversation_id),
            "ExpressionAttributeValues": {":owner": {"S": owner}, ":none": {"N": "0"}},
        }
        with suppress(StoreUnavailable), as_unavailable():
            try:
                await self._table.call(
                    "update_item",
                    UpdateExpression="REMOVE lock_owner, lock_until",
                    ConditionExpression="lock_owner = :owner AND turns > :none",
                    **mine,
                )
            except ClientError:  # it has no turn, or the lock is another's
                condition = "lock_owner = :owner AND turns = :none"
                await self._table.call("delete_item", ConditionExpression=condition, **mine)
