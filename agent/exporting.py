"""Sends traces and metrics by OTLP over HTTP; imported only when an address is named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

import boto3
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from agent.trace_signing import session_for
from agent.tracing import Traces

REQUEST_SECONDS = 3.0
CLOSE_SECONDS = 5.0
_QUEUE = 2048


@asynccontextmanager
async def exporting_traces(
    endpoint: str | None,
    *,
    stack: str,
    traces_endpoint: str | None = None,
    boto_session: boto3.Session | None = None,
    request_seconds: float = REQUEST_SECONDS,
    close_seconds: float = CLOSE_SECONDS,
) -> AsyncIterator[Traces]:
    """An observer whose spans and metrics go to a collector.

    Args:
        endpoint: of the collector; without one, metrics go nowhere.
        stack: the stack's name.
        traces_endpoint: the whole address for spans, when it is not the collector's.
        boto_session: signs what goes to X-Ray.
        request_seconds: how long a request may take, with all its tries.
        close_seconds: how long the end waits for the last of them.

    A collector that is slow or gone never holds up a turn: what does not fit into the queue is
    dropped, and both limits hold.
    """
    base = (endpoint or "").rstrip("/")
    traces_url = traces_endpoint or f"{base}/v1/traces"
    resource = Resource.create(
        {
            "service.name": "deskhand",
            "service.version": _version(),
            "deployment.environment.name": stack,
        }
    )
    spans = TracerProvider(resource=resource, shutdown_on_exit=False)
    spans.add_span_processor(
        BatchSpanProcessor(
            OTLPSpanExporter(
                traces_url,
                timeout=request_seconds,
                session=session_for(traces_url, boto_session or boto3.Session()),
            ),
            max_queue_size=_QUEUE,
        )
    )
    metrics = _meters(base, resource, request_seconds)
    try:
        yield Traces(spans.get_tracer("deskhand"), metrics.get_meter("deskhand"))
    finally:
        # On threads that nobody waits for any longer than this: a collector may be gone.
        closing = [
            asyncio.get_running_loop().run_in_executor(None, close)
            for close in (spans.shutdown, lambda: metrics.shutdown(close_seconds * 1000))
        ]
        await asyncio.wait(closing, timeout=close_seconds)


def _meters(base: str, resource: Resource, request_seconds: float) -> MeterProvider:
    """What sends metrics to a collector, or, without one, to nobody."""
    if not base:
        return MeterProvider(resource=resource, shutdown_on_exit=False)
    reader = PeriodicExportingMetricReader(
        OTLPMetricExporter(f"{base}/v1/metrics", timeout=request_seconds),
        export_timeout_millis=request_seconds * 1000,
    )
    return MeterProvider([reader], resource=resource, shutdown_on_exit=False)


def _version() -> str:
    try:
        return version("deskhand")
    except PackageNotFoundError:  # run from its folder
        return "0"
