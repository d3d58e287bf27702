"""Three questions for an empty console that have an answer in the data that is loaded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.desk import Desk

_KEPT_SECONDS, _KEPT_ILL_SECONDS = 600.0, 10.0
_WAIT_SECONDS = 1.0
_PENDING = "Which orders are still pending, and what do they come to?"
_VALUABLE = "Who are our most valuable customers?"
_OUT = "What are we out of?"


class Examples:
    """Finds questions by asking the tools what is there, now and then.

    Args:
        desk: whose tools are asked.
        wait_seconds: how long a page may wait for them; it must not hang as long as a system does.
        monotonic: a clock for what is kept.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        wait_seconds: float = _WAIT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._wait_seconds = wait_seconds
        self._monotonic = monotonic
        self._found: list[str] = [_VALUABLE, _OUT, _PENDING]
        self._good_until = 0.0
        self._finding: asyncio.Task[None] | None = None

    async def questions(self) -> list[str]:
        """Three questions; without the data that they need, plainer ones."""
        if self._finding is None and self._monotonic() >= self._good_until:
            self._finding = asyncio.create_task(self._find())
        if self._finding is not None:
            await asyncio.wait({self._finding}, timeout=self._wait_seconds)
        return self._found

    async def _find(self) -> None:
        kept = _KEPT_ILL_SECONDS
        try:
            pending, latest = await asyncio.gather(
                self._desk.call_tool("list_orders", {"status": "pending", "limit": 1}),
                self._desk.call_tool("list_orders", {"since": "1970-01-01", "limit": 1}),
            )
            questions: list[str] = []
            if orders := latest.get("orders"):
                asked = {"customer_id": orders[0]["customer_id"]}
                questions += _about(await self._desk.call_tool("get_customer_360", asked))
            if pending.get("total"):
                questions.append(_PENDING)
            self._found = [*questions, _VALUABLE, _OUT, _PENDING][:3]
            if "error" not in latest:
                kept = _KEPT_SECONDS
        finally:
            self._good_until = self._monotonic() + kept
            self._finding = None


def _about(found: Mapping[str, Any]) -> list[str]:
    customer = found.get("customer")
    if not customer:
        return []
    questions = [f"Who is {customer['customer_id']}, and which orders are there?"]
    warranties = (found.get("warranties") or {}).get("warranties") or []
    if warranties:
        questions.append(f"Is {warranties[0]['serial_number']} still under warranty?")
    return questions
