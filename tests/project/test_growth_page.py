"""The page on growth: its figures follow from its tables, and what it tells to set is there."""

from __future__ import annotations

import math
import re

from agent.settings import variable_names
from deploy.aws.templates import STACKS
from tests.deploy.aws.cloudformation import nodes, resources, template
from tests.project.sources import ROOT
from tests.project.test_cost_page import NAMED as COSTS

PAGE = (ROOT / "docs" / "growth.md").read_text(encoding="utf-8")
REP = {
    match[1]: float(match[2])
    for match in re.finditer(r"^\| [^|]+ \| ([A-Z]) \| ([\d.]+) \|", PAGE, re.MULTILINE)
}
LIMITS = {
    match[1]: (int(match[2]), int(match[3]), match[4])
    for match in re.finditer(r"^\| ([^|]+) \| (\d+) \| (\d+) \| (value [^|:]+)", PAGE, re.MULTILINE)
}
STEPS = re.findall(r"^\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|", PAGE, re.MULTILINE)


def parameter(name: str) -> float:
    """The default of a parameter of the stacks."""
    (found,) = {
        float(template(stack.name)["Parameters"][name]["Default"])
        for stack in STACKS
        if name in stack.parameters()
    }
    return found


def number(text: str) -> int:
    """A figure as it is written."""
    return int(text.replace(",", ""))


def test_what_one_rep_takes_is_what_the_other_places_say() -> None:
    """The template, the page on cost, and the formula of the table itself."""
    assert parameter("IdleSeconds") == REP["W"]
    assert COSTS["I"] + COSTS["O"] == REP["T"]
    assert round(REP["K"] * (REP["M"] + REP["W"] / 60) / 60, 2) == REP["S"]


def test_the_number_of_reps_follows_from_each_limit() -> None:
    """By the formula that stands beside it."""
    machines = REP["K"] * (REP["M"] + REP["W"] / 60) / 60
    assert len(LIMITS) == 7
    for name, (value, reps, formula) in LIMITS.items():
        known = REP | {"value": value, "S": machines}
        words = re.findall(r"[A-Za-z]+|[\d.]+|[*/()]", formula)
        worked_out = eval("".join(str(known.get(word, word)) for word in words))  # noqa: S307
        assert math.floor(worked_out + 1e-6) == reps, name


def test_the_limits_of_our_own_are_those_of_the_templates() -> None:
    """And the smallest of all is the one that the page calls the first."""
    (door,) = {
        node["ThrottlingRateLimit"]
        for _, stage in resources("AWS::ApiGateway::Stage")
        for node in nodes(stage)
        if isinstance(node, dict) and "ThrottlingRateLimit" in node
    }
    ours = {name: value for name, (value, _, _) in LIMITS.items() if "`" in name}
    assert sorted(ours.values()) == [door, parameter("ReaderConnections")]
    first = min(LIMITS, key=lambda name: LIMITS[name][1])
    assert "`ReaderConnections`" in first
    tokens = LIMITS[first][1] * REP["Q"] / 60 * REP["T"]
    assert f"{round(tokens, -3):,.0f} tokens a minute" in PAGE


def test_the_steps_follow_from_the_tables() -> None:
    """Rounded up: half a machine is one."""
    machines = REP["K"] * (REP["M"] + REP["W"] / 60) / 60
    assert len(STEPS) == 5
    for reps, at_once, connections, tokens in (map(number, step) for step in STEPS):
        assert at_once == math.ceil(reps * machines - 1e-6)
        assert connections == math.ceil(reps * machines * REP["C"] - 1e-6)
        assert tokens == reps * round(REP["Q"] / 60 * REP["T"])


def test_everything_to_be_set_is_there() -> None:
    """Parameters of the stacks, settings, alarms, indexes, files and properties."""
    parameters = {name for stack in STACKS for name in stack.parameters()}
    alarms = {
        alarm["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${Prefix}-")
        for _, alarm in resources("AWS::CloudWatch::Alarm")
    }
    indexes = {
        index["IndexName"]
        for _, table in resources("AWS::DynamoDB::Table")
        for index in table["Properties"].get("GlobalSecondaryIndexes", [])
    }
    files = {stack.file.name for stack in STACKS}
    others = {"dev", "prod", "global.", "ThrottlingRateLimit", "aurora", "warranty", "profile"}
    codes = {"unavailable", "model_busy", "./deskhand deploy --set NAME=VALUE"}
    known = parameters | set(variable_names().values()) | alarms | indexes | files | others | codes
    named = {word.partition("=")[0] for word in re.findall(r"`([^`]+)`", PAGE)}
    assert {name for name in named if name.partition(" ")[0] != "./deskhand"} - known == set()
    assert {"ReaderConnections", "IdleSeconds", "MaxCapacity", "MoreReaders", "ReadFrom"} <= named
