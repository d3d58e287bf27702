"""A real turn is one trace from its beginning to the systems, and no text of it is in there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from uuid import uuid4

import httpx2
import pytest

from agent import (
    Answered,
    Desk,
    Question,
    Rep,
    Settings,
    ToolFinished,
    TurnEvent,
    open_desk,
)
from deploy.local.stack import LocalStack
from tests.traces import KeptTraces, attribute, id_of, parent_of, texts_in, trace_of

ASKED = (
    "Everything about CUST003 please, who phoned from 555-0103, then the reviews of Laptop Pro,"
    " and is serial LAPTOP001A1B2C still under warranty?"
)
FEW = {"true", "false", "aurora", "catalog", "warranty", "profile", "local"}


class Headers(httpx2.AsyncBaseTransport):
    """Sends requests on, and keeps the trace that each names."""

    def __init__(self, transport: httpx2.AsyncBaseTransport) -> None:
        self._transport = transport
        self.parents: list[str] = []
        self.bodies: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends one request."""
        self.parents.append(request.headers.get("traceparent", ""))
        self.bodies.append((await request.aread()).decode())
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Closes what is below."""
        await self._transport.aclose()


class Traced:
    """A desk whose traces and requests are kept."""

    def __init__(self) -> None:
        self.traces = KeptTraces()
        self.sent: list[Headers] = []
        self.desk: Desk

    def wrap(self, transport: httpx2.AsyncBaseTransport) -> httpx2.AsyncBaseTransport:
        """Listens to what is sent."""
        self.sent.append(Headers(transport))
        return self.sent[-1]

    async def turn(self, text: str = ASKED) -> Sequence[TurnEvent]:
        """One whole turn, within a limit."""
        asked = Question(rep=Rep(rep_id="rep"), conversation_id=uuid4().hex, text=text)
        async with asyncio.timeout(40), aclosing(self.desk.ask(asked)) as stream:
            return [event async for event in stream]


@pytest.fixture
async def traced(local_stack: LocalStack) -> AsyncIterator[Traced]:
    """A desk on the local stack, observed."""
    opened = Traced()
    settings = Settings.from_environment(local_stack.environment)
    async with open_desk(
        settings, observer=opened.traces.observer, wrap_transport=opened.wrap
    ) as desk:
        opened.desk = desk
        yield opened


async def test_a_turn_is_one_trace_down_to_sql_and_http(traced: Traced) -> None:
    """The turn holds model calls and tool calls, and these the statements and the requests."""
    last = (await traced.turn())[-1]
    assert isinstance(last, Answered), f"the turn ended with {last}"
    traces = traced.traces
    turn = traces.span("invoke_agent deskhand")
    assert {trace_of(span) for span in traces.spans} == {trace_of(turn)}
    assert parent_of(turn) is None
    chats, tools = traces.named("chat local.understudy"), traces.named("execute_tool ")
    assert len(chats) == last.answer.usage.model_calls
    assert len(tools) == len(last.answer.tool_calls)
    assert {parent_of(span) for span in [*chats, *tools]} == {id_of(turn)}
    by_id = {id_of(span): attribute(span, "deskhand.system") for span in tools}
    under = [(by_id[parent_of(span) or 0], "sql") for span in traces.named("SELECT")]
    under += [(by_id[parent_of(span) or 0], "http") for span in traces.named("POST")]
    assert {("local", "sql"), ("local", "http")} <= set(under)
    assert {"aurora", "catalog", "warranty"} & {system for system, _ in under}


async def test_each_request_to_a_server_names_the_trace(traced: Traced) -> None:
    """In the header that any server understands, and in the message itself, as MCP has it."""
    await traced.turn()
    requests = {
        f"00-{trace_of(span):032x}-{id_of(span):016x}" for span in traced.traces.named("POST")
    }
    (sent,) = traced.sent
    assert {parent[:-3] for parent in sent.parents} == requests
    trace_id = next(iter(requests)).split("-")[1]
    calls = [body for body in sent.bodies if '"tools/call"' in body]
    assert calls
    assert [body for body in calls if f"00-{trace_id}-" not in body] == []


async def test_nothing_that_was_asked_answered_or_looked_up_is_in_it(traced: Traced) -> None:
    """Neither in a name nor in an attribute, an event, a status or a metric."""
    events = await traced.turn()
    last = events[-1]
    assert isinstance(last, Answered), f"the turn ended with {last}"
    told = [event.data for event in events if isinstance(event, ToolFinished)]
    asked = [call.input for call in last.answer.tool_calls]
    words = set(re.findall(r"[\w.@$-]{5,}", f"{ASKED} {last.answer.answer}"))
    secrets = {text for text in texts_in([*told, *asked]) if len(text) > 4} | words
    # Names of systems, and what a trace says by itself.
    secrets -= FEW | {"calls", "customer", "order", "product", "reviews", "system", "under"}
    assert len(secrets) > 60
    spans = [json.loads(span.to_json()) for span in traced.traces.spans]
    assert [span["events"] for span in spans if span["events"]] == []
    # Ids and times are numbers that may hold any other.
    values = [
        f"{span['name']} {span['status']} "
        + " ".join(
            str(value)
            for name, value in span["attributes"].items()
            if name not in {"gen_ai.conversation.id", "deskhand.turn.id", "gen_ai.tool.call.id"}
        )
        for span in spans
    ]
    text = "\n".join([*values, json.dumps(traced.traces.points())])
    assert sorted(secret for secret in secrets if secret in text) == []


async def test_a_system_that_is_down_leaves_its_kind_of_error_and_no_text(
    traced: Traced, local_stack: LocalStack
) -> None:
    """Drivers quote addresses and values in what they raise."""
    local_stack.stop("aurora")
    await traced.turn("Who is CUST003?")
    traces = traced.traces
    broken = [span for span in traces.named("execute_tool ") if not span.status.is_ok]
    assert {attribute(span, "error.type") for span in broken} == {"unavailable"}
    assert {span.status.description for span in traces.spans} == {None}
    assert [span for span in traces.spans if span.events] == []
    assert "Error" not in traces.text().replace("ERROR", "")


async def test_the_metrics_count_the_turn_its_calls_and_its_tokens(traced: Traced) -> None:
    """Once each, with few attributes that have few values."""
    last = (await traced.turn())[-1]
    assert isinstance(last, Answered), f"the turn ended with {last}"
    points = traced.traces.points()
    assert points["deskhand.turns"] == [({"deskhand.outcome": last.answer.outcome}, 1)]
    assert points["deskhand.turn.first_text"] == [({}, 1)]
    ((_, calls),) = points["gen_ai.client.operation.duration"]
    assert calls == last.answer.usage.model_calls
    tokens = {labels["gen_ai.token.type"]: n for labels, n in points["gen_ai.client.token.usage"]}
    assert tokens == {"input": calls, "output": calls}
    counted = {labels["deskhand.system"]: n for labels, n in points["deskhand.tool_calls"]}
    assert sum(counted.values()) == len(last.answer.tool_calls)
    assert set(counted) == {call.system for call in last.answer.tool_calls}
