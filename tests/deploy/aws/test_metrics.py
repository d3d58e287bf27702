"""What alarms and dashboard show is what the desk really writes, or a metric of AWS's own."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest

from agent.telemetry import JsonLines
from deploy.local.bedrock.script import Step, say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import ANSWER, BOB, FIND, events_of, fake_tool, new_desk
from tests.deploy.aws.cloudformation import resources

FIELD = re.compile(r"\$\.(\w+)")
OURS = {"Ref": "Prefix"}


def filters() -> list[dict[str, Any]]:
    """What is counted of the log."""
    return [found["Properties"] for _, found in resources("AWS::Logs::MetricFilter")]


def made() -> set[str]:
    """The names of the metrics that come of the log."""
    return {change["MetricName"] for each in filters() for change in each["MetricTransformations"]}


def widgets() -> list[dict[str, Any]]:
    """The dashboard's parts."""
    body = dict(resources())["agent.Dashboard"]["Properties"]["DashboardBody"]
    found: list[dict[str, Any]] = json.loads(body["Fn::Sub"][0])["widgets"]
    return found


async def lines(caplog: pytest.LogCaptureFixture, *steps: Step) -> list[dict[str, Any]]:
    """What the desk logs of a turn, as CloudWatch gets it."""
    caplog.handler.setFormatter(JsonLines(traces=False))
    caplog.set_level(logging.INFO, "agent")
    async with scripted_bedrock(list(steps)) as bedrock:
        await events_of(new_desk(bedrock.url, fake_tool("find_customers", BOB)))
    return [json.loads(line) for line in caplog.text.splitlines() if line.startswith("{")]


async def test_every_field_that_a_filter_reads_is_in_a_real_turns_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A filter over a field that nobody writes counts nothing, and says nothing."""
    (turn,) = await lines(caplog, use(FIND), say(ANSWER))
    assert (turn["event"], turn["outcome"], turn["level"]) == ("turn", "answered", "INFO")
    assert set(FIELD.findall(json.dumps(filters()))) <= set(turn)
    values = [
        change["MetricValue"] for each in filters() for change in each["MetricTransformations"]
    ]
    read = {name for value in values for name in FIELD.findall(value)}
    assert {name: turn[name] for name in read if not isinstance(turn[name], int)} == {}


async def test_a_turn_that_fails_is_what_the_alarm_counts(caplog: pytest.LogCaptureFixture) -> None:
    """The code is in the line, for the one who looks."""
    *_, turn = await lines(caplog, Step("access_denied"))
    assert (turn["event"], turn["outcome"], turn["code"]) == ("turn", "failed", "model_refused")
    counted = dict(resources())["agent.FailedTurns"]["Properties"]["FilterPattern"]
    assert '$.event = "turn"' in counted
    assert '$.outcome = "failed"' in counted


def test_every_alarm_of_ours_is_on_a_metric_that_is_made() -> None:
    """The others are on AWS's own namespaces."""
    alarms = [found["Properties"] for _, found in resources("AWS::CloudWatch::Alarm")]
    own = [alarm["MetricName"] for alarm in alarms if alarm.get("Namespace") == OURS]
    foreign = {alarm["Namespace"] for alarm in alarms if alarm.get("Namespace", OURS) != OURS}
    assert sorted(own) == ["FailedTurns", "LoggedErrors", "TurnTime"]
    assert set(own) <= made()
    assert {name.partition("/")[0] for name in foreign} == {"AWS"}


def test_the_dashboard_shows_metrics_that_are_made() -> None:
    """Each of ours is shown somewhere, and no other."""
    text = json.dumps([part["properties"].get("metrics", []) for part in widgets()])
    shown = set(re.findall(r'\["\$\{Prefix\}", "(\w+)"', text))
    shown |= set(re.findall(r'MetricName=\\+"(\w+)', text))
    assert shown == made()


async def test_the_dashboards_queries_read_fields_that_are_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A column that is always empty helps nobody."""
    written = {
        name
        for steps in ([use(FIND), say(ANSWER)], [Step("access_denied")])
        for line in await lines(caplog, *steps)
        for name in line
    } | {"@timestamp", "error"}
    queries = [part["properties"]["query"] for part in widgets() if part["type"] == "log"]
    columns = {
        name.strip()
        for query in queries
        for name in re.search(r"fields ([^|]+)", query)[1].split(",")  # type: ignore[index]  # each query names its fields
    }
    assert columns - written == set()
    assert len(queries) == 2
