"""Starts commands that hold leases, and finds out what is left of a stack after them."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local.state import PROJECT

PATIENCE = 40.0


class Command:
    """A process of its own that holds a lease."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.deploy.local.lease_holder", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            start_new_session=True,
        )

    def environment(self) -> dict[str, str]:
        """What it has been told, as soon as it is told."""
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], PATIENCE)[0], "the command says nothing"
        told: dict[str, str] = json.loads(self.process.stdout.readline())
        return told

    def leave(self) -> None:
        """End as a command does that is done."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0

    def close(self) -> None:
        """End it, however it stands."""
        self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def commands(folder: Path, count: int = 1) -> Iterator[list[Command]]:
    """So many commands, started at once; none is left after the block."""
    started = [Command(folder) for _ in range(count)]
    try:
        yield started
    finally:
        for command in started:
            command.close()


def family(pid: int) -> list[psutil.Process]:
    """A process and everything below it."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def all_gone(processes: Sequence[psutil.Process], *, within: float) -> bool:
    """Whether every process has ended in that time; one that only waits to be reaped has."""
    return eventually(lambda: not any(map(is_alive, processes)), within=within)


def eventually(condition: Callable[[], bool], *, within: float) -> bool:
    """Whether it becomes true in that time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(0.02)
    return True


def is_alive(process: psutil.Process) -> bool:
    """Whether the process still runs."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
