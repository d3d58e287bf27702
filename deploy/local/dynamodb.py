"""A DynamoDB of our own on a loopback port, with the tables of the CloudFormation file AWS gets."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy.local.children import die_with_parent, free_port, is_free, open_log

TEMPLATE = Path(__file__).parent.parent / "aws" / "data.yaml"
PROGRAM = Path(__file__).with_name("dynamodb_process.py")
REGION = "us-west-2"
# Twelve digits would be an account of their own; these names mean the one account of the stack.
ACCESS_KEY_ID = "local"
SECRET_ACCESS_KEY = "local"  # noqa: S105 - the emulator checks no signature
TABLES = ("reviews", "products", "warranties", "profiles", "verifications", "conversations")

_EXPIRING = ("verifications", "conversations")
_EXPIRY = {"Enabled": True, "AttributeName": "expires_at"}
_PORT_TRIES = 5
_START_SECONDS = 20.0
_READ_BYTES_A_SECOND = 5_000_000  # it reads all its items back before it answers
_STOP_SECONDS = 20.0
_POLL_SECONDS = 0.02
_WATCH_SECONDS = 0.5
_TELL_SECONDS = 5.0
_FINGERPRINT_TAG = "deskhand:template"


class DynamoError(RuntimeError):
    """The local DynamoDB cannot run or has no tables; the message says why and what to do."""


@dataclass(slots=True)
class DynamoServer:
    """A running server. ``stop()`` ends it and keeps what was written; a kill loses it."""

    endpoint: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    state: Path

    @classmethod
    def start(
        cls,
        base: Path,
        *,
        port: int | None = None,
        progress: Callable[[str], None] = lambda words: None,
    ) -> DynamoServer:
        """Start a server on the data below ``base``, which is made on the first run.

        Call it from the main thread: on Linux the server ends when the thread that started it
        does, so that nothing is left over when this process is killed.

        Args:
            base: the folder for data, temporary files and the log.
            port: the port to listen on; a free one below 32768 when not given.
            progress: told every few seconds what is being waited for.

        Raises:
            DynamoError: with the reason and what to do about it.
        """
        if port is not None and not is_free(port):
            raise DynamoError(
                f"port {port} on 127.0.0.1 is taken by another program; "
                "stop it or choose another port"
            )
        try:
            for folder in (base / "state", base / "tmp"):
                folder.mkdir(parents=True, exist_ok=True)
            for _ in range(1 if port is not None else _PORT_TRIES):
                server = cls._launch(base.resolve(), port if port is not None else free_port())
                if server._is_ready(progress):
                    return server
                server.stop()
        except OSError as failure:
            raise DynamoError(f"cannot start DynamoDB in {base}: {failure.strerror}") from failure
        raise DynamoError(f"DynamoDB did not start: {_last_line(server.log)} (see {server.log})")

    def stop(
        self, *, pulse: Callable[[], None] = lambda: None, patience: float = _STOP_SECONDS
    ) -> None:
        """End the server so that it keeps its data; kill it when it stands still.

        It writes all its items down at its end, which takes minutes for millions of them: it is
        waited for as long as what it writes keeps growing.

        Args:
            pulse: called again and again for as long as something is being written.
            patience: seconds for which it may write nothing.
        """
        if self.process.poll() is None:
            self.process.terminate()
            self._await_end(pulse, patience)
        self.process.wait(_STOP_SECONDS)

    def _await_end(self, pulse: Callable[[], None], patience: float) -> None:
        written, deadline = -1, 0.0
        while True:
            if (now := _size(self.state)) != written:
                written, deadline = now, time.monotonic() + patience
                pulse()
            try:
                self.process.wait(min(_WATCH_SECONDS, patience / 4))
            except subprocess.TimeoutExpired:
                if time.monotonic() < deadline:
                    continue
                self.process.kill()
            return

    @classmethod
    def _launch(cls, base: Path, port: int) -> DynamoServer:
        # Nothing is inherited: our own environment may hold credentials of a real account.
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "TMPDIR": str(base / "tmp"),
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            # It makes the tables of this region ready for new keys when it reads them back.
            "MINISTACK_REGION": REGION,
            "SERVICES": "dynamodb,cloudformation",
            "IOT_MTLS_ENABLED": "0",  # else it listens to every network on port 8883
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(base / "state"),
            "LOG_LEVEL": "WARNING",
        }
        log = base / "dynamodb.log"
        with open_log(log) as written:
            process = subprocess.Popen(
                # -P: this folder is not a place to import from; its modules have everyday names.
                [sys.executable, "-P", str(PROGRAM)],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in a terminal is not for the database
                preexec_fn=die_with_parent(),
                cwd=base,
                env=environment,
            )
        return cls(f"http://127.0.0.1:{port}", port, process, log, base / "state")

    def _is_ready(self, progress: Callable[[str], None]) -> bool:
        stored = _size(self.state)
        now = time.monotonic()
        told, deadline = now, now + _START_SECONDS + stored / _READ_BYTES_A_SECOND
        while self.process.poll() is None and now < deadline:
            if _answers(self.port):
                return self.process.poll() is None
            time.sleep(_POLL_SECONDS)
            now = time.monotonic()
            if now - told >= _TELL_SECONDS:
                told = now
                progress(f"DynamoDB reads {stored // 1_000_000:,} MB of stored items…")
        return False


def local_client(endpoint: str, service: str = "dynamodb") -> Any:
    """A boto3 client of the local server, with the region and key that its tables belong to."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        config=Config(
            connect_timeout=2,
            read_timeout=10,
            max_pool_connections=32,
            proxies={},  # a proxy of the environment cannot reach this machine
            retries={"mode": "standard", "total_max_attempts": 2},
        ),
    )


