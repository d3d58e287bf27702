"""Stands in for the AWS services that a deployment talks to, over real HTTP on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from tests.deploy.aws.cloudformation import ACCOUNT
from tests.deploy.aws.scripted_stack import RefusedError
from tests.deploy.aws.scripted_stacks import ScriptedStacks

CALLER = f"arn:aws:iam::{ACCOUNT}:user/operator"
DONE: dict[str, Any] = {
    "ok": True,
    "migrations": ["0001_store_and_desk"],
    "sample_data": {"aurora": True, "dynamodb": True},
}


@dataclass
class ScriptedAws:
    """An account.

    Attributes:
        stacks: its CloudFormation.
        objects: what was uploaded, by bucket and key.
        object_key: what it is encrypted with.
        tasks: what the one-off task answers, one after the other; the last one again and again.
        invoked: what it was given.
        refused: action to the error that it meets; ``*`` stands for all.
        url: where all of it answers.
        asked: action of every request that was none for an object, the task or traces.
        traces_go_to: what becomes of traces; OpenTelemetry's are taken for CloudWatchLogs only.
    """

    stacks: ScriptedStacks
    objects: dict[str, int] = field(default_factory=dict)
    object_key: str = ""
    tasks: list[Any] = field(default_factory=lambda: [DONE])
    invoked: list[Any] = field(default_factory=list)
    refused: dict[str, RefusedError] = field(default_factory=dict)
    url: str = ""
    asked: list[str] = field(default_factory=list)
    traces_go_to: str = "XRay"

    def environment(self) -> dict[str, str]:
        """Variables that lead AWS's libraries here, service by service."""
        services = ("CLOUDFORMATION", "STS", "S3", "LAMBDA", "XRAY")
        return {
            **{f"AWS_ENDPOINT_URL_{service}": self.url for service in services},
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/nonexistent/config",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
            "AWS_MAX_ATTEMPTS": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def forbid(self, action: str, on: str = "*") -> None:
        """Lets nobody do it, in AWS's own words."""
        said = f"User: {CALLER} is not authorized to perform: {action} on resource: {on}"
        self.refused[action.partition(":")[2]] = RefusedError("AccessDenied", said, 403)

    def check(self, action: str) -> None:
        """Raises what an action meets."""
        for name in ("*", action):
            if name in self.refused:
                raise self.refused[name]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one piece: two would wait for each other
    aws: ScriptedAws
    lock: threading.Lock

    def handle_expect_100(self) -> bool:
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def do_POST(self) -> None:
        body = self._body()
        with self.lock:
            if "/invocations" in self.path:
                self._invoke(body)
            elif self.path == "/GetTraceSegmentDestination":
                told = {"Destination": self.aws.traces_go_to, "Status": "ACTIVE"}
                self._send(200, json.dumps(told).encode())
            else:
                self._query(dict(parse_qsl(body.decode(), keep_blank_values=True)))

    def do_HEAD(self) -> None:
        size = self.aws.objects.get(self.path.partition("?")[0])
        self.send_response(404 if size is None else 200)
        self.send_header("Content-Length", str(size or 0))
        self.send_header("x-amz-server-side-encryption-aws-kms-key-id", self.aws.object_key)
        self.end_headers()

    def do_PUT(self) -> None:
        self.aws.objects[self.path.partition("?")[0]] = len(self._body())
        self.aws.object_key = self.headers["x-amz-server-side-encryption-aws-kms-key-id"]
        self._send(200, b"")

    def _invoke(self, body: bytes) -> None:
        self.aws.invoked.append(json.loads(body))
        tasks = self.aws.tasks
        result = tasks.pop(0) if len(tasks) > 1 else tasks[0]
        if isinstance(result, RefusedError):
            self._send(result.status, b"{}", {"X-Amzn-ErrorType": result.code})
            return
        fault = {"X-Amz-Function-Error": "Unhandled"} if "errorType" in result else {}
        self._send(200, json.dumps(result).encode(), fault)

    def _query(self, given: Mapping[str, str]) -> None:
        action = given["Action"]
        self.aws.asked.append(action)
        try:
            self.aws.check(action)
            if action == "GetCallerIdentity":
                result: dict[str, Any] = {"UserId": "A", "Account": ACCOUNT, "Arn": CALLER}
            else:
                result = self.aws.stacks.answer(action, given)
        except RefusedError as refused:
            words = f"<Code>{refused.code}</Code><Message>{escape(str(refused))}</Message>"
            error = f"<ErrorResponse><Error>{words}</Error></ErrorResponse>"
            self._send(refused.status, error.encode())
            return
        inner = f"<{action}Result>{xml(result)}</{action}Result>"
        self._send(200, f"<{action}Response>{inner}</{action}Response>".encode())

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        read = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            read += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return read

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def xml(value: Any) -> str:
    """A result as the query protocol writes it."""
    if isinstance(value, dict):
        return "".join(f"<{key}>{xml(held)}</{key}>" for key, held in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{xml(held)}</member>" for held in value)
    return escape(str(value))


@contextmanager
def scripted_aws(*, instantly: bool = False) -> Iterator[ScriptedAws]:
    """A running account.

    Args:
        instantly: whether CloudFormation is done at once.
    """
    aws = ScriptedAws(ScriptedStacks(instantly=instantly))
    handler = type("Handler", (_Handler,), {"aws": aws, "lock": threading.Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    aws.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield aws
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
