"""How mutants are held: broken desks are asked, broken answers are judged again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from agent import Settings
from evals.mutation import holding
from evals.mutation.stores import Writing
from evals.runner import Plan, one_stack
from evals.runner.stacks import Rows
from evals.scorers import SCORERS
from tests.evals.mutation.held import a_case, mutant
from tests.evals.mutation.test_tools import tool
from tests.evals.scripted_desk import ScriptedDesk, answered, called

REP = "Which orders has CUST001?"
CASE = a_case(
    REP, turns=[{"rep": REP, "outcome": "answered", "say": {"must": [{"date": "2024-02-11"}]}}]
)
RESULTS = {"list_orders": {"orders": [{"order_id": 3, "order_date": "2024-02-11"}]}}
ANSWER = answered("Order 3 of 2024-02-11.", called("list_orders", customer_id="CUST001"))


def plan_of(desk: ScriptedDesk) -> Plan:
    """A run with a scripted desk and all scorers."""
    return Plan(scorers=SCORERS, open_desk=desk.open)


async def test_what_was_held_is_judged_again_without_the_desk() -> None:
    """The changed answer fails, the desk is asked once, and the case is what it was."""
    desk = ScriptedDesk({REP: ANSWER}, RESULTS)
    hold = holding([CASE], one_stack(Settings()), plan_of(desk))
    baseline = await hold(None)
    changed = await hold(mutant("changed-date"))
    assert [report.cases[0].status for report in (baseline, changed)] == ["passed", "failed"]
    failed = {
        verdict.scorer
        for verdict in changed.cases[0].trials[0].verdicts
        if verdict.status == "failed"
    }
    assert {"facts", "grounded"} <= failed
    assert len(desk.asked) == 1


async def test_an_unchanged_answer_is_judged_the_same() -> None:
    """A mutant that finds nothing to change is noticed by nobody."""
    desk = ScriptedDesk({REP: ANSWER}, RESULTS)
    hold = holding([CASE], one_stack(Settings()), plan_of(desk))
    await hold(None)
    assert (await hold(mutant("invented-record"))).cases[0].status == "passed"


async def test_a_case_that_could_not_be_judged_stays_unjudged() -> None:
    """There is nothing of it that could be judged again."""
    hold = holding([CASE], one_stack(Settings()), plan_of(ScriptedDesk({})))
    await hold(None)
    assert (await hold(mutant("changed-date"))).cases[0].status == "error"


async def test_a_desk_that_does_nothing_is_asked_and_fails() -> None:
    """It has no calls and no facts."""
    desk = ScriptedDesk({REP: ANSWER}, RESULTS)
    hold = holding([CASE], one_stack(Settings()), plan_of(desk))
    await hold(None)
    assert (await hold(mutant("refuses-everything"))).cases[0].status == "failed"


async def test_what_is_written_on_a_read_goes_with_the_stack() -> None:
    """Each read writes one more row; all are there until the stack closes, and none afterwards."""
    rows: list[str] = []

    @asynccontextmanager
    async def overlay(added: Rows) -> AsyncIterator[None]:
        serials = [str(row["serial_number"]) for row in added["warranties"]]
        rows.extend(serials)
        yield
        for serial in serials:
            rows.remove(serial)

    writing = Writing()
    opened: Any = writing.stacks(one_stack(Settings(), overlay=overlay, private=True))
    async with opened("base"):
        reading, other = writing.tools([tool("profile___get_customer_profile"), tool("get_order")])
        for called_tool in (reading, reading, other):
            assert "asked" in await called_tool.call({})
        assert rows == ["MUTANT000001", "MUTANT000002"]
    assert rows == []


async def test_nothing_is_written_where_rows_cannot_be_taken_away() -> None:
    """A stack that is not ours is only read."""
    writing = Writing()
    opened: Any = writing.stacks(one_stack(Settings()))
    async with opened("base"):
        [reading] = writing.tools([tool("profile___get_customer_profile")])
        assert await reading.call({"customer_id": "CUST001"}) == {
            "tool": "profile___get_customer_profile",
            "asked": {"customer_id": "CUST001"},
        }