def apply_tables(endpoint: str, prefix: str, *, file: Path = TEMPLATE) -> dict[str, str]:
    """Make the tables by the CloudFormation file, and give their names by what they hold.

    When the same file was applied before, it only asks and returns. A changed file is applied as
    an update, for which the emulator makes the tables anew, empty.

    Raises:
        DynamoError: the server does not answer, or refuses the file.
    """
    template = file.read_text()
    fingerprint = sha256(template.encode()).hexdigest()
    names = {table: f"{prefix}-{table}" for table in TABLES}
    try:
        _apply_stack(local_client(endpoint, "cloudformation"), prefix, template, fingerprint)
        _expire_items(local_client(endpoint), [names[table] for table in _EXPIRING])
    except (BotoCoreError, ClientError) as failure:
        raise DynamoError(f"the local DynamoDB at {endpoint} has no tables: {failure}") from failure
    return names


def _apply_stack(client: Any, prefix: str, template: str, fingerprint: str) -> None:
    name = f"{prefix}-data"
    tag = {"Key": _FINGERPRINT_TAG, "Value": fingerprint}
    stack = _find_stack(client, name)
    if stack is not None and tag in stack.get("Tags", []) and _is_complete(stack):
        return
    change = client.create_stack if stack is None else client.update_stack
    change(
        StackName=name,
        TemplateBody=template,
        Parameters=[{"ParameterKey": "Prefix", "ParameterValue": prefix}],
        Tags=[tag],
    )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        stack = _find_stack(client, name)
        if stack is not None and not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(_POLL_SECONDS)
    if stack is None or not _is_complete(stack):
        status = stack["StackStatus"] if stack else "missing"
        raise DynamoError(f"the tables could not be made: stack {name} is {status}")


def _find_stack(client: Any, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as failure:
        if "does not exist" in failure.response["Error"]["Message"]:
            return None
        raise
    return found


def _is_complete(stack: dict[str, Any]) -> bool:
    return stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def _expire_items(client: Any, tables: list[str]) -> None:
    """Switch expiry on where the file says so; the emulator takes it by call only."""
    for table in tables:
        expiry = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if expiry.get("TimeToLiveStatus") != "ENABLED":
            client.update_time_to_live(TableName=table, TimeToLiveSpecification=_EXPIRY)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_ministack/health")
        health = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(health, dict) and "dynamodb" in health.get("services", {})


def _size(folder: Path) -> int:
    """The bytes of all files in a folder in which files come and go."""
    total = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason")
