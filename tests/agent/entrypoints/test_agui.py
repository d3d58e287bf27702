"""The mapping to AG-UI: which events, in which order, with which fields."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from typing import Any, cast

from ag_ui.core import PROTOCOL_VERSION, Event
from pydantic import TypeAdapter

from agent.entrypoints.agui import AguiRun, frame
from agent.turns import (
    Answered,
    Failed,
    Question,
    Rep,
    Reset,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)
from tests.agent.entrypoints.fake_desk import answer_of

QUESTION = Question(rep=Rep(rep_id="r"), conversation_id="conversation-1", text="Who?")
ASKED = ToolStarted(id="c1", system="aurora", tool="get_order", input={"order_id": 1})
CAME_BACK = ToolFinished(id="c1", ok=True, ms=12, rows=1, data={"found": True})
DONE = Answered(answer=answer_of(QUESTION, "Hello"))
AGUI_EVENT: TypeAdapter[Any] = TypeAdapter(cast("Any", Event))


def run_of(events: Iterable[TurnEvent]) -> list[dict[str, Any]]:
    """The whole run as it goes over the wire, with ids m1, m2 … and a clock that ticks."""
    ids, clock = itertools.count(1), itertools.count(1_700_000_000_000)
    run = AguiRun(
        "conversation-1",
        "run-1",
        now_ms=lambda: next(clock),
        new_id=lambda: f"m{next(ids)}",
    )
    mapped = [*run.started(), *(one for event in events for one in run.mapped(event))]
    return [
        json.loads(frame(event, number).partition("\ndata: ")[2])
        for number, event in enumerate(mapped, 1)
    ]


def types(events: Iterable[dict[str, Any]]) -> list[str]:
    """The kinds of the events."""
    return [event["type"] for event in events]


def test_a_turn_with_a_tool_and_text_is_a_run_in_the_order_clients_verify() -> None:
    """Text is closed before a tool call and before the end; every event has a time."""
    events = run_of([TextDelta(text="Let me look."), ASKED, CAME_BACK, TextDelta(text="Hi"), DONE])
    assert types(events) == [
        "RUN_STARTED",
        *("TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END"),
        *("TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT"),
        *("TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END"),
        "RUN_FINISHED",
    ]
    stamps = [event["timestamp"] for event in events]
    assert stamps == sorted(stamps)
    assert all(isinstance(stamp, int) for stamp in stamps)
    for event in events:
        AGUI_EVENT.validate_python(event)


def test_the_first_event_names_conversation_run_and_protocol() -> None:
    """The SDK does not set the protocol's version by itself."""
    started = run_of([])[0]
    assert started["threadId"] == "conversation-1"
    assert started["runId"] == "run-1"
    assert started["protocolVersion"] == PROTOCOL_VERSION


def test_a_tool_call_carries_its_system_its_input_and_its_result() -> None:
    """The input is one JSON text, the result a new tool message with JSON text."""
    events = run_of([TextDelta(text="So"), ASKED, CAME_BACK])
    started, arguments, _, result = events[-4:]
    assert (started["toolCallId"], started["toolCallName"]) == ("c1", "get_order")
    assert started["metadata"] == {"deskhand": {"system": "aurora"}}
    assert started["parentMessageId"] == "m1"
    assert json.loads(arguments["delta"]) == {"order_id": 1}
    assert json.loads(result["content"]) == {"found": True}
    assert result["messageId"] == "m2"
    assert result["metadata"] == {"deskhand": {"ok": True, "ms": 12, "rows": 1, "error": None}}


def test_a_failed_tool_call_says_which_kind_of_failure() -> None:
    """There is no data, so the content is the error."""
    failed = ToolFinished(id="c1", ok=False, ms=9, error="unavailable")
    result = run_of([ASKED, failed])[-1]
    assert json.loads(result["content"]) == {"error": {"kind": "unavailable"}}
    assert result["metadata"]["deskhand"]["ok"] is False


def test_a_reset_names_every_message_to_throw_away() -> None:
    """AG-UI has no event for it, so it is a custom one, after the open message is closed."""
    events = run_of([TextDelta(text="a"), ASKED, TextDelta(text="b"), Reset(), TextDelta(text="c")])
    custom = next(event for event in events if event["type"] == "CUSTOM")
    before = types(events)[: events.index(custom)]
    assert (custom["name"], custom["value"]) == ("deskhand.reset", ["m1", "m2"])
    assert before[-1] == "TEXT_MESSAGE_END"
    assert run_of([Reset(), Reset()])[-1]["value"] == []


def test_the_last_event_carries_the_answer_and_its_usage() -> None:
    """A client that only reads the end has everything."""
    finished = run_of([DONE])[-1]
    assert finished["outcome"] == {"type": "success"}
    assert finished["result"] == DONE.answer.model_dump(mode="json")
    assert finished["usage"] == [
        {
            "provider": "bedrock",
            "model": "local.understudy",
            "inputTokens": 900,
            "outputTokens": 80,
        }
    ]


def test_a_failure_is_the_last_event_and_nothing_follows_it() -> None:
    """An open message stays open: nothing may follow RUN_ERROR, and it ends the run."""
    failed = Failed(code="model_busy", message="Ask again.", retryable=True)
    events = run_of([TextDelta(text="So"), failed])
    assert types(events)[-1] == "RUN_ERROR"
    assert events[-1]["message"] == "Ask again."
    assert events[-1]["code"] == "model_busy"
    assert events[-1]["metadata"] == {"deskhand": {"retryable": True}}


def test_empty_text_is_no_event() -> None:
    """A message without content would be opened for nothing."""
    assert types(run_of([TextDelta(text="")])) == ["RUN_STARTED"]


def test_a_stopped_run_says_that_it_was_cancelled() -> None:
    """Without an outcome it would read as success."""
    run = AguiRun("conversation-1", "run-1", now_ms=lambda: 1, new_id=lambda: "m1")
    run.mapped(TextDelta(text="So"))
    closed, finished = run.cancelled()
    assert closed.type.value == "TEXT_MESSAGE_END"
    assert finished.model_dump(by_alias=True)["outcome"] == {"type": "cancelled"}


def test_text_of_a_tool_call_may_hold_anything() -> None:
    """Line separators and quotes stay inside their JSON text."""
    odd = ToolStarted(id="c1", system="aurora", tool="t", input={"q": '\u2028"\n</script>'})
    arguments = run_of([odd])[2]
    assert json.loads(arguments["delta"]) == {"q": '\u2028"\n</script>'}
