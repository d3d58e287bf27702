"""Chooses the stack that a command works on: the one that the settings name, or a local one."""

from __future__ import annotations

import asyncio
import importlib
import os
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from agent.desk import Desk
    from agent.settings import Settings

StackChoice = Literal["auto", "local", "aws"]
Say = Callable[[str], None]
Returned = TypeVar("Returned")


@dataclass(frozen=True, slots=True)
class Stack:
    """An open stack: its settings, the environment they came from, and how to open a desk on it."""

    settings: Settings
    environment: Mapping[str, str]
    open_desk: Callable[[Settings], AbstractAsyncContextManager[Desk]]

    def run(self, main: Callable[[Desk], Coroutine[Any, Any, Returned]]) -> Returned:
        """Opens a desk in a new event loop, runs ``main`` with it, and closes everything."""
        return asyncio.run(self._with_desk(main))

    async def _with_desk(self, main: Callable[[Desk], Coroutine[Any, Any, Returned]]) -> Returned:
        async with self.open_desk(self.settings) as desk:
            return await main(desk)


OpenStack = Callable[[StackChoice, Say], AbstractContextManager[Stack]]


@contextmanager
def open_stack(choice: StackChoice, say: Say) -> Iterator[Stack]:
    """The stack of the settings; without addresses, a local one for as long as the context lasts.

    Args:
        choice: ``aws`` never starts a local stack, ``local`` always does.
        say: takes a line of progress.

    Raises:
        SettingsError: a setting is wrong, or an address is missing.
    """
    from agent.settings import Settings

    settings = Settings.from_environment(os.environ)
    if choice == "local" or (choice == "auto" and not settings.addresses_configured):
        with _local_environment(say) as environment:
            yield Stack(Settings.from_environment(environment), environment, _open_desk)
        return
    settings.require_addresses()
    yield Stack(settings, dict(os.environ), _open_desk)


@contextmanager
def _local_environment(say: Say) -> Iterator[Mapping[str, str]]:
    # The desk's libraries take seconds to import: the time in which the stack starts.
    threading.Thread(target=importlib.import_module, args=("agent.bootstrap",), daemon=True).start()
    from deploy.local.lease import lease

    with lease(say) as environment:
        yield {**os.environ, **environment}


def _open_desk(settings: Settings) -> AbstractAsyncContextManager[Desk]:
    from agent.bootstrap import open_desk

    return open_desk(settings)
