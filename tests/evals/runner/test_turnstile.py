"""Work begins in the order it is given, several at once, and some of it all alone."""

from __future__ import annotations

import asyncio

import pytest

from evals.runner.turnstile import Work, do_in_order


async def next_step() -> None:
    """Lets everybody else take a step."""
    turned: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turned.set_result, None)
    await turned


class Hall:
    """Notes who comes in, and how many are in at the same time."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.inside: set[str] = set()
        self.together: list[frozenset[str]] = []

    def visit(self, name: str, *, alone: bool = False) -> Work:
        """A visit of some steps of the event loop."""

        async def do() -> None:
            self.came.append(name)
            self.inside.add(name)
            for _ in range(3):
                self.together.append(frozenset(self.inside))
                await next_step()
            self.inside.remove(name)

        return Work(do, alone)


async def test_no_more_than_so_many_go_on_at_once() -> None:
    """And as many as may, do."""
    hall = Hall()
    await do_in_order([hall.visit(name) for name in "abcdef"], at_once=3)
    assert hall.came == list("abcdef")
    assert max(map(len, hall.together)) == 3


async def test_who_must_be_alone_is_alone_and_in_turn() -> None:
    """Those before are done, those after have not begun."""
    hall = Hall()
    work = [hall.visit(name, alone=name in "cx") for name in "abcxde"]
    await do_in_order(work, at_once=4)
    assert hall.came == list("abcxde")
    assert {inside for inside in hall.together if inside & set("cx")} == {
        frozenset("c"),
        frozenset("x"),
    }


async def test_an_error_ends_the_rest() -> None:
    """Nobody is left waiting, and what had begun is ended."""
    ended: list[str] = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("hanging")

    async def fail() -> None:
        raise ValueError("broken")

    hall = Hall()
    with pytest.raises(ValueError, match="broken"):
        await do_in_order([Work(hang), Work(fail), Work(hang, alone=True)], at_once=2)
    assert ended == ["hanging"]
    assert hall.came == []
