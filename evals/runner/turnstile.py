"""Lets work begin in the order it is given: several at once, and some of it all alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """Something to do; ``alone`` when nothing else may go on meanwhile."""

    do: Callable[[], Awaitable[None]]
    alone: bool = False


async def do_in_order(work: Iterable[Work], *, at_once: int) -> None:
    """Begin each piece of work as soon as those before it let it in.

    Work that must be alone waits until all before it is done, and all after it waits for it. An
    error ends the rest.
    """
    running: set[asyncio.Task[None]] = set()
    try:
        for piece in work:
            most = 0 if piece.alone else at_once - 1
            while len(running) > most:
                running = await _some_done(running)
            task = asyncio.ensure_future(_run(piece))
            running.add(task)
            if piece.alone:
                running = await _some_done(running)
        while running:
            running = await _some_done(running)
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)


async def _run(piece: Work) -> None:
    await piece.do()


async def _some_done(running: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    done, going_on = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    return going_on
