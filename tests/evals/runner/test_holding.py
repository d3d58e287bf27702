"""What is written down of a turn, whatever the order in which its calls end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from agent import Answered, Question, ToolFinished, ToolStarted, TurnEvent
from evals.cases import Case
from evals.runner.holding import hold
from tests.evals.scripted_desk import NamedTool, answered


class OverlappingDesk:
    """Begins two calls and ends the second one first."""

    model_id = "scripted"
    stack = "none"

    @property
    def tools(self) -> Sequence[NamedTool]:
        """None is looked at here."""
        return []

    async def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The same events for every question."""
        for tool in ("get_order", "list_orders"):
            yield ToolStarted(id=tool, system="aurora", tool=tool, input={})
        for tool in ("list_orders", "get_order"):
            yield ToolFinished(id=tool, ok=True, ms=1, data={"orders": []})
        yield Answered(answer=answered("Done."))


async def test_calls_are_written_down_in_the_order_in_which_they_were_begun() -> None:
    """A judge is asked with them, and a recording must find the same request again."""
    turn = {"rep": "orders?", "outcome": "answered", "say": {"must": ["Done"]}}
    case = Case.model_validate(
        {"id": "two-calls", "family": "orders", "now": "2026-11-22", "turns": [turn]}
    )
    held = await hold(case, 1, OverlappingDesk(), seconds=5)
    assert held.error == ""
    assert [call.tool for call in held.turns[0].calls] == ["get_order", "list_orders"]
