"""The page on operations names what the desk really emits, and the alarms that really are."""

from __future__ import annotations

import re

from agent.observing import TurnWatch
from deploy.local.bedrock.script import say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import ANSWER, BOB, FIND, events_of, fake_tool, new_desk
from tests.deploy.aws.cloudformation import resources
from tests.project.sources import ROOT
from tests.traces import KeptTraces

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> set[str]:
    """What stands in the first column of the table under a heading cell."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table is not None
    cells = [row.split("|")[1] for row in table[1].splitlines()]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


async def test_every_metric_is_on_the_page_and_the_reverse() -> None:
    """With all the attributes that a turn without trouble gives it."""
    traces = KeptTraces()
    async with scripted_bedrock([use(FIND), say(ANSWER)]) as bedrock:
        tool = fake_tool("find_customers", BOB)
        await events_of(new_desk(bedrock.url, tool, observer=traces.observer))
    points = traces.points()
    assert set(points) == first_cells("metric")
    rows = {
        name: row for row in PAGE.splitlines() for name in points if row.startswith(f"| `{name}`")
    }
    unnamed = {
        (name, label)
        for name, values in points.items()
        for labels, _ in values
        for label in labels
        if f"`{label}`" not in rows[name]
    }
    assert unnamed == set()


async def test_every_field_of_a_turns_line_is_on_the_page() -> None:
    """And no other."""
    assert set(TurnWatch().fields()) == first_cells("field")


def test_every_alarm_is_on_the_page() -> None:
    """Whoever is woken reads there what to look at."""
    named = {
        alarm["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${Prefix}-")
        for _, alarm in resources("AWS::CloudWatch::Alarm")
    }
    assert named == first_cells("alarm")
