"""Chooses the stack that a command works on: the one that the settings name, or a local one."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    contextmanager,
)
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from agent.errors import DeskhandError, SettingsError

if TYPE_CHECKING:
    from agent.desk import Desk
    from agent.entrypoints.deployed_desk import DeployedDesk
    from agent.settings import Settings
    from deploy.local.lease import LeasedEnvironment

StackChoice = Literal["auto", "local", "aws"]
Say = Callable[[str], None]
Returned = TypeVar("Returned")
_TERMINATED = 128 + signal.SIGTERM


class LocalStackFailed(DeskhandError):
    """The local stack could not be started; the message says why and what to do."""


def begin_collecting() -> None:
    """Switches the garbage collector on, without which the command line starts; see ``cli.main``.

    What the imports made stays for good: no collection looks at it again.
    """
    gc.freeze()
    gc.enable()


def never_lost(seconds: float) -> bool:
    """A stack that this process did not start is not watched: waits, and says that it is there."""
    time.sleep(seconds)
    return False


def _run(main: Coroutine[Any, Any, Returned]) -> Returned:
    """Runs it in a new event loop; SIGTERM ends it well, and a second one at once.

    Else a chat would leave its terminal without echo and cursor, and its conversation locked.
    """
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(main)  # signals are for the main thread alone
    told: list[bool] = []

    async def run() -> Returned:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def end() -> None:
            told.append(True)
            loop.remove_signal_handler(signal.SIGTERM)
            if task is not None:
                task.cancel()

        before = signal.getsignal(signal.SIGTERM)
        loop.add_signal_handler(signal.SIGTERM, end)
        try:
            return await main
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
            if not told:
                signal.signal(signal.SIGTERM, before)

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        if not told:
            raise
        raise SystemExit(_TERMINATED) from None


@dataclass(frozen=True, slots=True)
class Stack:
    """An open stack.

    Attributes:
        settings: where it is.
        environment: the variables that the settings came from.
        open_desk: opens a desk on it.
        lost_within: waits so many seconds and returns whether the stack has gone.
    """

    settings: Settings
    environment: Mapping[str, str]
    open_desk: Callable[[Settings], AbstractAsyncContextManager[Desk]]
    lost_within: Callable[[float], bool] = never_lost

    def run(self, main: Callable[[Desk], Coroutine[Any, Any, Returned]]) -> Returned:
        """Opens a desk in a new event loop, runs ``main`` with it, and closes everything."""
        return _run(self._with_desk(main))

    async def _with_desk(self, main: Callable[[Desk], Coroutine[Any, Any, Returned]]) -> Returned:
        async with self.open_desk(self.settings) as desk:
            begin_collecting()
            return await main(desk)


@dataclass(frozen=True, slots=True)
class DeployedStack:
    """A stack of which this program sees only the deployed desk.

    Attributes:
        settings: where the desk is, and who signs its reps in.
        environment: the variables that the settings came from.
        endpoint: the desk's invocation address.
    """

    settings: Settings
    environment: Mapping[str, str]
    endpoint: str

    def run(self, main: Callable[[DeployedDesk], Coroutine[Any, Any, Returned]]) -> Returned:
        """Opens a client of the desk in a new event loop, and runs ``main`` with it."""
        return _run(self._with_desk(main))

    async def _with_desk(
        self, main: Callable[[DeployedDesk], Coroutine[Any, Any, Returned]]
    ) -> Returned:
        from agent.entrypoints.desk_access import open_deployed

        begin_collecting()
        async with open_deployed(self.settings, self.endpoint, self.environment) as desk:
            return await main(desk)


def deployed_stack(choice: StackChoice, settings: Settings) -> DeployedStack | None:
    """The stack of a deployed desk, where that is meant: with ``aws`` and an endpoint."""
    if choice != "aws" or not settings.endpoint_url:
        return None
    return DeployedStack(settings, dict(os.environ), settings.endpoint_url)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment; without one, of this process's.

    Raises:
        SettingsError: one is wrong.
    """
    from agent.settings import Settings

    return Settings.from_environment(os.environ if environment is None else environment)


class OpenStack(Protocol):
    """Opens the stack that a command works on."""

    def __call__(
        self, choice: StackChoice, say: Say, *, for_desk: bool = True
    ) -> AbstractContextManager[Stack]:
        """See ``open_stack``."""


@contextmanager
def open_stack(choice: StackChoice, say: Say, *, for_desk: bool = True) -> Iterator[Stack]:
    """The stack of the settings; without addresses, a local one for as long as the context lasts.

    Args:
        choice: ``aws`` never starts a local stack, ``local`` always does.
        say: takes a line of progress.
        for_desk: a desk will be opened on it.

    Raises:
        SettingsError: a setting is wrong, or an address is missing.
        LocalStackFailed: the local stack did not start.
    """
    settings = read_settings()
    if choice == "local" or (choice == "auto" and not settings.addresses_configured):
        if for_desk:
            # The desk's libraries take seconds to import: the time in which the stack starts.
            importing = threading.Thread(target=import_module, args=("agent.bootstrap",))
            importing.daemon = True
            importing.start()
        with _leased(say) as leased:
            environment = {**os.environ, **leased}
            settings = read_settings(environment)
            yield Stack(settings, environment, _open_desk, leased.wait_until_lost)
        return
    if choice == "aws" and not settings.addresses_configured:
        _refuse_nowhere(settings)
    settings.require_addresses()
    yield Stack(settings, dict(os.environ), _open_desk)


def _refuse_nowhere(settings: Settings) -> None:
    """Says what a rep sets, and what an operator sets.

    Raises:
        SettingsError: always.
    """
    try:
        settings.require_addresses()
    except SettingsError as missing:
        raise SettingsError(
            "DESKHAND_ENDPOINT_URL",
            "is not set. To ask a deployed desk, set it and DESKHAND_ISSUER_URL and"
            " DESKHAND_REP_CLIENT_ID, which ./deskhand deploy --status shows. To run a desk here:"
            f" {missing}",
        ) from None


@contextmanager
def _leased(say: Say) -> Iterator[LeasedEnvironment]:
    from deploy.local.errors import StackError
    from deploy.local.lease import lease

    with ExitStack() as held:
        try:
            leased = held.enter_context(lease(say))
        except StackError as failed:
            raise LocalStackFailed(str(failed)) from None
        yield leased


def _open_desk(settings: Settings) -> AbstractAsyncContextManager[Desk]:
    from agent.bootstrap import open_desk

    return open_desk(settings)
