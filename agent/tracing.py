"""Traces and metrics of a turn in OpenTelemetry's conventions for generative AI.

The framework has a tracer of its own, which records prompts, arguments, results and the text of
exceptions. It is kept silent, and the desk tells what it did itself: what is not named below is
in no span.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, copy_context

from httpx2 import AsyncBaseTransport
from opentelemetry import context as contexts
from opentelemetry.metrics import Meter
from opentelemetry.trace import (
    NoOpTracer,
    Span,
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue
from strands.telemetry.tracer import get_tracer

from agent.instruments import Instruments
from agent.log_ids import note_ids
from agent.observed_calls import (
    Broken,
    KindOfError,
    SpanModelWatch,
    SpanToolWatch,
    TracedTransport,
)
from agent.observing import ModelWatch, Observer, RequestWatch, ToolWatch, TurnWatch, log_turn

AGENT = "deskhand"
PROVIDER = "aws.bedrock"
_PROPAGATOR = TraceContextTextMapPropagator()


def keep_framework_silent() -> None:
    """Nothing of the framework's own spans leaves the process, whoever set up OpenTelemetry."""
    get_tracer().tracer = NoOpTracer()


class _SpanTurnWatch(TurnWatch):
    """A turn with a span; its work runs in a context in which that span is the current one."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span
        self._context = copy_context()
        self._context.run(contexts.attach, set_span_in_context(span))

    @property
    def context(self) -> Context | None:
        return self._context


class _SpanRequestWatch(RequestWatch):
    def __init__(self, span: Span) -> None:
        self._span = span

    def see(self, status: int) -> None:
        self._span.set_attribute("http.response.status_code", status)
        if status >= 500:
            failed(self._span, str(status))


class Traces(Observer):
    """Sees everything, as spans of one trace and as metrics."""

    def __init__(self, tracer: Tracer, meter: Meter) -> None:
        self._tracer = tracer
        self._instruments = Instruments(meter)

    @contextmanager
    def turn(self, *, conversation_id: str, turn_id: str, model_id: str) -> Iterator[TurnWatch]:
        """A span ``invoke_agent``."""
        note_ids(conversation_id=conversation_id, turn_id=turn_id)
        span = self._tracer.start_span(
            f"invoke_agent {AGENT}",
            attributes={
                "gen_ai.operation.name": "invoke_agent",
                "gen_ai.provider.name": PROVIDER,
                "gen_ai.agent.name": AGENT,
                "gen_ai.request.model": model_id,
                "gen_ai.conversation.id": conversation_id,
                "deskhand.turn.id": turn_id,
            },
        )
        watch = _SpanTurnWatch(span)
        try:
            yield watch
        finally:
            self._end_turn(watch)
            # Where the log is written, the turn's span is the current one, so that it is named.
            copied = copy_context()
            copied.run(contexts.attach, set_span_in_context(span))
            copied.run(log_turn, watch)

    def _end_turn(self, watch: _SpanTurnWatch) -> None:
        watch.span.set_attribute("deskhand.outcome", watch.outcome)
        watch.span.set_attribute("gen_ai.usage.input_tokens", watch.usage.input_tokens)
        watch.span.set_attribute("gen_ai.usage.output_tokens", watch.usage.output_tokens)
        if watch.error:
            failed(watch.span, watch.error)
        watch.span.end()
        self._instruments.turn(watch)

    @contextmanager
    def request(self, method: str, path: str, headers: Mapping[str, str]) -> Iterator[RequestWatch]:
        """A span of the server, in the caller's trace if it names one."""
        parent = _PROPAGATOR.extract(headers)
        attributes = {"http.request.method": method, "url.path": path, "http.route": path}
        with self._span(f"{method} {path}", SpanKind.SERVER, attributes, parent) as span:
            yield _SpanRequestWatch(span)

    @contextmanager
    def model_call(self, model_id: str) -> Iterator[ModelWatch]:
        """A span ``chat``; it is no context of others, because the call is a generator."""
        span = self._tracer.start_span(
            f"chat {model_id}",
            kind=SpanKind.CLIENT,
            attributes={
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": PROVIDER,
                "gen_ai.request.model": model_id,
            },
        )
        watch = SpanModelWatch(span)
        try:
            with KindOfError(watch):
                yield watch
        finally:
            if watch.error:
                failed(span, watch.error)
            watch.tell()
            span.end()
            self._instruments.model_call(model_id, watch)

    @contextmanager
    def tool_call(self, tool: str, system: str, call_id: str) -> Iterator[ToolWatch]:
        """A span ``execute_tool``."""
        attributes = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": tool,
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": call_id,
            "deskhand.system": system,
        }
        with self._span(f"execute_tool {tool}", SpanKind.INTERNAL, attributes) as span:
            watch = SpanToolWatch()
            try:
                with KindOfError(watch):
                    yield watch
            finally:
                if watch.error:
                    failed(span, watch.error)
                self._instruments.tool_call(tool, system, watch)

    @contextmanager
    def statement(self) -> Iterator[None]:
        """A span of a statement at PostgreSQL, without its text."""
        attributes = {"db.system.name": "postgresql", "db.operation.name": "SELECT"}
        with self._span("SELECT", SpanKind.CLIENT, attributes):
            yield

    def transport(self, transport: AsyncBaseTransport) -> AsyncBaseTransport:
        """A span of each request, which carries the trace on."""
        return TracedTransport(transport, self._span)

    @contextmanager
    def _span(
        self,
        name: str,
        kind: SpanKind,
        attributes: Mapping[str, AttributeValue],
        parent: contexts.Context | None = None,
    ) -> Iterator[Span]:
        """A span that is the current one meanwhile; of what breaks it, only the kind is kept."""
        span = self._tracer.start_span(name, kind=kind, attributes=attributes, context=parent)
        token, watch = contexts.attach(set_span_in_context(span)), Broken()
        try:
            with KindOfError(watch):
                yield span
        finally:
            contexts.detach(token)
            if watch.error:
                failed(span, watch.error)
            span.end()


def failed(span: Span, kind: str) -> None:
    """Marks a span as failed, by the kind of error and no text."""
    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR))
