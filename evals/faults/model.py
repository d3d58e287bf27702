"""Faults of the model, where the framework's model asks the client of Bedrock."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

from botocore.eventstream import ChecksumMismatch
from botocore.exceptions import ClientError, ReadTimeoutError

from evals.cases import FaultKind
from evals.faults.plan import SLOW_SECONDS, decide

# Past the start of the message, so that something has been said when the stream breaks off.
_PIECES = 3
_ERRORS: dict[FaultKind, tuple[str, int]] = {
    "throttled": ("ThrottlingException", 429),
    "server_error": ("ServiceUnavailableException", 503),
}


class BreakingClient:
    """A client of Bedrock Runtime that breaks by plan; each try of the desk is a call of its own.

    What the desk makes of it is the real thing: the framework's translation of the service's
    errors, the guard against streams that end early, and the retries.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def converse_stream(self, **request: Any) -> dict[str, Any]:
        """The service's answer, or what stands in its place."""
        fault = decide("model")
        kind = fault.kind if fault else None
        if kind == "timeout":
            raise ReadTimeoutError(endpoint_url="the model")
        if kind == "malformed":
            raise ChecksumMismatch(0, 1)
        if kind in _ERRORS:
            code, status = _ERRORS[kind]
            raise ClientError(
                {
                    "Error": {"Code": code, "Message": "A fault of the case."},
                    "ResponseMetadata": {"HTTPStatusCode": status},
                },
                "ConverseStream",
            )
        if kind == "slow":
            time.sleep(SLOW_SECONDS)  # on the thread of this one model call
        response: dict[str, Any] = self._client.converse_stream(**request)
        if kind == "mid_stream":
            return {**response, "stream": _cut(response["stream"])}
        return response


def _cut(stream: Iterable[Any]) -> Iterator[Any]:
    """The first pieces of a stream that then ends without a word, as when its connection went.

    The service did answer in full, and is read in full: a recording has the whole answer.
    """
    pieces = [event for event in stream if "messageStop" not in event]
    yield from pieces[:_PIECES]
