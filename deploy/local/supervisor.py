"""Runs the local stack for as long as any command holds a lease on it.

A lease is an open connection: it ends with its holder, however the holder ends. When the last one
is gone, the stack is stopped and this process ends.
"""

from __future__ import annotations

import asyncio
import json
import logging
import logging.handlers
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.local.door import Door
from deploy.local.errors import StackError
from deploy.local.lock import sole_supervisor
from deploy.local.state import StateFolder

if TYPE_CHECKING:
    from deploy.local.stack import LocalStack

logger = logging.getLogger(__name__)

LISTENING = "listening"
FIRST_LEASE_SECONDS = 15.0
KNOCK_SECONDS = 5.0
LOG_BYTES = 1_000_000
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# Fast enough not to be waited for, slow enough to be seen: at most a quarter of a second an answer.
PACE_VARIABLE = "DESKHAND_UNDERSTUDY_PACE"
PACE_SECONDS = "0.002"
MOST_PACE_SECONDS = 10.0


class Supervisor:
    """Owns the stack, tells every holder of a lease what is going on, and counts the leases."""

    def __init__(self, state: StateFolder, door: Door) -> None:
        self._state = state
        self._door = door
        self._since = datetime.now(UTC)
        self._leases: set[asyncio.StreamWriter] = set()
        self._said: list[dict[str, Any]] = []
        self._stack: LocalStack | None = None
        self._server: asyncio.Server | None = None
        self._was_used = False
        self._ending = asyncio.Event()
        self._end = threading.Event()

    async def run(self) -> None:
        """Start the stack, wait until nobody needs it any more, and stop it."""
        loop = asyncio.get_running_loop()
        for number in ENDING_SIGNALS:
            loop.add_signal_handler(number, self._close_the_door)
        self._server = await asyncio.start_server(self._welcome, sock=self._door.listener)
        loop.call_later(FIRST_LEASE_SECONDS, self._expect_no_more)
        holding = asyncio.create_task(asyncio.to_thread(self._hold_stack, loop))
        ending = asyncio.create_task(self._ending.wait())
        try:
            await asyncio.wait({holding, ending}, return_when=asyncio.FIRST_COMPLETED)
            self._close_the_door()
        finally:
            self._end.set()
        await asyncio.wait({holding})
        await self._say_farewell(holding.exception())

    def _close_the_door(self) -> None:
        """From here on the stack is going down; whoever comes now must start another one."""
        if self._server is not None:
            self._server.close()
        self._door.close()
        self._ending.set()

    def _close_when_unused(self) -> None:
        """Decide at once, so that nobody gets a lease on a stack that is going down."""
        if self._stack is not None and self._was_used and not self._leases:
            self._close_the_door()

    def _expect_no_more(self) -> None:
        """The command that started us has gone without a word, if it has not come by now."""
        self._was_used = True
        self._close_when_unused()

    async def _say_farewell(self, failure: BaseException | None) -> None:
        if failure is not None:
            expected = isinstance(failure, StackError)
            logger.error(
                "the stack has failed: %s", failure, exc_info=None if expected else failure
            )
            words = f"The local stack has failed; its log is {self._state.log}."
            self._say({"error": str(failure) if expected else words})
        for lease in list(self._leases):
            lease.close()
            with suppress(OSError):
                await lease.wait_closed()

    def _hold_stack(self, loop: asyncio.AbstractEventLoop) -> None:
        from deploy.local.stack import LocalStack  # a second of imports, once the door is open

        def progress(words: str) -> None:
            loop.call_soon_threadsafe(self._say, {"progress": words})

        with LocalStack(self._state, progress=progress, pace=_pace(os.environ)) as stack:
            loop.call_soon_threadsafe(self._announce, stack)
            self._end.wait()

    def _announce(self, stack: LocalStack) -> None:
        self._stack = stack
        self._close_when_unused()
        if not self._ending.is_set():
            self._said.clear()  # who comes now has nothing to wait for
            self._say({"environment": stack.environment})

    def _say(self, message: dict[str, Any]) -> None:
        self._said.append(message)
        for lease in self._leases:
            _write(lease, message)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until the other side closes it."""
        with suppress(OSError, TimeoutError, ValueError):
            async with asyncio.timeout(KNOCK_SECONDS):
                request = json.loads(await reader.readline())
            if self._door.admits(request):
                if request.get("inspect"):
                    _write(writer, self._report())
                else:
                    await self._lease(reader, writer)
        writer.close()

    async def _lease(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._ending.is_set():
            return  # the caller hears nothing, and starts a stack of its own
        self._leases.add(writer)
        self._was_used = True
        for message in self._said:
            _write(writer, message)
        try:
            while await reader.read(1024):
                pass
        finally:
            self._leases.discard(writer)
            self._close_when_unused()

    def _report(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "since": self._since.isoformat(timespec="seconds"),
            "ready": self._stack is not None,
            "leases": len(self._leases),
            "children": self._stack.children if self._stack is not None else {},
        }


def _write(writer: asyncio.StreamWriter, message: Mapping[str, Any]) -> None:
    if not writer.is_closing():
        writer.write(json.dumps(message).encode() + b"\n")


def _pace(environ: Mapping[str, str]) -> float:
    given = environ.get(PACE_VARIABLE) or PACE_SECONDS
    with suppress(ValueError):
        if 0 <= float(given) <= MOST_PACE_SECONDS:
            return float(given)
    raise StackError(f"{PACE_VARIABLE} is a number of seconds, as {PACE_SECONDS}, not {given!r}.")


def _log_to(state: StateFolder) -> None:
    handler = logging.handlers.RotatingFileHandler(state.log, maxBytes=LOG_BYTES, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours = logging.getLogger("deploy")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)


def _tell_starter(words: str) -> None:
    """Say one thing to the command that started us, which reads until we close stdout."""
    sys.stdout.write(words)
    sys.stdout.flush()
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, sys.stdout.fileno())
    os.close(quiet)


def main() -> None:
    """Supervise the stack of the state folder that the argument names."""
    if os.fork():
        os._exit(0)  # the command that started us need not wait for us
    state = StateFolder(Path(sys.argv[1]))
    _log_to(state)
    try:
        with sole_supervisor(state) as alone:
            if not alone:
                _tell_starter(LISTENING)  # another one was quicker, and serves
                return
            door = Door.open(state)
            _tell_starter(LISTENING)
            asyncio.run(Supervisor(state, door).run())
    except (OSError, StackError) as failure:
        logger.exception("the supervisor has failed")
        _tell_starter(str(failure))


if __name__ == "__main__":
    main()
