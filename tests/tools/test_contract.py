"""The contract of all tools: data, or one typed error."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from tools.contract import ERROR_KINDS, SYSTEMS, ErrorKind, Tool, ToolFailure, error


@pytest.mark.parametrize("kind", ERROR_KINDS)
def test_a_failure_becomes_an_error_result(kind: ErrorKind) -> None:
    """Kind, sentence and whether to try again; nothing else."""
    failure = ToolFailure(kind, "It does not answer.", retryable=True)
    assert failure.result() == {
        "error": {"kind": kind, "message": "It does not answer.", "retryable": True}
    }
    assert failure.result() == error(kind, "It does not answer.", retryable=True)


def test_a_failure_is_final_unless_it_says_otherwise() -> None:
    """A call is repeated only when that may help."""
    assert ToolFailure("refused", "No.").result()["error"]["retryable"] is False


def test_an_error_is_one_json_document() -> None:
    """It goes to the model as it is."""
    sent = error("timeout", "Zu spät – 遅い")
    assert json.loads(json.dumps(sent)) == sent


def test_the_systems_and_kinds_are_those_of_the_documents() -> None:
    """Others switch over these words."""
    assert SYSTEMS == ("aurora", "catalog", "warranty", "profile", "local")
    assert ERROR_KINDS == (
        "invalid_input",
        "refused",
        "unavailable",
        "timeout",
        "busy",
        "internal",
    )


def test_a_tool_cannot_be_changed() -> None:
    """All turns share it."""

    async def call(given: Any) -> dict[str, Any]:
        return {}

    tool = Tool("ask", "local", "Asks.", {"type": "object"}, call)
    with pytest.raises(dataclasses.FrozenInstanceError):
        tool.name = "other"  # type: ignore[misc]
