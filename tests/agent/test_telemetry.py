"""A log line is one JSON object, and holds no text that a driver made."""

from __future__ import annotations

import json
import logging

import pytest

from agent.telemetry import JsonLines


def line_of(message: object, *arguments: object) -> dict[str, str]:
    """What is logged for a message and its arguments."""
    record = logging.LogRecord("pool", logging.WARNING, "", 0, message, arguments, None)
    parsed: dict[str, str] = json.loads(JsonLines(traces=False).format(record))
    return parsed


def test_an_error_among_the_arguments_is_shown_by_its_type() -> None:
    """A driver quotes the address that it was given, with a part of the password."""
    failure = ConnectionError("failed to resolve host 'hunter2@db.example'")
    line = line_of("error connecting in %r: %s", "deskhand", failure)
    assert line["message"] == "error connecting in 'deskhand': ConnectionError"


@pytest.mark.parametrize(
    ("message", "arguments", "shown"),
    [("100 %", (), "100 %"), ("%d of %s", (1, "two"), "1 of two"), ("%(a)s", ({"a": 3},), "3")],
)
def test_other_arguments_are_shown_as_always(
    message: str, arguments: tuple[object, ...], shown: str
) -> None:
    """Numbers, texts and a mapping."""
    assert line_of(message, *arguments)["message"] == shown
