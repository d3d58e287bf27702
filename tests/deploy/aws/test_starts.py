"""What a package holds of ours starts as AgentCore Runtime and Lambda start it, from its own root.

The dependencies come from this environment: the packaged ones are compiled for another machine.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.aws.package import build
from deploy.local.children import free_port
from tests.deploy.aws.cloudformation import resources, written
from tests.deploy.aws.test_packages import BY_NAME, no_wheels
from tests.fixtures_dynamodb import Database
from tools.catalog import specs

SECRET = "arn:aws:secretsmanager:us-west-2:111122223333:secret:deskhand-dev/desk-client-a1B2c3"
ADDRESS = "https://host.example/mcp"
WAIT_SECONDS = 40
CALL = """
import json, sys
from types import SimpleNamespace
from tools.gateway.{target} import lambda_handler
custom = {{"bedrockAgentCoreToolName": sys.argv[1]}}
context = SimpleNamespace(client_context=SimpleNamespace(custom=custom))
print(json.dumps(lambda_handler(json.loads(sys.argv[2]), context)))
"""


def unpacked(name: str, folder: Path) -> Path:
    """The root of a package of our own code."""
    authorities = folder / "authorities.pem"
    authorities.write_text("authorities")
    package = build(BY_NAME[name], folder, fetch=no_wheels, authorities=authorities)
    with zipfile.ZipFile(package.file) as archive:
        archive.extractall(folder / "root")
    return folder / "root"


def variables(place: str, **changed: str) -> dict[str, str]:
    """What the template gives to a runtime, with addresses that the test knows."""
    named = dict(resources())[place]["Properties"]["EnvironmentVariables"]
    given: dict[str, str] = written(named, place.partition(".")[0])
    # What the platform hands over beside them.
    machine = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return machine | keys | {"AWS_EC2_METADATA_DISABLED": "true"} | given | changed


@contextmanager
def started(
    root: Path, environment: dict[str, str], *arguments: str
) -> Iterator[subprocess.Popen[str]]:
    """``python main.py`` in a package, ended afterwards; its errors are a pipe."""
    process = subprocess.Popen(
        [sys.executable, "main.py", *arguments],
        cwd=root,
        env=environment,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    overdue = threading.Timer(WAIT_SECONDS, process.kill)
    overdue.start()
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=10)
        overdue.cancel()


def line_with(words: str, process: subprocess.Popen[str]) -> str:
    """The first line that holds the words; a process that ends without it fails the test."""
    read = []
    for line in process.stderr or ():
        read.append(line)
        if words in line:
            return line
    raise AssertionError("".join(read))


class SecretsManager(BaseHTTPRequestHandler):
    """Answers every request as Secrets Manager does: with the secret, or that it may not."""

    refuses = False
    held = '{"client_secret": "s3cret"}'

    def do_POST(self) -> None:
        """One request for a secret."""
        self.rfile.read(int(self.headers["Content-Length"]))
        body: dict[str, str] = {"ARN": SECRET, "SecretString": self.held}
        if self.refuses:
            body = {"__type": "AccessDeniedException", "Message": f"no access to {SECRET}"}
        payload = json.dumps(body).encode()
        self.send_response(400 if self.refuses else 200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class RefusingSecretsManager(SecretsManager):
    """Lets nobody have it."""

    refuses = True


@contextmanager
def secrets(handler: type[SecretsManager]) -> Iterator[str]:
    """The address of a Secrets Manager."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def desk_variables(secrets_manager: str) -> dict[str, str]:
    """What the desk is given, with nothing behind any address but its secret's."""
    return variables(
        "agent.Desk",
        AWS_ENDPOINT_URL_SECRETS_MANAGER=secrets_manager,
        DESKHAND_CLIENT_SECRET=SECRET,
        DESKHAND_CATALOG_URL=ADDRESS,
        DESKHAND_GATEWAY_URL=ADDRESS,
        DESKHAND_TOKEN_URL=ADDRESS,
        DESKHAND_ISSUER_URL=ADDRESS,
        DESKHAND_KEYS_URL=ADDRESS,
    )


def test_the_desk_starts_from_its_package_and_answers(tmp_path: Path) -> None:
    """It fetches its secret, wants a rep's token, and ends when it is told to."""
    root = unpacked("desk", tmp_path)
    with (
        secrets(SecretsManager) as address,
        started(root, desk_variables(address), "--port", "0") as process,
    ):
        serving = line_with("Serving", process)
        assert "http://0.0.0.0:" in serving
        port = int(serving.partition("0.0.0.0:")[2].partition(";")[0])
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            assert client.get("/ping").json()["status"] == "Healthy"
            stranger = client.post("/invocations", json={"prompt": "Who is CUST003?"})
            assert stranger.status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def test_a_desk_without_its_secret_says_so_and_does_not_start(tmp_path: Path) -> None:
    """The variable and the kind of refusal, and nothing of what the service wrote."""
    root = unpacked("desk", tmp_path)
    with (
        secrets(RefusingSecretsManager) as address,
        started(root, desk_variables(address)) as process,
    ):
        _, said = process.communicate(timeout=WAIT_SECONDS)
        assert process.returncode == 1
    assert said == "DESKHAND_CLIENT_SECRET: its secret cannot be read (AccessDeniedException).\n"


def test_the_catalogue_starts_from_its_package_and_lists_its_tools(tmp_path: Path) -> None:
    """On the port that AgentCore is told by no setting; here on another, to be alone."""
    root = unpacked("catalog", tmp_path)
    port = free_port()
    given = variables("tools.Catalog", DESKHAND_CATALOG_PORT=str(port))
    with started(root, given) as process:
        line_with(f":{port}", process)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            assert client.get("/ping").json()["status"] == "Healthy"
            listed = client.post(
                "/mcp",
                json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
                headers={"Accept": "application/json, text/event-stream"},
            ).json()
    assert {tool["name"] for tool in listed["result"]["tools"]} == {tool.name for tool in specs()}


@pytest.mark.stack
@pytest.mark.parametrize(
    ("target", "tool", "arguments", "holds"),
    [
        (
            "warranty",
            "warranty___check_warranty_status",
            {"serial_number": "LAPTOP001A1B2C"},
            ("warranty", "serial_number", "LAPTOP001A1B2C"),
        ),
        (
            "profile",
            "profile___get_customer_profile",
            {"customer_id": "CUST001"},
            ("profile", "customer_id", "CUST001"),
        ),
    ],
)
def test_a_handler_answers_from_its_package(
    target: str,
    tool: str,
    arguments: dict[str, str],
    holds: tuple[str, str, str],
    sample: Database,
    tmp_path: Path,
) -> None:
    """As Lambda calls it, on tables that the data stack's file has made."""
    place = f"tools.{target.capitalize()}"
    named = dict(resources())[place]["Properties"]["Environment"]["Variables"]
    prefix = sample.tables["warranties"].removesuffix("-warranties")
    done = subprocess.run(
        [sys.executable, "-c", CALL.format(target=target), tool, json.dumps(arguments)],
        cwd=unpacked("lambda", tmp_path),
        env={
            "PATH": os.environ["PATH"],
            "AWS_REGION": "us-west-2",
            "AWS_DEFAULT_REGION": "us-west-2",  # as Lambda sets it
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL_DYNAMODB": sample.endpoint,
            **written(named, "tools", prefix=prefix),
        },
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["found"] is True
    assert result[holds[0]][holds[1]] == holds[2]
