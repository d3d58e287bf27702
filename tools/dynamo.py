"""Reads DynamoDB by key and by index, never by scan, and says in fixed sentences what went wrong.

Standard library and boto3 only, because the Lambda handlers of the gateway share it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    HTTPClientError,
    ReadTimeoutError,
)

from tools.contract import ErrorKind, ToolFailure
from tools.queries import Expression, Query, request_of
from tools.records import Item, attribute

logger = logging.getLogger(__name__)

BATCH_SIZE = 100  # the most that one BatchGetItem takes
_BATCH_TRIES = 3

_BUSY = frozenset(
    ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded")
    + ("TransactionConflictException", "ThrottledException", "LimitExceededException")
)
_SENTENCES: Mapping[ErrorKind, str] = {
    "unavailable": "The {system} system could not be reached.",
    "timeout": "The {system} system did not answer in time.",
    "busy": "The {system} system is busy.",
    "internal": "The {system} system could not answer this.",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query; ``next_key`` is None when there is no more."""

    items: list[Item]
    next_key: Item | None


def open_client() -> Any:
    """A client that gives up soon: a rep waits for the answer.

    Region, credentials and endpoint come from the environment, as everywhere in AWS.
    """
    return boto3.client(
        "dynamodb",
        config=Config(
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=32,
        ),
    )


class Store:
    """Tables read through one client; trouble becomes a ``ToolFailure`` naming the system."""

    def __init__(self, client: Any, system: str) -> None:
        self._client = client
        self._system = system

    def get(
        self, table: str, key: Mapping[str, Any], attributes: Sequence[str], *, latest: bool = False
    ) -> Item | None:
        """The item of one key, or None; ``latest`` reads what was written a moment ago, too."""
        expression = Expression()
        request = {
            "TableName": table,
            "Key": {name: attribute(value) for name, value in key.items()},
            "ConsistentRead": latest,
            "ProjectionExpression": expression.names(attributes),
            **expression.parameters(),
        }
        found: Item | None = self._send(self._client.get_item, request).get("Item")
        return found

    def get_many(
        self, table: str, keys: Sequence[Mapping[str, Any]], attributes: Sequence[str]
    ) -> list[Item]:
        """The items of up to a hundred keys, in no order."""
        expression = Expression()
        names = expression.names(attributes)
        wanted: dict[str, Any] = {
            table: {
                "Keys": [{name: attribute(value) for name, value in key.items()} for key in keys],
                "ProjectionExpression": names,
                **expression.parameters(),
            }
        }
        found: list[Item] = []
        for _ in range(_BATCH_TRIES):
            reply = self._send(self._client.batch_get_item, {"RequestItems": wanted})
            found += reply["Responses"].get(table, [])
            wanted = reply.get("UnprocessedKeys") or {}
            if not wanted:
                return found
        raise self._failure("busy")

    def query(
        self, query: Query, *, limit: int | None = None, start: Mapping[str, Any] | None = None
    ) -> Page:
        """One page, of at most ``limit`` items before filters, from behind ``start`` on."""
        expression = Expression()
        request = request_of(query, expression) | {
            "ProjectionExpression": expression.names(query.attributes),
            "ScanIndexForward": not query.newest_first,
            **expression.parameters(),
        }
        if limit is not None:
            request["Limit"] = limit
        if start is not None:
            request["ExclusiveStartKey"] = {name: attribute(held) for name, held in start.items()}
        reply = self._send(self._client.query, request)
        return Page(reply.get("Items", []), reply.get("LastEvaluatedKey"))

    def read(self, query: Query, *, pages: int) -> tuple[list[Item], bool]:
        """All items of a query, and whether there are more than that many pages hold."""
        found: list[Item] = []
        for page in self._pages(query, {}, pages):
            found += page.get("Items", [])
        return found, "LastEvaluatedKey" in page

    def count(self, query: Query, *, pages: int) -> int | None:
        """How many items match, or None when that cannot be known within so many pages."""
        total = 0
        for page in self._pages(replace(query, attributes=()), {"Select": "COUNT"}, pages):
            total += page["Count"]
        return None if "LastEvaluatedKey" in page else total

    def update(self, request: Mapping[str, Any]) -> Item:
        """One conditional update; a condition that does not hold raises ``ConditionFailed``."""
        updated: Item = self._send(self._client.update_item, request).get("Attributes", {})
        return updated

    def _pages(self, query: Query, extra: Mapping[str, Any], pages: int) -> Iterator[Any]:
        expression = Expression()
        request = {**request_of(query, expression), **extra}
        if query.attributes:
            request["ProjectionExpression"] = expression.names(query.attributes)
        request |= expression.parameters()
        for _ in range(pages):
            reply = self._send(self._client.query, request)
            yield reply
            if "LastEvaluatedKey" not in reply:
                return
            request["ExclusiveStartKey"] = reply["LastEvaluatedKey"]

    def _send(self, operation: Callable[..., Any], request: Mapping[str, Any]) -> Any:
        with self._translated():
            return operation(**request)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn botocore's errors into ours; their texts may hold keys, so they stay behind."""
        try:
            yield
        except ClientError as failure:
            code = str(failure.response.get("Error", {}).get("Code", ""))
            if code == "ConditionalCheckFailedException":
                raise ConditionFailed(failure.response.get("Item", {})) from None
            raise self._failure(_kind_of_reply(failure, code), code) from None
        except BotoCoreError as failure:
            raise self._failure(_kind_of_fault(failure), type(failure).__name__) from None

    def _failure(self, kind: ErrorKind, cause: str = "unprocessed keys") -> ToolFailure:
        logger.warning("system=<%s>, kind=<%s>, cause=<%s> | no data", self._system, kind, cause)
        sentence = _SENTENCES[kind].format(system=self._system)
        return ToolFailure(kind, sentence, retryable=kind != "internal")


class ConditionFailed(Exception):
    """A conditional write found something else; ``item`` is what it found, empty for nothing."""

    def __init__(self, item: Item) -> None:
        super().__init__("the condition does not hold")
        self.item = item


def _kind_of_reply(failure: ClientError, code: str) -> ErrorKind:
    status = int(failure.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _BUSY or status == 429:
        return "busy"
    return "unavailable" if status >= 500 else "internal"


def _kind_of_fault(failure: BotoCoreError) -> ErrorKind:
    if isinstance(failure, ReadTimeoutError | ConnectTimeoutError):
        return "timeout"
    return "unavailable" if isinstance(failure, ConnectionError | HTTPClientError) else "internal"
