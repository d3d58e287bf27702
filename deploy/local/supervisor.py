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
from typing import Any

from deploy.local.door import Door
from deploy.local.errors import StackError
from deploy.local.lock import sole_supervisor
from deploy.local.state import StateFolder

logger = logging.getLogger(__name__)

LISTENING = "listening"
FIRST_LEASE_SECONDS = 15.0
KNOCK_SECONDS = 5.0
LOG_BYTES = 1_000_000
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# Fast enough not to be waited for, slow enough to be seen: at most a quarter of a second an answer.
PACE_VARIABLE = "DESKHAND_UNDERSTUDY_PACE"
PACE_SECONDS = "0.006"


class Supervisor:
    """Owns the stack, tells every holder of a lease what is going on, and counts the leases."""

    def __init__(self, state: StateFolder, door: Door) -> None:
        self._state = state
        self._door = door
        self._since = datetime.now(UTC)
        self._leases: set[asyncio.StreamWriter] = set()
        self._said: list[dict[str, Any]] = []
        self._children: Mapping[str, int] = {}
        self._ready = asyncio.Event()
        self._unused = asyncio.Event()
        self._told_to_end = False
        self._end = threading.Event()

    async def run(self) -> None:
        """Start the stack, wait until nobody needs it any more, and stop it."""
        loop = asyncio.get_running_loop()
        for number in ENDING_SIGNALS:
            loop.add_signal_handler(number, self._end_when_ready)
        server = await asyncio.start_server(self._welcome, sock=self._door.listener)
        loop.call_later(FIRST_LEASE_SECONDS, self._notice_unused)
        holding = asyncio.create_task(asyncio.to_thread(self._hold_stack, loop))
        needless = asyncio.create_task(self._needless())
        try:
            await asyncio.wait({holding, needless}, return_when=asyncio.FIRST_COMPLETED)
            # No await between the decision and this: whoever comes later finds the door closed.
            server.close()
            self._door.close()
        finally:
            self._end.set()
        needless.cancel()
        await asyncio.wait({holding})
        await self._say_farewell(holding.exception())

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

    async def _needless(self) -> None:
        await self._ready.wait()
        await self._unused.wait()

    def _hold_stack(self, loop: asyncio.AbstractEventLoop) -> None:
        from deploy.local.stack import LocalStack  # a second of imports, once the door is open

        def progress(words: str) -> None:
            loop.call_soon_threadsafe(self._say, {"progress": words})

        pace = float(os.environ.get(PACE_VARIABLE) or PACE_SECONDS)
        with LocalStack(self._state, progress=progress, pace=pace) as stack:
            loop.call_soon_threadsafe(self._announce, stack.environment, stack.children)
            self._end.wait()

    def _announce(self, environment: Mapping[str, str], children: Mapping[str, int]) -> None:
        self._children = children
        self._say({"environment": environment})
        self._ready.set()

    def _say(self, message: dict[str, Any]) -> None:
        self._said.append(message)
        for lease in self._leases:
            _write(lease, message)

    def _end_when_ready(self) -> None:
        self._told_to_end = True
        self._unused.set()

    def _notice_unused(self) -> None:
        if not self._leases:
            self._unused.set()

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
        self._leases.add(writer)
        if not self._told_to_end:
            self._unused.clear()
        for message in self._said:
            _write(writer, message)
        try:
            while await reader.read(1024):
                pass
        finally:
            self._leases.discard(writer)
            self._notice_unused()

    def _report(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "since": self._since.isoformat(timespec="seconds"),
            "ready": self._ready.is_set(),
            "leases": len(self._leases),
            "children": dict(self._children),
        }


def _write(writer: asyncio.StreamWriter, message: Mapping[str, Any]) -> None:
    if not writer.is_closing():
        writer.write(json.dumps(message).encode() + b"\n")


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
