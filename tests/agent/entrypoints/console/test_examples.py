"""The questions that an empty console offers, while the systems that know of some do not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from agent.entrypoints.console.examples import Examples
from agent.turns import Rep
from tests.agent.entrypoints.fake_desk import FakeDesk
from tools.contract import Result, error

ORDERS: Result = {"orders": [{"customer_id": "CUST003"}], "total": 1}
BOB: Result = {"customer": {"customer_id": "CUST003"}}
PLAIN = "Who are our most valuable customers?"


class SlowDesk(FakeDesk):
    """Its tools answer when they are let."""

    def __init__(self, results: Mapping[str, Result]) -> None:
        super().__init__(results=results)
        self.let = asyncio.Event()

    async def call_tool(
        self, name: str, arguments: Mapping[str, Any], *, rep: Rep | None = None
    ) -> Result:
        """The result that was laid down, in its time."""
        await self.let.wait()
        return await super().call_tool(name, arguments, rep=rep)


async def test_a_page_does_not_wait_for_examples_as_long_as_a_system_hangs() -> None:
    """It gets plain ones; those that are found later are there for the next page."""
    desk = SlowDesk({"list_orders": ORDERS, "get_customer_360": BOB})
    examples = Examples(desk.as_desk(), wait_seconds=0.02)
    async with asyncio.timeout(5):
        hanging = await asyncio.gather(*(examples.questions() for _ in range(3)))
        desk.let.set()
        while (found := await examples.questions()) == hanging[0]:
            pass
    assert [questions[0] for questions in hanging] == [PLAIN] * 3
    assert "CUST003" in found[0]
    assert [name for name, _ in desk.called] == ["list_orders", "list_orders", "get_customer_360"]


async def test_examples_are_looked_for_again_soon_after_a_system_was_down() -> None:
    """What was found while it was down is not kept as long as what is in the data."""
    now = 100.0
    desk = FakeDesk(results={"list_orders": error("unavailable", "No answer.")})
    examples = Examples(desk.as_desk(), monotonic=lambda: now)
    assert (await examples.questions())[0] == PLAIN
    desk.results = {"list_orders": ORDERS, "get_customer_360": BOB}
    assert (await examples.questions())[0] == PLAIN
    now += 11
    assert "CUST003" in (await examples.questions())[0]
    desk.results = {}
    now += 11
    assert "CUST003" in (await examples.questions())[0]
