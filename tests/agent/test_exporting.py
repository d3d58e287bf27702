"""Traces and metrics reach a collector, and one that is gone holds nobody up."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import boto3
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from requests import Request

from agent import Settings
from agent.exporting import CLOSE_SECONDS, REQUEST_SECONDS, exporting_traces
from agent.trace_signing import session_for
from deploy.local.bedrock.script import say
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import ANSWER, events_of, new_desk

ROOT = Path(__file__).resolve().parents[2]
WHEN_OFF = """
import sys
import agent.bootstrap
found = [name for name in sys.modules if name.startswith("opentelemetry.exporter")]
print("agent.exporting" in sys.modules, found)
"""


class Collector:
    """Takes what is exported to it, by path; ``silent`` takes connections and never answers."""

    def __init__(self, *, silent: bool = False) -> None:
        self.bodies: dict[str, list[bytes]] = {}
        self.free = Event()
        if not silent:
            self.free.set()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address."""
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.bodies.setdefault(self.path, []).append(body)
                collector.free.wait(20)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            serving = Thread(target=server.serve_forever, args=(0.01,))
            serving.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                self.free.set()
                server.shutdown()
                serving.join()


async def one_turn(
    endpoint: str,
    *,
    request_seconds: float = REQUEST_SECONDS,
    close_seconds: float = CLOSE_SECONDS,
) -> float:
    """Asks one question, exports its trace, and says how long the end took."""
    async with scripted_bedrock([say(ANSWER)]) as bedrock:
        exporting = exporting_traces(
            endpoint, stack="test", request_seconds=request_seconds, close_seconds=close_seconds
        )
        async with exporting as observer:
            await events_of(new_desk(bedrock.url, observer=observer))
            began = time.monotonic()
        return time.monotonic() - began


async def test_a_collector_gets_the_turns_spans_and_metrics_before_the_end() -> None:
    """A command lives for seconds: what it did is sent when it ends."""
    collector = Collector()
    with collector.serving() as url:
        await one_turn(url)
    assert set(collector.bodies) == {"/v1/traces", "/v1/metrics"}
    request = ExportTraceServiceRequest()
    request.ParseFromString(collector.bodies["/v1/traces"][0])
    (resource,) = request.resource_spans
    names = [span.name for scope in resource.scope_spans for span in scope.spans]
    assert sorted(names) == ["chat local.understudy", "invoke_agent deskhand"]
    told = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
    assert (told["service.name"], told["deployment.environment.name"]) == ("deskhand", "test")
    metrics = ExportMetricsServiceRequest()
    metrics.ParseFromString(collector.bodies["/v1/metrics"][0])
    scopes = metrics.resource_metrics[0].scope_metrics
    assert "deskhand.turns" in {metric.name for scope in scopes for metric in scope.metrics}


async def test_traces_alone_go_to_an_address_of_their_own() -> None:
    """Which is taken as it is written; metrics go nowhere then."""
    collector = Collector()
    with collector.serving() as url:
        async with scripted_bedrock([say(ANSWER)]) as bedrock:
            own = exporting_traces(None, stack="test", traces_endpoint=f"{url}/own/traces")
            async with own as observer:
                await events_of(new_desk(bedrock.url, observer=observer))
    assert set(collector.bodies) == {"/own/traces"}


@pytest.mark.parametrize(
    ("endpoint", "signed"),
    [
        ("https://xray.us-west-2.amazonaws.com/v1/traces", True),
        ("https://xray.us-west-2.amazonaws.com.evil.example/v1/traces", False),
        ("http://xray.us-west-2.amazonaws.com/v1/traces", False),
        ("https://collector.example/v1/traces", False),
    ],
)
def test_what_goes_to_xray_is_signed_and_nothing_else_is(endpoint: str, signed: bool) -> None:
    """With the signature that AWS's own library makes; a collector never sees one."""
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "s"}
    session = session_for(endpoint, boto3.Session(**keys, aws_session_token="token"))
    asked = Request("POST", endpoint, data=b"spans", headers={"Content-Type": "x/y"})
    headers = session.prepare_request(asked).headers
    assert ("Authorization" in headers) is signed
    assert headers.get("X-Amz-Security-Token") == ("token" if signed else None)
    if signed:
        told = str(headers["Authorization"])
        assert re.search("AKIDEXAMPLE/[0-9]{8}/us-west-2/xray/aws4_request", told)
        assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token" in told


@pytest.mark.parametrize("gone", ["refuses", "silent"])
async def test_a_collector_that_is_gone_ends_nothing_late(
    gone: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The turn is answered as always, and the end waits for a few seconds at most."""
    caplog.set_level(logging.CRITICAL, "opentelemetry")
    with Collector(silent=True).serving() as silent:
        url = silent if gone == "silent" else "http://127.0.0.1:9"
        assert await one_turn(url, request_seconds=0.3) < CLOSE_SECONDS / 2
    assert REQUEST_SECONDS + CLOSE_SECONDS <= 8


async def test_the_end_waits_no_longer_than_it_may(caplog: pytest.LogCaptureFixture) -> None:
    """Also where a request could take longer."""
    caplog.set_level(logging.CRITICAL, "opentelemetry")
    collector = Collector(silent=True)
    with collector.serving() as silent:
        assert await one_turn(silent, request_seconds=20, close_seconds=0.2) < 3
        assert not collector.free.is_set()
        collector.free.set()


def test_nothing_of_an_exporter_is_imported_while_there_is_no_collector() -> None:
    """It would cost every start."""
    told = subprocess.run(
        [sys.executable, "-c", WHEN_OFF],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout == "False []\n"


def test_a_collector_is_named_by_opentelemetrys_own_variable() -> None:
    """Whoever knows OpenTelemetry finds it."""
    name, url = "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"
    settings = Settings.from_environment({name: url}, env_file=Path("/nonexistent/.env"))
    assert settings.otlp_endpoint == url
    assert not settings.addresses_configured
