"""A local Bedrock inside the running event loop, whose script a test holds in its hands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from deploy.local.bedrock.script import Script, Step
from deploy.local.bedrock.wire import BedrockEndpoint, Responder
from deploy.local.http_system import HttpSystem


class ScriptedBedrock:
    """A running endpoint: where it is, what it will do, what it has been asked."""

    def __init__(self, url: str, script: Script) -> None:
        self.url = url
        self.script = script

    @property
    def requests(self) -> int:
        """How many good requests came."""
        return self.script.requests

    @property
    def bodies(self) -> list[Mapping[str, Any]]:
        """The bodies of the latest requests, oldest first."""
        return list(self.script.bodies)

    def environment(self) -> dict[str, str]:
        """The endpoint as settings of the desk read it."""
        return {
            "DESKHAND_MODEL_ID": "local.understudy",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": self.url,
            "AWS_REGION": "us-west-2",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
        }


@asynccontextmanager
async def scripted_bedrock(
    steps: Iterable[Step] = (), *, responder: Responder | None = None, pace: float = 0.0
) -> AsyncIterator[ScriptedBedrock]:
    """Serve the steps in order; a request after the last goes to the responder, if there is one."""
    endpoint = BedrockEndpoint(responder, pace=pace)
    endpoint.script.replace(steps)
    system = HttpSystem()
    await system.start(endpoint.app)
    try:
        yield ScriptedBedrock(system.url, endpoint.script)
    finally:
        await system.stop()
        system.close()
