"""The Bedrock model: one for each process, a guard for streams that end early, one retry policy."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import boto3
from botocore.config import Config
from botocore.eventstream import ParserError as UnreadableFrame
from botocore.exceptions import BotoCoreError, ClientError, EventStreamError
from strands import ModelRetryStrategy
from strands.models.bedrock import BedrockModel
from strands.models.model import CacheConfig
from strands.types.exceptions import (
    ContextWindowOverflowException,
    MaxTokensReachedException,
    ModelThrottledException,
)
from strands.types.streaming import StreamEvent
from urllib3.exceptions import HTTPError as TransportError

from agent.errors import ModelBusy, ModelRefused, ModelUnavailable, TurnError
from agent.observing import Observer

IDLE_SECONDS = 30.0
"""How long a stream may say nothing before it counts as broken."""

_TRANSIENT_CODES = frozenset(
    {
        "InternalServerException",
        "ModelNotReadyException",
        "ModelStreamErrorException",
        "ModelTimeoutException",
        "RequestTimeout",
        "ServiceUnavailableException",
        "ThrottlingException",
        # What botocore calls an answer whose body names no code.
        "424",
        "500",
        "502",
        "503",
        "504",
    }
)
_TRANSIENT_FRAMES = (
    "internalServerException",
    "modelStreamErrorException",
    "modelTimeoutException",
    "serviceUnavailableException",
    "throttlingException",
)


class TruncatedStream(Exception):
    """The stream ended before the model said that it had stopped."""


class DeskModel(BedrockModel):
    """Bedrock's Converse stream with two guards that the service's own client does not have.

    A stream without ``messageStop`` is an error and not an empty answer. A ``tool_use`` stop
    without a tool call is an ordinary end, or the agent would send an empty message.
    """

    observer: Observer = Observer()

    async def stream(self, *args: Any, **kwargs: Any) -> AsyncGenerator[StreamEvent, None]:
        """The Converse events of one model call.

        Raises:
            TruncatedStream: the stream ended without ``messageStop``.
        """
        with self.observer.model_call(self.get_config()["model_id"]) as watch:
            async with aclosing(self._guarded(*args, **kwargs)) as chunks:
                async for chunk in chunks:
                    watch.see(chunk)
                    yield chunk

    async def _guarded(self, *args: Any, **kwargs: Any) -> AsyncGenerator[StreamEvent, None]:
        stopped = wants_tool = False
        cancel_signal = kwargs.get("cancel_signal")
        async for chunk in super().stream(*args, **kwargs):
            if "toolUse" in chunk.get("contentBlockStart", {}).get("start", {}):
                wants_tool = True
            if stop := chunk.get("messageStop"):
                stopped = True
                if stop["stopReason"] == "tool_use" and not wants_tool:
                    chunk = {"messageStop": {**stop, "stopReason": "end_turn"}}
            yield chunk
        if not stopped and not (cancel_signal is not None and cancel_signal.is_set()):
            raise TruncatedStream


class RetryPolicy(ModelRetryStrategy):
    """Three tries with full jitter, for throttling, 5xx, timeouts and streams that break off.

    It keeps the count of one turn, so each agent gets its own. botocore's own retries are off:
    two layers would multiply.
    """

    def __init__(
        self, *, attempts: int = 3, base_seconds: float = 0.5, most_seconds: float = 8.0
    ) -> None:
        super().__init__(max_attempts=attempts)
        self._base_seconds = base_seconds
        self._most_seconds = most_seconds

    def is_retryable(self, exception: Exception) -> bool:
        """Whether another try may succeed."""
        return is_transient(exception)

    def _calculate_delay(self, attempt: int) -> float:  # type: ignore[override]  # the base sleeps for any number
        ceiling = min(self._base_seconds * 2**attempt, self._most_seconds)
        return random.uniform(0, ceiling)  # noqa: S311  # jitter, not a secret


def open_model(
    boto_session: boto3.Session,
    *,
    model_id: str,
    endpoint_url: str | None,
    max_output_tokens: int,
    max_streams: int,
    idle_seconds: float = IDLE_SECONDS,
) -> DeskModel:
    """The process's one model. Its client opens connections when it is used, and not before."""
    config = Config(
        connect_timeout=3,
        read_timeout=idle_seconds,
        max_pool_connections=max_streams,
        retries={"total_max_attempts": 1},
    )
    # Cache points after tools, system prompt and last message; other models do not take them.
    cached = "anthropic" in model_id
    return DeskModel(
        boto_session=boto_session,
        boto_client_config=config,
        endpoint_url=endpoint_url,
        model_id=model_id,
        max_tokens=max_output_tokens,
        cache_config=CacheConfig(strategy="anthropic", tools_ttl=True) if cached else None,
    )


def is_transient(exception: BaseException) -> bool:
    """Whether the model service may answer the same request a moment later."""
    match exception:
        case ModelThrottledException() | TruncatedStream() | TransportError() | UnreadableFrame():
            return True
        case EventStreamError():
            code = str(exception.response.get("Error", {}).get("Code", ""))
            return code in _TRANSIENT_FRAMES or code in _TRANSIENT_CODES
        case ClientError():
            code = str(exception.response.get("Error", {}).get("Code", ""))
            status = int(exception.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            return code in _TRANSIENT_CODES or status >= 500
        case BotoCoreError():
            return type(exception).__name__ in {
                "ConnectionClosedError",
                "ConnectTimeoutError",
                "EndpointConnectionError",
                "HTTPClientError",
                "ReadTimeoutError",
                "ResponseStreamingError",
                "ProxyConnectionError",
            }
    return False


def model_error(exception: BaseException) -> TurnError | None:
    """What a failed model call means for the rep; ``None`` when it was not the model."""
    match exception:
        case ModelThrottledException():
            return ModelBusy("The model is overloaded right now. Please ask again in a moment.")
        case MaxTokensReachedException():
            return ModelRefused(
                "The model's answer grew too long before it said anything."
                " Please ask for less at once."
            )
        case ContextWindowOverflowException():
            return ModelRefused(
                "This conversation has grown too long for the model. Please start a new one."
            )
        case ClientError() if not is_transient(exception):
            return ModelRefused(
                "The model service refused the request."
                " Please tell your operator to run `./deskhand doctor`."
            )
        case _ if is_transient(exception) or isinstance(
            exception, (BotoCoreError, EventStreamError)
        ):
            return ModelUnavailable(
                "The model cannot be reached right now. Please ask again in a moment."
            )
    return None
