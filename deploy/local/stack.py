"""The local stack: every system of the desk on this machine, and the addresses of each."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from deploy.local.app_settings import AppSettings
from deploy.local.errors import StackError
from deploy.local.leftovers import end_leftovers, remember
from deploy.local.part import Part, PartError
from deploy.local.services_part import CLIENT_ID, ServicesPart
from deploy.local.state import StateFolder

if TYPE_CHECKING:
    from deploy.local.stores import AuroraPart, DynamoPart

logger = logging.getLogger(__name__)

SYSTEMS = ("aurora", "dynamodb", "catalog", "gateway", "model", "tokens")
WATCH_SECONDS = 0.25
MOST_REST_SECONDS = 10.0

Progress = Callable[[str], None]
PartType = TypeVar("PartType", bound=Part)


class LocalStack:
    """Starts all systems at once on loopback addresses, and ends them with its ``with`` block.

    A child that dies is started again on the same address. The folder must belong to this stack
    alone; the supervisor holds its lock.

    Args:
        state: where data, secrets and logs are kept between runs.
        progress: told in a few words what is being done; called from several threads.
        token_lifetime: seconds that an access token is good for.
        pace: seconds between two pieces of the understudy's answer.
    """

    _aurora: AuroraPart
    _dynamodb: DynamoPart
    _services: ServicesPart

    def __init__(
        self,
        state: StateFolder,
        *,
        progress: Progress = lambda words: None,
        token_lifetime: int = 3600,
        pace: float = 0.0,
    ) -> None:
        self.state = state
        self.milliseconds: dict[str, int] = {}
        self._progress = progress
        self._token_lifetime = token_lifetime
        self._pace = pace
        self._closing = threading.Event()
        self._stopped: set[str] = set()
        self._threads: dict[Part, ThreadPoolExecutor] = {}

    def __enter__(self) -> Self:
        started = time.monotonic()
        self.state.prepare()
        self._children_file = self.state.run / "children.json"
        for name in end_leftovers(self._children_file):
            logger.warning("part=<%s> | left over from an earlier run, and ended", name)
        self._secrets = self.state.secrets()
        with ExitStack() as undo:
            undo.callback(self._stop_parts)
            self._start_parts()
            undo.pop_all()
        self.milliseconds["all"] = round((time.monotonic() - started) * 1000)
        logger.info("ms=<%s> | the stack is ready", self.milliseconds)
        self._watcher = threading.Thread(target=self._watch, name="stack-watcher", daemon=True)
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._watcher.join()
        self._stop_parts()
        logger.info("the stack is down")

    @property
    def environment(self) -> dict[str, str]:
        """The addresses, as the desk's settings read them."""
        parts = (self._aurora, self._dynamodb, self._services)
        return {"DESKHAND_STACK": "local"} | {
            name: value for part in parts for name, value in part.environment.items()
        }

    @property
    def children(self) -> dict[str, int]:
        """The process id of each part that is running."""
        return {
            part.label: process.pid
            for part in self._threads
            if (process := part.process) is not None
        }

    def stop(self, system: str) -> None:
        """Take one system away, as when its machine has died; its address stays its own."""
        part = self._part(system)
        if isinstance(part, ServicesPart):
            self._run(part, lambda: part.stop_system(system)).result()
        else:
            self._run(part, part.stop).result()
        self._stopped.add(system)

    def start(self, system: str) -> None:
        """Bring back a system that was taken away, on the same address."""
        part = self._part(system)
        if isinstance(part, ServicesPart):
            self._run(part, lambda: part.start_system(system)).result()
        else:
            self._run(part, part.start).result()
            self._remember_children()
        self._stopped.discard(system)

    def restore(self) -> None:
        """Bring back every system that was taken away."""
        for system in sorted(self._stopped):
            self.start(system)

    def _part(self, system: str) -> Part:
        if system not in SYSTEMS:
            raise ValueError(
                f"{system!r} is no system of the stack; there are {', '.join(SYSTEMS)}"
            )
        return {"aurora": self._aurora, "dynamodb": self._dynamodb}.get(system, self._services)

    def _add(self, part: PartType) -> PartType:
        # One thread a part, as long as the stack: a child ends with the thread that started it.
        self._threads[part] = ThreadPoolExecutor(1, f"stack-{part.label}")
        return part

    def _run(self, part: Part, action: Callable[[], object]) -> Future[object]:
        return self._threads[part].submit(action)

    def _start_parts(self) -> None:
        self._services = self._add(ServicesPart(self.state, self._secrets, self._app_settings))
        launched = self._run(self._services, self._services.launch)
        # Half a second of imports, while the services are at theirs.
        from deploy.local.stores import AuroraPart, DynamoPart

        self._aurora = self._add(AuroraPart(self.state, self._secrets))
        self._dynamodb = self._add(DynamoPart(self.state, self._progress))
        aurora = self._run(self._aurora, lambda: self._timed(self._aurora))
        dynamodb = self._run(self._dynamodb, lambda: self._timed(self._dynamodb))
        try:
            launched.result()
            dynamodb.result()
            services = self._run(self._services, lambda: self._timed(self._services))
            aurora.result()
            services.result()
        except (PartError, OSError) as failure:
            raise StackError(f"The local stack cannot start: {failure}") from failure
        self._remember_children()

    def _timed(self, part: Part) -> None:
        self._progress(f"starting {part.label}…")
        started = time.monotonic()
        part.start()
        self.milliseconds[part.label] = round((time.monotonic() - started) * 1000)

    def _stop_parts(self) -> None:
        """End all children at once."""
        ending = {part: self._run(part, part.stop) for part in self._threads}
        for part, ended in ending.items():
            failure = ended.exception()
            if failure:
                logger.error("part=<%s> | it did not end cleanly", part.label, exc_info=failure)
        for thread in self._threads.values():
            thread.shutdown()
        self._children_file.unlink(missing_ok=True)

    def _remember_children(self) -> None:
        remember(self._children_file, self.children)

    def _app_settings(self) -> AppSettings:
        return AppSettings(
            dynamodb_endpoint=self._dynamodb.endpoint,
            tables=self._dynamodb.tables,
            client_id=CLIENT_ID,
            client_secret=self._secrets.client_secret,
            token_lifetime=self._token_lifetime,
            pace=self._pace,
        )

    def _watch(self) -> None:
        """Look after the children; those that keep dying are looked after less and less often."""
        rest = WATCH_SECONDS
        while not self._closing.wait(rest):
            rest = WATCH_SECONDS if self._mend() else min(rest * 2, MOST_REST_SECONDS)

    def _mend(self) -> bool:
        """Start dead children again; false when that failed, or was needed."""
        whole = True
        for part in self._threads:
            try:
                if self._run(part, part.mend).result():
                    whole = False
            except (PartError, OSError) as failure:
                logger.error("part=<%s> | it cannot be started again: %s", part.label, failure)
                whole = False
        if not whole:
            with suppress(OSError):
                self._remember_children()
        return whole
