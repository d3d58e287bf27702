"""What each child of the local stack needs: a free port, a log, and an end with its parent."""

from __future__ import annotations

import ctypes
import os
import random
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

MOST_LOG_BYTES = 1_000_000
# The kernel hands out 32768 and above to outgoing connections; below, a port stays free.
_PORTS = range(20_000, 32_768)
_PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """A loopback port that nobody listens on now; another program may still be quicker to take it.

    Raises:
        OSError: a hundred ports were tried and all are taken.
    """
    for _ in range(100):
        port = random.choice(_PORTS)  # noqa: S311 - no secret
        if is_free(port):
            return port
    raise OSError("found no free port between 20000 and 32767 on 127.0.0.1")


def is_free(port: int) -> bool:
    """Whether nobody listens on the loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def open_log(path: Path) -> BinaryIO:
    """A child's log, which goes on from run to run and is begun anew when it has grown large."""
    fresh = path.exists() and path.stat().st_size > MOST_LOG_BYTES
    return path.open("wb" if fresh else "ab")


def die_with_parent(with_signal: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask the kernel for a signal when we die.

    Linux only, None elsewhere. The signal comes when the thread that started the child ends, so
    start children from the main thread.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()  # loaded before the fork

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, with_signal)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
