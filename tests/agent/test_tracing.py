"""What breaks in a turn is in its trace by kind, never by text; the framework says nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from strands.telemetry.tracer import get_tracer

from agent.entrypoints.callers import OneCaller
from agent.entrypoints.observed_requests import REQUEST_HEADER, ObservedRequests
from agent.entrypoints.runtime import runtime_app
from agent.observing import Observer
from agent.telemetry import JsonLines
from agent.tracing import keep_framework_silent
from agent.turns import Rep
from deploy.local.bedrock.script import Step, say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.entrypoints.served import SESSION
from tests.agent.fakes import ANSWER, BOB, FIND, events_of, fake_tool, new_desk, question
from tests.traces import KeptTraces, attribute, id_of, parent_of, trace_of
from tools.contract import Result, ToolFailure

CANARY = "hunter2@db.example"
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_a_tool_that_crashes_leaves_its_kind_of_error_and_no_text() -> None:
    """A driver's exception quotes the address that it was given."""

    async def crash(arguments: Mapping[str, Any]) -> Result:
        raise RuntimeError(CANARY)

    traces = KeptTraces()
    async with scripted_bedrock([use(FIND), say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", crash), observer=traces.observer)
        await events_of(desk)
    assert attribute(traces.span("execute_tool"), "error.type") == "RuntimeError"
    assert CANARY not in traces.text()
    assert [span for span in traces.spans if span.events or span.status.description] == []


async def test_a_model_that_fails_is_tried_again_and_each_try_is_a_span() -> None:
    """The turn then ends well, and says so."""
    traces = KeptTraces()
    async with scripted_bedrock([Step("throttle"), say(ANSWER)]) as bedrock:
        await events_of(new_desk(bedrock.url, observer=traces.observer))
    tries = traces.named("chat ")
    assert [span.status.is_ok for span in tries] == [False, True]
    assert attribute(tries[0], "error.type") == "ModelThrottledException"
    assert attribute(tries[1], "gen_ai.response.finish_reasons") == ("end_turn",)
    assert attribute(traces.span("invoke_agent"), "deskhand.outcome") == "answered"


async def test_a_turn_that_fails_names_its_code() -> None:
    """In the span and in the count of turns."""
    traces = KeptTraces()
    async with scripted_bedrock([Step("access_denied")]) as bedrock:
        await events_of(new_desk(bedrock.url, observer=traces.observer))
    assert attribute(traces.span("invoke_agent"), "error.type") == "model_refused"
    told = {"deskhand.outcome": "failed", "error.type": "model_refused"}
    assert traces.points()["deskhand.turns"] == [(told, 1)]


async def test_a_turn_that_nobody_waits_for_ends_its_spans() -> None:
    """The asker went away; the trace is whole nevertheless."""
    traces = KeptTraces()
    async with scripted_bedrock([use(FIND), say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", BOB), observer=traces.observer)
        turn = desk.ask(question())
        await anext(turn)
        await turn.aclose()
    assert attribute(traces.span("invoke_agent"), "deskhand.outcome") == "left"
    assert {trace_of(span) for span in traces.spans} == {trace_of(traces.span("invoke_agent"))}


async def test_the_frameworks_own_spans_stay_inside() -> None:
    """They hold prompts, arguments and results; here a process is instrumented from outside."""
    outside = KeptTraces()

    async def ask() -> None:
        async with scripted_bedrock([use(FIND), say(ANSWER)]) as bedrock:
            await events_of(new_desk(bedrock.url, fake_tool("find_customers", BOB)))

    get_tracer().tracer = outside.provider.get_tracer("strands")
    try:
        await ask()
        assert "Who is CUST003?" in outside.text()
        said = len(outside.spans)
    finally:
        keep_framework_silent()
    await ask()
    assert len(outside.spans) == said


async def test_an_invocation_goes_on_with_its_callers_trace() -> None:
    """The request's span is the caller's child, and the turn's parent."""
    traces = KeptTraces()
    async with scripted_bedrock([say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url, observer=traces.observer)
        app = runtime_app(desk, callers=OneCaller(Rep(rep_id="rep")))
        transport = httpx.ASGITransport(ObservedRequests(app, desk.observer))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            headers = {**SESSION, "traceparent": CALLER}
            answer = await client.post("/invocations", json={"prompt": "Hi?"}, headers=headers)
    assert answer.status_code == 200
    request = traces.span("POST /invocations")
    assert parent_of(request) == int(CALLER.split("-")[2], 16)
    assert parent_of(traces.span("invoke_agent")) == id_of(request)
    assert {f"{trace_of(span):032x}" for span in traces.spans} == {CALLER.split("-")[1]}
    assert attribute(request, "http.response.status_code") == 200


@pytest.mark.parametrize(("given", "taken"), [("req-7", True), ("Bob's phone is 555", False)])
async def test_each_line_of_the_log_names_request_conversation_turn_and_trace(
    given: str, taken: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """A request's id is the platform's when it is one; nothing of the question is in any line."""
    caplog.handler.setFormatter(JsonLines(traces=False))
    caplog.set_level(logging.INFO, "agent")
    traces = KeptTraces()

    async def down(arguments: Mapping[str, Any]) -> Result:
        raise ToolFailure("unavailable", CANARY)

    async with scripted_bedrock([use(FIND), say(ANSWER)]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("find_customers", down), observer=traces.observer)
        app = runtime_app(desk, callers=OneCaller(Rep(rep_id="rep")))
        transport = httpx.ASGITransport(ObservedRequests(app, desk.observer))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            headers = {**SESSION, REQUEST_HEADER: given}
            await client.post("/invocations", json={"prompt": "Who is CUST003?"}, headers=headers)
    lines = [line for line in caplog.text.splitlines() if '"agent.' in line]
    assert len(lines) == 2
    assert [line for line in lines if '"conversation_id": "demo"' not in line] == []
    assert [line for line in lines if '"turn_id"' not in line or '"trace_id"' not in line] == []
    assert [('"request_id": "req-7"' in line) for line in lines] == [taken, taken]
    for text in ("CUST003", "Bob", CANARY):
        assert text not in "".join(lines)


def test_without_a_collector_nothing_stands_between_the_desk_and_its_systems() -> None:
    """Traces that nobody reads cost nothing: no wrapper around requests, no object a call."""
    transport: Any = object()
    assert Observer().transport(transport) is transport
