"""How an invocation ends before its answer: the client goes, does not read, or the server ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.types import Message

from agent.entrypoints.agui import AguiRun
from agent.entrypoints.callers import OneCaller
from agent.entrypoints.runtime import runtime_app
from agent.entrypoints.serving import GracefulServer
from agent.entrypoints.turn_response import TurnResponse
from agent.turns import Question, Rep, TextDelta, TurnEvent
from tests.agent.entrypoints.fake_desk import FakeDesk, never_ending
from tests.agent.entrypoints.served import EVENTS, SESSION, frames_of, serving
from tests.network import NO_CERTIFICATES


@pytest.mark.parametrize("headers", [SESSION, EVENTS], ids=["json", "events"])
async def test_a_client_that_goes_away_stops_its_turn(headers: dict[str, str]) -> None:
    """Within a second, also while the turn waits for the model."""
    desk = FakeDesk(never_ending)
    async with serving(desk) as client:
        request = asyncio.create_task(
            client.post("/invocations", json={"prompt": "Who?"}, headers=headers)
        )
        while not desk.asked:
            await asyncio.wait({request}, timeout=0.01)
        request.cancel()
        assert await asyncio.to_thread(desk.stopped.wait, 1)


async def test_a_client_that_goes_away_among_many_events_stops_its_turn() -> None:
    """A cancellation that meets an event in the same moment must not be lost."""

    async def chattering(question: Question) -> AsyncIterator[TurnEvent]:
        while True:
            yield TextDelta(text="on and on ")
            others_turn = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(others_turn.set_result, None)
            await others_turn

    desks = [FakeDesk(chattering) for _ in range(12)]
    for desk in desks:
        async with serving(desk) as client:
            body = {"prompt": "Talk."}
            async with client.stream("POST", "/invocations", json=body, headers=EVENTS) as answer:
                await anext(answer.aiter_text())
            assert await asyncio.to_thread(desk.stopped.wait, 1)


async def test_a_client_that_does_not_read_stops_its_turn() -> None:
    """Its connection may stay open for long; the conversation is not locked for as long."""

    async def chattering(question: Question) -> AsyncIterator[TurnEvent]:
        while True:
            yield TextDelta(text="on and on ")

    desk = FakeDesk(chattering)
    question = Question(rep=Rep(rep_id="r"), conversation_id="demo", text="Talk.")
    response = TurnResponse(desk.as_desk(), question, AguiRun("demo", "run"), 15, send_seconds=0.05)
    async with asyncio.timeout(5):
        await response({"type": "http"}, _never, _never)
    assert desk.stopped.is_set()


async def _never(*message: Message) -> Any:
    await asyncio.Event().wait()


@pytest.mark.parametrize("headers", [SESSION, EVENTS], ids=["json", "events"])
async def test_a_server_that_ends_tells_those_who_wait(
    headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A status and a code, or a last event: no empty 500, no stream that breaks off."""
    desk = FakeDesk(never_ending)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        runtime_app(desk.as_desk(), callers=OneCaller(Rep(rep_id="r"))),
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=0,
    )
    server = GracefulServer(config)
    serving_it = asyncio.create_task(server.serve(sockets=[listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/invocations"
    async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False, timeout=10) as client:
        asking = asyncio.create_task(client.post(url, json={"prompt": "Who?"}, headers=headers))
        while not desk.asked:
            await asyncio.wait({asking}, timeout=0.01)
        server.should_exit = True
        answer = await asking
    await serving_it
    assert desk.stopped.is_set()
    assert "Traceback" not in caplog.text
    if headers is SESSION:
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "desk_ends")
        return
    events = frames_of(answer.text)
    assert [event["type"] for event in events].count("RUN_ERROR") == 1
    assert (events[-1]["code"], events[-1]["metadata"]) == (
        "desk_ends",
        {"deskhand": {"retryable": True}},
    )
