"""How a command uses the local stack: by a lease, and the stack lives as long as any lease."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from deploy.local.door import knock
from deploy.local.errors import StackError
from deploy.local.postgres_programs import BINARIES_VARIABLE
from deploy.local.state import PROJECT, StateFolder, state_folder

WAIT_SECONDS = 60.0
ATTEMPTS = 5
PACE = "DESKHAND_UNDERSTUDY_PACE"
INHERITED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    BINARIES_VARIABLE,
    PACE,
)

Progress = Callable[[str], None]


class LeasedEnvironment(dict[str, str]):
    """The stack's addresses as environment variables, good until the lease ends or is lost."""

    def __init__(self, environment: Mapping[str, str], connection: socket.socket) -> None:
        super().__init__(environment)
        self._connection = connection

    def wait_until_lost(self, seconds: float | None = None) -> bool:
        """Whether the stack has gone before the lease ended, found out within so many seconds."""
        readable, _, _ = select.select([self._connection], [], [], seconds)
        return bool(readable) and not self._connection.recv(1, socket.MSG_PEEK)


@contextmanager
def lease(
    progress: Progress = lambda words: None,
    *,
    state: StateFolder | None = None,
    seconds: float = WAIT_SECONDS,
    pace: float | None = None,
) -> Iterator[LeasedEnvironment]:
    """Use the running stack, or start one, for the length of a ``with`` block.

    Args:
        progress: told in a few words what is being waited for.
        state: the state folder; the environment's when not given.
        seconds: how long to wait for a stack that is starting or ending and says nothing.
        pace: seconds between two pieces of the understudy's answer, if the stack is started here;
            the environment's when not given.

    Raises:
        StackError: the stack cannot be started, or not in time.
    """
    state = state or state_folder(os.environ)
    connection, environment = _obtain(state, progress, seconds, _inherited(pace))
    with closing(connection):
        yield LeasedEnvironment(environment, connection)


def inspect(state: StateFolder | None = None) -> dict[str, Any]:
    """What is known of the stack: ``running``, ``log``, and while it runs its pids and leases."""
    state = state or state_folder(os.environ)
    found: dict[str, Any] = {"running": False, "state": str(state.root), "log": str(state.log)}
    caller = knock(state, {"inspect": True})
    if caller is not None:
        with closing(caller), suppress(OSError, ValueError):
            report = json.loads(caller.makefile().readline())
            found |= {"running": True, **report}
    return found


def _inherited(pace: float | None) -> dict[str, str]:
    """What the stack's processes see of our environment."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    if named := kept.get(BINARIES_VARIABLE):
        kept[BINARIES_VARIABLE] = str(Path(named).expanduser().absolute())  # they run elsewhere
    return kept | ({} if pace is None else {PACE: str(pace)})


def _obtain(
    state: StateFolder, progress: Progress, seconds: float, inherited: Mapping[str, str]
) -> tuple[socket.socket, dict[str, str]]:
    for _ in range(ATTEMPTS):
        connection = knock(state, {"lease": os.getpid()})
        if connection is None:
            state.prepare()
            progress("starting the local stack…")
            _start_supervisor(state, inherited, seconds)
            connection = knock(state, {"lease": os.getpid()})
        if connection is None:
            continue  # it has ended again, with the lease of another command
        with ExitStack() as undo:
            undo.callback(connection.close)
            environment = _environment(connection, progress, seconds)
            if environment is not None:
                undo.pop_all()
                return connection, environment
        # It was on its way out when we came.
    raise StackError(f"The local stack ends as soon as it is started; its log is {state.log}.")


def _environment(
    connection: socket.socket, progress: Progress, seconds: float
) -> dict[str, str] | None:
    """The stack's addresses, or None when the supervisor has gone instead."""
    for line in _lines(connection, seconds):
        message = json.loads(line)
        if "progress" in message:
            progress(message["progress"])
        elif "error" in message:
            raise StackError(message["error"])
        else:
            environment: dict[str, str] = message["environment"]
            return environment
    return None


def _lines(connection: socket.socket, seconds: float) -> Iterator[bytes]:
    unread = b""
    connection.settimeout(seconds)
    while True:
        try:
            part = connection.recv(65536)
        except TimeoutError:
            raise StackError("The local stack did not start in time; ask its log.") from None
        except OSError:
            return
        if not part:
            return
        *whole, unread = (unread + part).split(b"\n")
        yield from whole


def _start_supervisor(state: StateFolder, inherited: Mapping[str, str], seconds: float) -> None:
    """Start a supervisor that outlives us, and return when it listens."""
    from deploy.local.supervisor import LISTENING

    with (
        state.log.open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "deploy.local.supervisor", str(state.root)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C in a terminal is not for the stack of others
            cwd=PROJECT,
            env=inherited,
        ) as starter,
    ):
        try:
            said, _ = starter.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise StackError(
                "The local stack did not start in time. An earlier one may still be writing down"
                f" a great deal of data: try again in a minute; its log is {state.log}."
            ) from None
    words = said.decode(errors="replace")
    if words != LISTENING:
        raise StackError(words or f"The local stack cannot be started; its log is {state.log}.")
