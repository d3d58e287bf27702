"""The network: nobody comes in, nothing gets out, and what is used is reached privately."""

from __future__ import annotations

import boto3
import pytest

from agent.trace_signing import session_for
from tests.deploy.aws.cloudformation import is_made, resources, written

NAMED = dict(resources())


def test_the_network_has_no_way_in_and_no_way_out() -> None:
    """No gateway to the internet, no route but its own, and nobody let in by address."""
    types = {resource["Type"] for _, resource in resources()}
    for way in ("InternetGateway", "NatGateway", "EIP", "Route", "VPCPeeringConnection"):
        assert f"AWS::EC2::{way}" not in types
    for place, resource in resources("AWS::EC2::Subnet"):
        assert resource["Properties"]["MapPublicIpOnLaunch"] is False, place
    ingress = [
        rule
        for _, group in resources("AWS::EC2::SecurityGroup")
        for rule in group["Properties"].get("SecurityGroupIngress", [])
    ]
    ingress += [rule["Properties"] for _, rule in resources("AWS::EC2::SecurityGroupIngress")]
    assert len(ingress) == 3
    assert all("SourceSecurityGroupId" in rule for rule in ingress)
    assert not any(key.startswith("Cidr") for rule in ingress for key in rule)


def test_the_network_has_the_endpoints_of_what_is_used_and_no_others() -> None:
    """Each of them is paid for by the hour."""
    services = {
        written(endpoint["Properties"]["ServiceName"], "network").removeprefix(
            "com.amazonaws.us-west-2."
        )
        for _, endpoint in resources("AWS::EC2::VPCEndpoint")
    }
    assert services == {
        "s3",  # AgentCore fetches packages through it
        "dynamodb",
        "bedrock-runtime",
        "bedrock-agentcore",
        "bedrock-agentcore.gateway",
        "secretsmanager",
        "logs",
        "execute-api",  # tokens, see identity.yaml
        "xray",
    }
    for place, endpoint in resources("AWS::EC2::VPCEndpoint"):
        assert endpoint["Properties"]["PolicyDocument"]["Statement"], place


@pytest.mark.parametrize(("traces", "sends"), [("none", False), ("xray", True)])
def test_traces_have_a_way_and_a_right_to_xray_where_they_are_wanted(
    traces: str, sends: bool
) -> None:
    """And the desk is told the address; elsewhere none of the three is there."""
    endpoint = NAMED["network.TracesEndpoint"]
    assert is_made(endpoint, "network", Traces=traces) is sends
    policies = written(NAMED["agent.Role"]["Properties"]["Policies"], "agent", Traces=traces)
    given = {statement["Sid"] for statement in policies[0]["PolicyDocument"]["Statement"]}
    assert ("SendTraces" in given) is sends
    told = NAMED["agent.Desk"]["Properties"]["EnvironmentVariables"]
    variables = written(told, "agent", Traces=traces)
    address = "https://xray.us-west-2.amazonaws.com/v1/traces"
    name = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    assert variables.get(name) == (address if sends else None)
    signed = session_for(address, boto3.Session()).auth is not None
    assert signed
