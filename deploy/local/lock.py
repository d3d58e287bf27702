"""Sees to it that one supervisor at a time owns a state folder, whatever became of the last one."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from deploy.local.door import knock
from deploy.local.errors import StackError
from deploy.local.state import StateFolder

logger = logging.getLogger(__name__)

# PostgreSQL may take 20 s to end. DynamoDB may take minutes, and shows meanwhile that it lives.
PATIENCE_SECONDS = 25.0
AFTER_KILL_SECONDS = 10.0
POLL_SECONDS = 0.02


@contextmanager
def sole_supervisor(state: StateFolder, *, patience: float = PATIENCE_SECONDS) -> Iterator[bool]:
    """Hold the folder's lock; true when we have it, false when its holder serves others already.

    While the holder is on its way out, this waits for it, and kills one that hangs. The kernel
    gives the lock back when its holder dies.

    Raises:
        StackError: the holder can neither be waited for nor killed.
    """
    descriptor = os.open(state.lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield _acquire(descriptor, state, patience)
    finally:
        os.close(descriptor)


@contextmanager
def held_down(state: StateFolder) -> Iterator[None]:
    """Wait until no stack runs on the folder, and let none start for the time of the context."""
    descriptor = os.open(state.lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, state: StateFolder, patience: float) -> bool:
    mine = _wait(descriptor, state, patience)
    if mine is None and _kill_holder(state.lock):
        mine = _wait(descriptor, state, AFTER_KILL_SECONDS)
    if mine is None:
        raise StackError(
            f"The supervisor of the local stack in {state.root} neither answers nor ends; "
            f"its log is {state.log}."
        )
    if mine:
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return mine


def _kill_holder(lock: Path) -> bool:
    """Kill the process whose number is in the lock, and say whether there was one.

    The number may be a dead supervisor's and another program's by now: whoever holds the lock has
    it open.
    """
    with suppress(OSError, ValueError, psutil.Error):
        hanging = psutil.Process(int(lock.read_text()))
        if any(Path(opened.path) == lock.resolve() for opened in hanging.open_files()):
            logger.warning(
                "pid=<%s> | a supervisor neither serves nor ends, and is killed", hanging.pid
            )
            hanging.kill()
            return True
    return False


def show_life(state: StateFolder) -> None:
    """Tell those who wait for our lock that we are on our way out and not hanging."""
    with suppress(FileNotFoundError):
        os.utime(state.lock)


def _wait(descriptor: int, state: StateFolder, seconds: float) -> bool | None:
    """Whether the lock is ours; None when its holder did nothing in all that time."""
    seen, deadline = os.fstat(descriptor).st_mtime_ns, time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (shown := os.fstat(descriptor).st_mtime_ns) != seen:
            seen, deadline = shown, time.monotonic() + seconds
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            caller = knock(state, {"inspect": True})
            if caller is not None:
                caller.close()
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True
    return None
