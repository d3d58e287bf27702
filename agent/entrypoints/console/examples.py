"""Three questions for an empty console that have an answer in the data that is loaded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.desk import Desk

_KEPT_SECONDS = 600.0
_PENDING = "Which orders are still pending, and what do they come to?"
_VALUABLE = "Who are our most valuable customers?"
_OUT = "What are we out of?"


class Examples:
    """Finds questions by asking the tools what is there, now and then.

    Args:
        desk: whose tools are asked.
        monotonic: a clock for what is kept.
    """

    def __init__(self, desk: Desk, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._monotonic = monotonic
        self._found: list[str] = []
        self._good_until = 0.0
        self._finding = asyncio.Lock()

    async def questions(self) -> list[str]:
        """Three questions; without the data that they need, plainer ones."""
        async with self._finding:
            if self._monotonic() >= self._good_until:
                self._found = await self._find()
                self._good_until = self._monotonic() + _KEPT_SECONDS
            return self._found

    async def _find(self) -> list[str]:
        pending, latest = await asyncio.gather(
            self._desk.call_tool("list_orders", {"status": "pending", "limit": 1}),
            self._desk.call_tool("list_orders", {"since": "1970-01-01", "limit": 1}),
        )
        questions: list[str] = []
        if orders := latest.get("orders"):
            customer_id = orders[0]["customer_id"]
            asked = {"customer_id": customer_id}
            questions += _about(await self._desk.call_tool("get_customer_360", asked))
        if pending.get("total"):
            questions.append(_PENDING)
        return [*questions, _VALUABLE, _OUT, _PENDING][:3]


def _about(found: Mapping[str, Any]) -> list[str]:
    customer = found.get("customer")
    if not customer:
        return []
    questions = [f"Who is {customer['customer_id']}, and which orders are there?"]
    warranties = (found.get("warranties") or {}).get("warranties") or []
    if warranties:
        questions.append(f"Is {warranties[0]['serial_number']} still under warranty?")
    return questions
