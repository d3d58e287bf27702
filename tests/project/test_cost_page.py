"""The page on cost: its amounts follow from its own tables, and its prefix from the product."""

from __future__ import annotations

import json
import re

from agent.prompting import load_system_prompt
from tests.agent.test_economy import tool_specs
from tests.project.sources import ROOT

PAGE = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
NAMED = {
    match[1]: float(match[2])
    for match in re.finditer(r"^\| .+ \| (\w+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
}
AMOUNTS = dict(
    re.findall(r"^\| (without caching|caching, \w+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
)


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
