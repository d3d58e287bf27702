"""A runtime server over a fake desk, on a free port, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn

from agent.desk import Desk
from agent.entrypoints.callers import OneCaller
from agent.entrypoints.questions import rep_at_terminal
from agent.entrypoints.runtime import runtime_app
from tests.agent.entrypoints.fake_desk import FakeDesk

SESSION = {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "demo"}
EVENTS = {**SESSION, "Accept": "text/event-stream"}


@asynccontextmanager
async def serving(desk: FakeDesk | Desk, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that runs in this test's loop."""
    listener = socket.create_server(("127.0.0.1", 0))
    options.setdefault("callers", OneCaller(rep_at_terminal("")))
    real = desk.as_desk() if isinstance(desk, FakeDesk) else desk
    config = uvicorn.Config(
        runtime_app(real, **options),
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as client:
            yield client
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 5)
        listener.close()


def frames_of(body: str) -> list[dict[str, Any]]:
    """The events of an event stream."""
    return [
        json.loads(line.removeprefix("data: "))
        for line in body.split("\n")
        if line.startswith("data: ")
    ]
