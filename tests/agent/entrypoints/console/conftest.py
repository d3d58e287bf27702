"""Consoles on the real local stack, with the understudy or a script; an issuer for fake desks."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent import Settings, open_desk
from agent.desk import Desk
from deploy.local.bedrock.script import ScriptedReply, Step, say
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.http_system import HttpSystem
from deploy.local.stack import LocalStack
from deploy.local.tokens import ClientCredentials, TokenIssuer
from tests.agent.entrypoints.console.browsing import (
    Served,
    made_static,
    serving_console,
)
from tests.agent.entrypoints.console.console_desk import console_desk
from tests.agent.entrypoints.fake_desk import FakeDesk
from tests.agent.entrypoints.rep_issuer import signing_key


@pytest.fixture
async def served(local_stack: LocalStack, tmp_path: Path) -> AsyncIterator[Served]:
    """A console over a real desk on the local stack."""
    settings = Settings.from_environment(local_stack.environment)
    async with (
        open_desk(settings) as desk,
        serving_console(desk, settings.issuer_url or "", made_static(tmp_path / "static")) as at,
    ):
        yield at


@pytest.fixture
async def scripted_desk(
    local_stack: LocalStack, scripted_bedrock: ScriptedBedrock
) -> AsyncIterator[Desk]:
    """A real desk with a model that follows a script."""
    credentials = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    environment = {**local_stack.environment, **scripted_bedrock.environment()}
    environment |= {name: local_stack.environment[name] for name in credentials}
    async with open_desk(Settings.from_environment(environment)) as desk:
        yield desk


@pytest.fixture
async def stalled(
    local_stack: LocalStack, scripted_desk: Desk, scripted_bedrock: ScriptedBedrock, tmp_path: Path
) -> AsyncIterator[Served]:
    """A console whose model stops in mid-answer, and answers the question after that."""
    told = ScriptedReply([{"text": "Slow words of a long answer. " * 20}])
    stall = Step(fault="stall", reply=told, after=4, seconds=30)
    scripted_bedrock.script.replace([stall, say("Here. <outcome>answered</outcome>")])
    issuer, static = local_stack.environment["DESKHAND_ISSUER_URL"], made_static(tmp_path / "s")
    async with serving_console(scripted_desk, issuer, static) as at:
        yield at


@pytest.fixture
async def slow(
    local_stack: LocalStack, scripted_desk: Desk, scripted_bedrock: ScriptedBedrock, tmp_path: Path
) -> AsyncIterator[Served]:
    """A console whose model makes a pause in mid-answer."""
    told = ScriptedReply([{"text": "Slow words of a long answer. " * 20}])
    pause = Step(fault="stall", reply=told, after=8, seconds=2)
    scripted_bedrock.script.replace([pause, say("Here. <outcome>answered</outcome>")])
    issuer, static = local_stack.environment["DESKHAND_ISSUER_URL"], made_static(tmp_path / "s")
    async with serving_console(scripted_desk, issuer, static) as at:
        yield at


@pytest.fixture
def conversation() -> str:
    """A conversation that nobody has begun."""
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def reserved() -> Iterator[tuple[HttpSystem, TokenIssuer]]:
    """A token issuer with sample reps."""
    system, client = HttpSystem(), ClientCredentials("deskhand", "secret")
    yield system, TokenIssuer(system.url, client, key=signing_key())
    system.close()


@pytest.fixture
async def issuer(reserved: tuple[HttpSystem, TokenIssuer]) -> AsyncIterator[str]:
    """The issuer, while it answers."""
    system, tokens = reserved
    await system.start(tokens.app)
    yield system.url
    await system.stop()


@pytest.fixture
def desk() -> FakeDesk:
    """A fake desk whose conversations have owners."""
    return console_desk()
