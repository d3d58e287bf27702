"""The page on cost: amounts follow from its tables, counts from product and templates."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from agent.prompting import load_system_prompt
from tests.agent.test_economy import tool_specs
from tests.deploy.aws.cloudformation import is_made, nodes, resources, written
from tests.project.sources import ROOT

PAGE = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
NAMED = {
    match[1]: float(match[2])
    for match in re.finditer(r"^\| .+ \| (\w+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
}
AMOUNTS = dict(
    re.findall(r"^\| (without caching|caching, \w+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
)


PARTS = {
    match[1]: (float(match[2]), {"dev": int(match[3]), "prod": int(match[4])})
    for match in re.finditer(
        r"^\| [^|]+ \| (\w+) \| ([\d.]+) \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE
    )
}
MONTHLY = ("client", "key", "secret", "alarm")
HOURS = 730


def thousand_questions() -> dict[str, float]:
    """The formula, over the page's own numbers."""
    calls, tokens, same = NAMED["C"], NAMED["I"], NAMED["S"]
    said = NAMED["O"] * NAMED["Po"]
    other = (tokens - calls * same) * NAMED["Pw"] + said
    return {
        "without caching": (tokens * NAMED["Pi"] + said) / 1000,
        "caching, busy": (calls * same * NAMED["Pr"] + other) / 1000,
        "caching, quiet": (same * NAMED["Pw"] + (calls - 1) * same * NAMED["Pr"] + other) / 1000,
    }


def test_the_amounts_follow_from_the_tables() -> None:
    """Who changes a price or a count changes the result, too."""
    assert {name: f"{amount:.2f}" for name, amount in thousand_questions().items()} == AMOUNTS
    assert len(NAMED) == 8


def test_the_prefix_is_about_as_long_as_the_page_says() -> None:
    """Tools and system prompt by the understudy's measure: four characters a token."""
    tools = [{"toolSpec": spec} for spec in tool_specs()]
    request = {"system": [{"text": load_system_prompt().text}], "toolConfig": {"tools": tools}}
    tokens = len(json.dumps(request)) / 4
    assert abs(tokens - NAMED["S"]) < NAMED["S"] / 10


def made(kind: str, environment: str) -> list[tuple[str, dict[str, Any]]]:
    """Stack and properties of each resource of a type that an environment really gets."""
    return [
        (stack, written(resource["Properties"], stack, environment=environment))
        for place, resource in resources(kind)
        for stack in [place.partition(".")[0]]
        if is_made(resource, stack, environment=environment)
    ]


def counted(environment: str) -> dict[str, float]:
    """How many of each are paid for by the hour or the month."""
    endpoints = [held for _, held in made("AWS::EC2::VPCEndpoint", environment)]
    (cluster,) = [held for _, held in made("AWS::RDS::DBCluster", environment)]
    clients = [held for _, held in made("AWS::Cognito::UserPoolClient", environment)]
    alarms = [held for _, held in made("AWS::CloudWatch::Alarm", environment)]
    instances = made("AWS::RDS::DBInstance", environment)
    return {
        "endpoint": sum(
            len(held["SubnetIds"]) for held in endpoints if held["VpcEndpointType"] == "Interface"
        ),
        "acu": len(instances) * cluster["ServerlessV2ScalingConfiguration"]["MinCapacity"],
        "client": sum("client_credentials" in held["AllowedOAuthFlows"] for held in clients),
        "key": len(made("AWS::KMS::Key", environment)),
        "secret": len(made("AWS::SecretsManager::Secret", environment))
        + cluster["ManageMasterUserPassword"],
        "alarm": sum(
            sum(isinstance(node, dict) and "MetricStat" in node for node in nodes(held)) or 1
            for held in alarms
        ),
    }


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_what_is_paid_for_by_the_hour_is_what_the_templates_make(environment: str) -> None:
    """An endpoint more, a zone more, a larger Aurora: the page has to say it."""
    assert {name: counts[environment] for name, (_, counts) in PARTS.items()} == counted(
        environment
    )


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_sum_of_an_hour_follows_from_the_parts(environment: str) -> None:
    """And the README gives the same."""
    hour = sum(
        price * counts[environment] / (HOURS if name in MONTHLY else 1)
        for name, (price, counts) in PARTS.items()
    )
    row = f"| `{environment}` | {hour:.3f} | {hour * HOURS:.2f} |"
    assert row in PAGE
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{hour:.2f} dollars an hour in `{environment}`" in readme
