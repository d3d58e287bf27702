"""The verified rep reaches the handlers, each his own, and nothing else of a request does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest

from agent.acting import REP_HEADER, ROLE_HEADER, acting_for, name_rep
from agent.remote import RemoteServer
from agent.turns import Question, Rep, Role
from deploy.local.bedrock.script import say, use
from deploy.local.bedrock.scripted import scripted_bedrock
from deploy.local.gateway import PROPAGATED_HEADERS, Gateway, Target
from deploy.local.http_system import HttpSystem
from tests.agent.fakes import ANSWER, events_of, fake_tool, new_desk
from tests.deploy.aws.cloudformation import resources
from tests.network import NO_CERTIFICATES
from tools.contract import Result
from tools.gateway import handling

ROLES: tuple[Role, ...] = ("rep", "lead", "admin")
LOOK = ("profile___look", {"customer_id": "CUST003"})


def tell(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A handler that says what it was given beside its arguments."""
    custom = context.client_context.custom
    return {"told": dict(custom.get("bedrockAgentCorePropagatedHeaders", {}))}


@pytest.fixture
async def profile() -> AsyncIterator[RemoteServer]:
    """A gateway with that handler, as the desk calls it."""
    schema = {"type": "object", "properties": {}}
    tool = {"name": "look", "description": "Looks.", "inputSchema": schema}
    system = HttpSystem()
    await system.start(Gateway((Target("profile", [tool], tell),)).app)
    forged = {REP_HEADER: "boss", ROLE_HEADER: "admin"}
    async with httpx2.AsyncClient(
        verify=NO_CERTIFICATES, headers=forged, event_hooks={"request": [name_rep]}
    ) as http:
        yield RemoteServer("The profiles", f"{system.url}/mcp", http)
    await system.stop()
    system.close()


async def test_reps_at_the_same_time_are_told_apart(profile: RemoteServer) -> None:
    """Each call carries the rep for whom it is made, over the connections that all share."""

    async def look(number: int) -> tuple[dict[str, str], Result]:
        rep = Rep(rep_id=f"rep-{number}", role=ROLES[number % 3])
        with acting_for(rep):
            answered = await profile.call("profile___look", {})
        return {REP_HEADER: rep.rep_id, ROLE_HEADER: rep.role}, answered

    for expected, answered in await asyncio.gather(*(look(number) for number in range(9))):
        assert answered == {"told": expected}


async def test_without_a_rep_nothing_is_said_of_one(profile: RemoteServer) -> None:
    """As when an operator calls a tool; what a client was set up with does not count either."""
    assert await profile.call("profile___look", {}) == {"told": {}}
    with acting_for(Rep(rep_id="sam")):
        pass
    assert await profile.call("profile___look", {}) == {"told": {}}


async def test_an_id_that_is_no_header_is_written_as_one(profile: RemoteServer) -> None:
    """Letters of any script arrive, and no line is begun."""
    with acting_for(Rep(rep_id="José: a\r\nb%", role="lead")):
        answered = await profile.call("profile___look", {})
    told = answered["told"]
    assert told == {REP_HEADER: "Jos%C3%A9:%20a%0D%0Ab%25", ROLE_HEADER: "lead"}


async def test_a_turn_s_tools_work_for_the_rep_who_asked(profile: RemoteServer) -> None:
    """From the question's rep through the framework's tasks to the handler."""
    heard = []

    async def look(arguments: Mapping[str, Any]) -> Result:
        answered = await profile.call("profile___look", {})
        heard.append(answered["told"])
        return answered

    tool = fake_tool("profile___look", look, "profile")
    reps = [Rep(rep_id="sam", role="lead"), Rep(rep_id="kim")]
    async with scripted_bedrock([use(LOOK), say(ANSWER)] * 2) as bedrock:
        desk = new_desk(bedrock.url, tool)
        for rep in reps:
            asked = Question(rep=rep, conversation_id=f"of-{rep.rep_id}", text="Who?")
            assert (await events_of(desk, asked))[-1].type == "answered"
    assert heard == [{REP_HEADER: rep.rep_id, ROLE_HEADER: rep.role} for rep in reps]


async def test_a_tool_that_is_called_outside_a_turn_works_for_whom_it_is_called(
    profile: RemoteServer,
) -> None:
    """A rep's panel beside the answers; without a rep it is the desk itself."""

    async def look(arguments: Mapping[str, Any]) -> Result:
        return await profile.call("profile___look", {})

    async with scripted_bedrock([]) as bedrock:
        desk = new_desk(bedrock.url, fake_tool("profile___look", look, "profile"))
        sams = await desk.call_tool("look", {}, rep=Rep(rep_id="sam", role="lead"))
        nobodys = await desk.call_tool("look", {})
    assert sams == {"told": {REP_HEADER: "sam", ROLE_HEADER: "lead"}}
    assert nobodys == {"told": {}}


def test_the_handlers_are_told_for_whom_and_not_which_day_it_is() -> None:
    """By the names that the desk writes and the handlers and the local gateway read."""
    names = {REP_HEADER, ROLE_HEADER}
    for _, target in resources("AWS::BedrockAgentCore::GatewayTarget"):
        passed = target["Properties"]["MetadataConfiguration"]
        assert passed == {"AllowedRequestHeaders": sorted(names)}
    assert {handling.REP_HEADER, handling.ROLE_HEADER} == names
    assert PROPAGATED_HEADERS == names | {handling.TODAY_HEADER}
