"""What we send and build is what AWS's own service models describe."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import httpx2
import pytest
from botocore.awsrequest import AWSResponse

from agent.entrypoints.deployed_desk import LEAST_CONVERSATION_ID, DeployedDesk
from agent.entrypoints.invocation import MOST_BODY_BYTES, SESSION_HEADER
from agent.entrypoints.questions import conversation_problem, new_conversation_id
from agent.entrypoints.rep_tokens import GivenToken
from agent.turns import Question, Rep
from tests.deploy.aws.cloudformation import resources, written
from tests.service_model import faults, service

ARN = "arn:aws:bedrock-agentcore:us-west-2:111122223333:runtime/deskhand_dev_desk-a1B2c3"
INVOKE = service("bedrock-agentcore").operation_model("InvokeAgentRuntime")
# Type of a template to the operation that makes such a thing.
MADE_BY = {
    "AWS::BedrockAgentCore::Gateway": "CreateGateway",
    "AWS::BedrockAgentCore::GatewayTarget": "CreateGatewayTarget",
    "AWS::BedrockAgentCore::OAuth2CredentialProvider": "CreateOauth2CredentialProvider",
    "AWS::BedrockAgentCore::Runtime": "CreateAgentRuntime",
}
OURS = [pytest.param(place, resource, id=place) for place, resource in resources(*MADE_BY)]


def as_botocore_sends_it(conversation: str) -> Any:
    """The request of AWS's own library for one question."""
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    client = boto3.client("bedrock-agentcore", region_name="us-west-2", **keys)
    sent = []

    def take(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, {}, _Nothing())

    client.meta.events.register("before-send.*", take)
    client.invoke_agent_runtime(
        agentRuntimeArn=ARN,
        qualifier="DEFAULT",
        runtimeSessionId=conversation,
        contentType="application/json",
        accept="text/event-stream",
        payload=b'{"prompt":"Who?"}',
    )
    return sent[0]


class _Nothing:
    """An empty answer."""

    def stream(self, **_: Any) -> list[bytes]:
        return []

    def read(self, *_: Any) -> bytes:
        return b""


async def test_a_deployed_desk_is_asked_as_aws_s_own_library_would() -> None:
    """Path, query, headers and body; a token stands where the signature was."""
    conversation = new_conversation_id()
    theirs = as_botocore_sends_it(conversation)
    sent = []

    async def take(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(500)

    host = "https://bedrock-agentcore.us-west-2.amazonaws.com"
    url = f"{host}/runtimes/{quote(ARN, safe='')}/invocations?qualifier=DEFAULT"
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(take)) as http:
        desk = DeployedDesk(http, endpoint=url, tokens=GivenToken("t"), seconds=5)
        asked = Question(rep=Rep(rep_id="sam"), conversation_id=conversation, text="Who?")
        assert [event async for event in desk.ask(asked)]
    [ours] = sent
    assert (ours.method, str(ours.url)) == (theirs.method, theirs.url)
    assert ours.content == theirs.body
    for name in ("Content-Type", "Accept", SESSION_HEADER):
        value = theirs.headers[name]
        told = value.decode() if isinstance(value, bytes) else value
        assert ours.headers[name] == told, name


def test_the_limits_of_an_invocation_are_within_agentcore_s() -> None:
    """Its session header, its length, and how much it takes."""
    members = INVOKE.input_shape.members
    session = members["runtimeSessionId"]
    assert session.serialization["name"] == SESSION_HEADER
    assert session.metadata["min"] == LEAST_CONVERSATION_ID
    assert conversation_problem("x" * session.metadata["max"]) is None
    assert conversation_problem("x" * (session.metadata["max"] + 1))
    assert members["payload"].metadata["max"] >= MOST_BODY_BYTES
    assert urlsplit(INVOKE.http["requestUri"]).path.endswith("/invocations")
    assert not list(faults(new_conversation_id(), session))


@pytest.mark.parametrize(("place", "resource"), OURS)
def test_a_resource_of_agentcore_is_one_that_its_interface_takes(
    place: str, resource: dict[str, Any]
) -> None:
    """Names, patterns, lengths and which of several; cfn-lint does not see all of that."""
    operation = service("bedrock-agentcore-control").operation_model(MADE_BY[resource["Type"]])
    given = written(resource["Properties"], place.partition(".")[0])
    if "ProtocolConfiguration" in given and isinstance(given["ProtocolConfiguration"], str):
        given["ProtocolConfiguration"] = {"serverProtocol": given["ProtocolConfiguration"]}
    assert list(faults(given, operation.input_shape)) == []


def test_what_the_interface_does_not_take_is_noticed() -> None:
    """A hyphen in a runtime's name, two artifacts, an enum in a schema."""
    control = service("bedrock-agentcore-control")
    shape = control.operation_model("CreateAgentRuntime").input_shape
    good = written(dict(resources())["agent.Desk"]["Properties"], "agent")
    good["ProtocolConfiguration"] = {"serverProtocol": "HTTP"}
    both = {**good["AgentRuntimeArtifact"], "ContainerConfiguration": {"ContainerUri": "x"}}
    wrong = {**good, "AgentRuntimeName": "a-b", "AgentRuntimeArtifact": both, "Nothing": 1}
    found = " ".join(faults(wrong, shape))
    assert "agentRuntimeName: 'a-b' is not like" in found
    assert "agentRuntimeArtifact holds 2 of what it may hold one of" in found
    assert ".Nothing is unknown" in found
    schema = {"Type": "string", "Enum": ["a"]}
    assert list(faults(schema, control.shape_for("SchemaDefinition"))) == [".Enum is unknown"]
