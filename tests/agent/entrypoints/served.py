"""A runtime server over a fake desk, on a free port, for as long as a test needs it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from agent.desk import Desk
from agent.entrypoints.callers import OneCaller
from agent.entrypoints.questions import rep_at_terminal
from agent.entrypoints.runtime import runtime_app
from deploy.local.http_system import HttpSystem
from tests.agent.entrypoints.fake_desk import FakeDesk
from tests.network import NO_CERTIFICATES

SESSION = {"X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "demo"}
EVENTS = {**SESSION, "Accept": "text/event-stream"}


@asynccontextmanager
async def serving(desk: FakeDesk | Desk, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that runs in this test's loop."""
    options.setdefault("callers", OneCaller(rep_at_terminal("")))
    real = desk.as_desk() if isinstance(desk, FakeDesk) else desk
    system = HttpSystem()
    await system.start(lambda: runtime_app(real, **options))
    try:
        async with httpx.AsyncClient(
            verify=NO_CERTIFICATES, base_url=system.url, trust_env=False, timeout=10
        ) as client:
            yield client
    finally:
        await system.stop()
        system.close()


def frames_of(body: str) -> list[dict[str, Any]]:
    """The events of an event stream."""
    return [
        json.loads(line.removeprefix("data: "))
        for line in body.split("\n")
        if line.startswith("data: ")
    ]
