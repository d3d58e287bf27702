"""Keeps the spans and metrics of a test, and finds texts in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from agent.tracing import Traces


class KeptTraces:
    """An observer, and what it has told so far."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        meters = MeterProvider([self._reader], shutdown_on_exit=False)
        self.observer = Traces(self.provider.get_tracer("test"), meters.get_meter("test"))

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """Every span that has ended."""
        return self._exporter.get_finished_spans()

    def named(self, beginning: str) -> list[ReadableSpan]:
        """The spans whose name begins so."""
        return [span for span in self.spans if span.name.startswith(beginning)]

    def span(self, beginning: str) -> ReadableSpan:
        """The only span whose name begins so."""
        (found,) = self.named(beginning)
        return found

    def points(self) -> dict[str, list[tuple[dict[str, Any], Any]]]:
        """Attributes and value of every point, by the metric's name; a histogram's is its count."""
        data = self._reader.get_metrics_data()
        found: dict[str, list[tuple[dict[str, Any], Any]]] = {}
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = [
                        (dict(point.attributes or {}), getattr(point, "value", None) or point.count)  # type: ignore[union-attr]  # a sum has a value, a histogram a count
                        for point in metric.data.data_points
                    ]
        return found

    def text(self) -> str:
        """Everything that spans and metrics say: names, attributes, events, links, resource."""
        return "\n".join(
            [*(span.to_json() for span in self.spans), json.dumps(self.points(), default=str)]
        )


def attribute(span: ReadableSpan, name: str) -> Any:
    """One attribute of a span."""
    return (span.attributes or {})[name]


def parent_of(span: ReadableSpan) -> int | None:
    """The id of a span's parent."""
    return span.parent.span_id if span.parent else None


def id_of(span: ReadableSpan) -> int:
    """The id of a span."""
    context = span.get_span_context()
    assert context is not None
    return context.span_id


def trace_of(span: ReadableSpan) -> int:
    """The id of the trace that a span belongs to."""
    context = span.get_span_context()
    assert context is not None
    return context.trace_id


def texts_in(value: Any) -> Iterator[str]:
    """Every text and number in data."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
