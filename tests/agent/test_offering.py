"""Tools reach the model with a deadline, in compact JSON, and without text that hides or acts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.offering import MAX_RESULT_CHARACTERS, run_tool, to_text, visible
from tools.contract import Result, Tool

CASES = json.loads(Path("tests/data/injections.json").read_text(encoding="utf-8"))["cases"]


def tool(result: Result) -> Tool:
    """A tool that always gives this result."""

    async def call(arguments: Mapping[str, Any]) -> Result:
        return result

    return Tool("read", "aurora", "Reads.", {"type": "object"}, call)


async def test_a_tool_that_takes_too_long_is_a_timeout_that_may_be_tried_again() -> None:
    """The turn goes on without it."""

    async def call(arguments: Mapping[str, Any]) -> Result:
        await asyncio.Event().wait()
        return {}

    slow = Tool("slow", "aurora", "Never ends.", {"type": "object"}, call)
    result = await run_tool(slow, {}, seconds=0.01)
    assert result["error"]["kind"] == "timeout"
    assert result["error"]["retryable"] is True


@pytest.mark.parametrize("arguments", [None, [], "x", 3])
async def test_arguments_that_are_no_object_are_invalid_input(arguments: object) -> None:
    """The tool is not run at all."""
    result = await run_tool(tool({"ran": True}), arguments, seconds=1)
    assert result["error"]["kind"] == "invalid_input"


@pytest.mark.parametrize(
    "argument",
    ["\ud800", ["fine", "\udfff"], {"\ud800": 1}, json.loads("[" * 300 + "]" * 300)],
    ids=["text", "list", "key", "deep"],
)
async def test_arguments_that_cannot_be_sent_are_invalid_input(argument: object) -> None:
    """A lone surrogate or deep nesting would break the transport to a server, and the turn."""
    result = await run_tool(tool({"ran": True}), {"review_id": argument}, seconds=1)
    assert result["error"]["kind"] == "invalid_input"


async def test_arguments_in_other_scripts_and_of_ordinary_depth_are_sent() -> None:
    """Emoji are pairs only in UTF-16; they are no broken text."""
    arguments = {"query": "顧客 👩\u200d💻", "of": [{"a": [1, None]}]}
    assert await run_tool(tool({"ran": True}), arguments, seconds=1) == {"ran": True}


async def test_invisible_and_control_characters_of_stored_text_do_not_reach_the_model() -> None:
    """Every hidden spelling of the injection set is plain afterwards."""
    stored = {"reviews": [{"comment": case["text"]} for case in CASES]}
    result = await run_tool(tool(stored), {}, seconds=1)
    text = json.dumps(result, ensure_ascii=False)
    for character in ("\u200b", "\u202e", "\x1b", "\x07", "\U000e0041"):
        assert character not in text
    assert len(result["reviews"]) == len(CASES)


def test_results_are_compact_json_with_their_own_script() -> None:
    """No indentation and no escapes: both cost tokens."""
    assert to_text({"name": "José", "n": [1, 2]}) == '{"name":"José","n":[1,2]}'


def test_a_result_too_large_for_a_model_is_refused_and_not_cut() -> None:
    """Half a JSON text would be read as whole data."""
    refused = json.loads(to_text({"rows": "x" * MAX_RESULT_CHARACTERS}))
    assert refused["error"]["kind"] == "refused"


def test_numbers_and_truth_values_pass_as_they_are() -> None:
    """Only texts are cleaned."""
    assert visible({"a": 1, "b": None, "c": [True, "x\u200by"]}) == {
        "a": 1,
        "b": None,
        "c": [True, "xy"],
    }
