"""Asks the conversations table, off the event loop, and tells every way it fails as one error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent.errors import DeskhandError
from agent.stored_turns import HEAD, TURN, StoredTurn, read_turn

MOST_NUMBER = 999_999
_FOR_THE_MODEL = "#item, turn_id, question, answer, outcome, #at, messages"


class StoreUnavailable(DeskhandError):
    """The conversations table did not answer."""


class ConversationTable:
    """One DynamoDB table of conversations.

    Args:
        client: a boto3 DynamoDB client; its calls run on the loop's executor.
        name: the table's name.
    """

    def __init__(self, client: Any, name: str) -> None:
        self.name = name
        self._client = client

    async def turns(
        self, conversation_id: str, first: int, last: int = MOST_NUMBER, *, shown: bool = True
    ) -> Sequence[tuple[int, StoredTurn]]:
        """The turns from ``first`` to ``last`` with their numbers, oldest first.

        Args:
            conversation_id: whose.
            first: number of the first.
            last: number of the last.
            shown: with what shows a turn again; the model needs none of it.
        """
        if first > last:  # DynamoDB takes it for a mistake
            return []
        pages = self.pages(
            KeyConditionExpression="conversation_id = :id AND #item BETWEEN :first AND :last",
            ExpressionAttributeNames={"#item": "item", **({} if shown else {"#at": "at"})},
            ExpressionAttributeValues={
                ":id": {"S": conversation_id},
                ":first": {"S": f"{TURN}{first:06d}"},
                ":last": {"S": f"{TURN}{last:06d}"},
            },
            ConsistentRead=True,
            **({} if shown else {"ProjectionExpression": _FOR_THE_MODEL}),
        )
        return [read_turn(item) async for page in pages for item in page]

    async def keys(
        self, conversation_id: str, turn_id: str | None = None
    ) -> Sequence[dict[str, Any]]:
        """Where all turns are, or the turn of that id, without what is in them."""
        only: dict[str, Any] = {"FilterExpression": "turn_id = :turn"} if turn_id else {}
        pages = self.pages(
            KeyConditionExpression="conversation_id = :id AND begins_with(#item, :turns)",
            ProjectionExpression="conversation_id, #item",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={
                ":id": {"S": conversation_id},
                ":turns": {"S": TURN},
                **({":turn": {"S": turn_id}} if turn_id else {}),
            },
            ConsistentRead=True,
            **only,
        )
        return [item async for page in pages for item in page]

    async def pages(self, **query: Any) -> AsyncIterator[list[dict[str, Any]]]:
        """The items that a query finds, page by page."""
        start: dict[str, Any] = {}
        while True:
            answer = await self.call("query", **query, **start)
            yield answer["Items"]
            if not answer.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    async def call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Asks the table; a condition that does not hold is the caller's to judge."""
        try:
            return await self.call_raw(operation, TableName=self.name, **arguments)
        except BotoCoreError:
            raise StoreUnavailable from None
        except ClientError as refused:
            if refused.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise
            raise StoreUnavailable from None

    async def call_raw(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Asks DynamoDB as boto3 does, errors and all."""
        answer: dict[str, Any] = await asyncio.to_thread(
            getattr(self._client, operation), **arguments
        )
        return answer


def head_key(conversation_id: str) -> dict[str, Any]:
    """Where a conversation's head is."""
    return {"conversation_id": {"S": conversation_id}, "item": {"S": HEAD}}


@contextmanager
def as_unavailable() -> Iterator[None]:
    """A lost lock or a table that does not answer: either way nothing was written."""
    try:
        yield
    except (BotoCoreError, ClientError):
        raise StoreUnavailable from None
