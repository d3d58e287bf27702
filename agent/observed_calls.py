"""What a trace takes from single calls: of the model, of tools, of other servers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from httpx2 import AsyncBaseTransport, Request, Response
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from agent.observing import ModelWatch, ToolWatch
from tools.contract import Result, ToolFailure

_PROPAGATOR = TraceContextTextMapPropagator()
OpenSpan = Callable[[str, SpanKind, Mapping[str, AttributeValue]], AbstractContextManager[Span]]


class Broken:
    """Work that may break: ``error`` is the kind of error then."""

    error: str | None = None


class KindOfError:
    """Notes what breaks the work within, by its kind: the text of an exception may hold data.

    Args:
        work: is told.
    """

    def __init__(self, work: Broken) -> None:
        self._work = work

    def __enter__(self) -> None:
        """Nothing has to be prepared."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets everything through."""
        if isinstance(raised, ToolFailure):
            self._work.error = raised.kind
        elif kind is not None:
            self._work.error = kind.__name__


class SpanModelWatch(ModelWatch, Broken):
    """A model call: time to the first piece, tokens, and why it stopped."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._started = time.monotonic()
        self.first_seconds: float | None = None
        self.tokens: dict[str, int] = {}

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self._started

    def see(self, chunk: Mapping[str, Any]) -> None:
        """Takes note of a Converse event."""
        if self.first_seconds is None and "contentBlockDelta" in chunk:
            self.first_seconds = self.seconds
        if stop := chunk.get("messageStop"):
            self._span.set_attribute("gen_ai.response.finish_reasons", [str(stop["stopReason"])])
        if usage := chunk.get("metadata", {}).get("usage"):
            read = usage.get("cacheReadInputTokens") or 0
            written = usage.get("cacheWriteInputTokens") or 0
            self.tokens = {
                # Bedrock counts what it cached apart; the conventions count it in.
                "input_tokens": usage.get("inputTokens", 0) + read + written,
                "output_tokens": usage.get("outputTokens", 0),
                "cache_read.input_tokens": read,
                "cache_creation.input_tokens": written,
            }

    def tell(self) -> None:
        """Puts the tokens on the span."""
        for name, count in self.tokens.items():
            self._span.set_attribute(f"gen_ai.usage.{name}", count)


class SpanToolWatch(ToolWatch, Broken):
    """A tool call: how long it took, and the kind of error if it gave one."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self._started

    def see(self, result: Result) -> None:
        """Takes note of the result."""
        if "error" in result:
            self.error = str(result["error"]["kind"])


class TracedTransport(AsyncBaseTransport):
    """Sends requests with a span each, and with the header that lets their server go on with it.

    Args:
        transport: sends them.
        open_span: opens a span.
    """

    def __init__(self, transport: AsyncBaseTransport, open_span: OpenSpan) -> None:
        self._transport = transport
        self._open_span = open_span

    async def handle_async_request(self, request: Request) -> Response:
        """Sends one request."""
        attributes: dict[str, AttributeValue] = {
            "http.request.method": request.method,
            "server.address": request.url.host,
            "server.port": request.url.port or (443 if request.url.scheme == "https" else 80),
            "url.path": request.url.path,
        }
        with self._open_span(request.method, SpanKind.CLIENT, attributes) as span:
            _PROPAGATOR.inject(request.headers)
            response = await self._transport.handle_async_request(request)
            span.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= 400:
                span.set_attribute("error.type", str(response.status_code))
            return response

    async def aclose(self) -> None:
        """Closes what is below."""
        await self._transport.aclose()
