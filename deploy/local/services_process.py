"""The parent's side of the process that serves tokens, model, catalog and gateway."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.app_settings import AppSettings
from deploy.local.children import open_log
from deploy.local.state import PROJECT

START_SECONDS = 30.0
ORDER_SECONDS = 15.0
STOP_SECONDS = 5.0


class ServicesError(Exception):
    """The process with the four HTTP systems did not do what it was told; its log says why."""


@dataclass(slots=True)
class ServicesProcess:
    """A child that imports while its parent is still finding out what to tell it."""

    process: subprocess.Popen[bytes]
    log: Path
    ports: dict[str, int] = field(default_factory=dict)
    _unread: bytes = b""

    @classmethod
    def launch(cls, log: Path) -> ServicesProcess:
        """Start the process; it serves nothing before ``configure``."""
        # Nothing is inherited: our own environment may hold credentials of a real account.
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONUTF8": "1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        with open_log(log) as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "deploy.local.services"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                start_new_session=True,  # Ctrl-C in a terminal is not for the services
                cwd=PROJECT,
                env=environment,
            )
        return cls(process, log)

    def configure(
        self, settings: AppSettings, ports: Mapping[str, int], *, stopped: Iterable[str] = ()
    ) -> None:
        """Hand over the configuration, and return when the systems answer.

        Args:
            settings: what the four systems are built from.
            ports: ports to serve on, by system; one that is not named is chosen freely.
            stopped: systems that are not to be started yet.
        """
        self._send({"settings": asdict(settings), "ports": dict(ports), "stopped": sorted(stopped)})
        self.ports = dict(self._receive(START_SECONDS)["ports"])

    def order(self, **order: str) -> None:
        """Stop or start one system, as ``order(stop="gateway")``, and wait until that is done."""
        self._send(order)
        self._receive(ORDER_SECONDS)

    def stop(self) -> None:
        """End the process; it has nothing to save."""
        if self.process.stdin is not None:
            with suppress(OSError):  # it has ended before us, with an order unread
                self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _send(self, message: Mapping[str, Any]) -> None:
        if self.process.stdin is None:
            raise ServicesError("the services take no orders")
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()
        except OSError as failure:
            raise self._failure() from failure

    def _receive(self, seconds: float) -> dict[str, Any]:
        """The next line that the process writes."""
        if self.process.stdout is None:
            raise ServicesError("the services answer nothing")
        descriptor = self.process.stdout.fileno()
        deadline = time.monotonic() + seconds
        while b"\n" not in self._unread:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise ServicesError(
                    f"the services have not answered for {seconds:.0f} s (see {self.log})"
                )
            part = os.read(descriptor, 65536)
            if not part:
                raise self._failure()
            self._unread += part
        line, _, self._unread = self._unread.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message

    def _failure(self) -> ServicesError:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return ServicesError(
            f"the services have ended: {lines[-1] if lines else 'no reason given'} (see {self.log})"
        )
