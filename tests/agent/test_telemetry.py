"""A log line is one JSON object, and holds no text that a driver made."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from agent.log_ids import note_ids
from agent.telemetry import QUIET, JsonLines, TextLines, configure_logging
from deploy.local.bedrock.script import Step, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import BOB, FIND, events_of, fake_tool, new_desk


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


def broken_record(**more: object) -> logging.LogRecord:
    """A record of an error whose text nobody may read."""
    try:
        raise ConnectionError("hunter2@db.example")
    except ConnectionError:
        raised = sys.exc_info()
    record = logging.LogRecord("agent.desk", logging.ERROR, "", 0, "it broke", (), raised)
    record.__dict__.update(more)
    return record


def test_a_line_for_people_is_no_json_and_holds_no_text_of_an_error() -> None:
    """The kind of error is there; the trace, which quotes it, on DEBUG only."""
    line = TextLines(traces=False).format(broken_record())
    assert line.split(" ", 1)[1] == "ERROR agent.desk: it broke (ConnectionError)"
    assert "hunter2" in TextLines(traces=True).format(broken_record())


def test_fields_and_ids_stand_beside_the_message() -> None:
    """A field that nobody knows is left out, so that a filter over it counts nothing."""

    def line() -> dict[str, object]:
        note_ids(conversation_id="c1")
        note_ids(turn_id="t1")
        record = broken_record(fields={"ms": 3, "code": None})
        parsed: dict[str, object] = json.loads(JsonLines(traces=False).format(record))
        return parsed

    found = copy_context().run(line)
    assert (found["conversation_id"], found["turn_id"], found["ms"]) == ("c1", "t1", 3)
    assert "code" not in found
    assert "hunter2" not in json.dumps(found)


@pytest.fixture
def log() -> Iterator[None]:
    """The log's set-up is what it was when the test is over."""
    names = ["", *QUIET, "strands.event_loop.streaming"]
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


async def test_a_call_that_cannot_be_read_is_logged_without_its_text(
    log: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The framework would quote what the model wrote of a customer."""
    configure_logging("INFO")
    cut = Step(fault="max_tokens", reply=use(FIND).reply, after=1)
    async with scripted_bedrock([cut]) as bedrock:
        await events_of(new_desk(bedrock.url, fake_tool("find_customers", BOB)))
    said = capsys.readouterr().err
    assert "MaxTokensReachedException" in said
    assert "customer_id" not in said
