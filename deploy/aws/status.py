"""How an environment is: its stacks, its addresses, and whether what runs there is well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from deploy.aws.account import Account
from deploy.aws.deploy import addresses
from deploy.aws.failures import DeployError, explained
from deploy.aws.stack_state import CHANGEABLE, Found
from deploy.aws.stack_work import StackWork
from deploy.aws.target import Target
from deploy.aws.templates import STACKS

_RUNTIME, _GATEWAY, _CLUSTER = (
    "AWS::BedrockAgentCore::Runtime",
    "AWS::BedrockAgentCore::Gateway",
    "AWS::RDS::DBCluster",
)
_CONTROL = "bedrock-agentcore-control"

Look = Callable[[str], tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the deployment and how it is."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Status:
    """An environment as it is.

    Attributes:
        stacks: each stack, also one that is not there.
        health: what runs in them, as AWS sees it; whether the desk answers is doctor's question.
        addresses: by name.
    """

    environment: str
    region: str
    account: str
    stacks: tuple[Part, ...]
    health: tuple[Part, ...]
    addresses: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether all is there and well."""
        return all(part.ok for part in (*self.stacks, *self.health))

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"ok": self.ok, **asdict(self)}


def status(account: Account, target: Target, work: StackWork) -> Status:
    """Looks, and changes nothing.

    Raises:
        DeployError: CloudFormation does not answer, or does not allow it.
    """
    with explained(account.region):
        found = {stack.name: work.find(target.stack_name(stack)) for stack in STACKS}
        health = tuple(_health(account, target, [held for held in found.values() if held]))
    return Status(
        environment=target.environment,
        region=account.region,
        account=account.number,
        stacks=tuple(_stack_part(target.stack_name(stack), found[stack.name]) for stack in STACKS),
        health=health,
        addresses=addresses({name: held.outputs for name, held in found.items() if held}),
    )


def _stack_part(name: str, found: Found | None) -> Part:
    if found is None:
        return Part(name, False, "not there")
    return Part(name, found.status in CHANGEABLE, found.status)


def _health(account: Account, target: Target, found: list[Found]) -> Iterator[Part]:
    for held in found:
        pages = account.client("cloudformation").get_paginator("list_stack_resources")
        for page in pages.paginate(StackName=held.name):
            for resource in page["StackResourceSummaries"]:
                if look := _looks(account).get(resource["ResourceType"]):
                    name = f"{held.name}.{resource['LogicalResourceId']}"
                    yield _asked(account, name, look, resource.get("PhysicalResourceId") or "")
    if found:
        yield _asked(account, "alarms", partial(_alarms, account), target.prefix)


def _looks(account: Account) -> dict[str, Look]:
    """For a type of resource, what asks AWS how one is."""

    def runtime(name: str) -> tuple[bool, str]:
        told = account.client(_CONTROL).get_agent_runtime(agentRuntimeId=name)
        return told["status"] == "READY", f"{told['status']}, version {told['agentRuntimeVersion']}"

    def gateway(name: str) -> tuple[bool, str]:
        told = account.client(_CONTROL).get_gateway(gatewayIdentifier=name)
        return told["status"] == "READY", told["status"]

    def cluster(name: str) -> tuple[bool, str]:
        answer = account.client("rds").describe_db_clusters(DBClusterIdentifier=name)
        state = answer["DBClusters"][0]["Status"]
        return state == "available", state

    return {_RUNTIME: runtime, _GATEWAY: gateway, _CLUSTER: cluster}


def _alarms(account: Account, prefix: str) -> tuple[bool, str]:
    answer = account.client("cloudwatch").describe_alarms(
        AlarmNamePrefix=f"{prefix}-", StateValue="ALARM"
    )
    ringing = [alarm["AlarmName"] for alarm in answer.get("MetricAlarms", [])]
    return not ringing, f"ringing: {', '.join(ringing)}" if ringing else "none rings"


def _asked(account: Account, name: str, look: Look, of: str) -> Part:
    """The answer; one that AWS refuses is a finding and no end of the whole."""
    try:
        with explained(account.region):
            ok, detail = look(of)
    except DeployError as failure:
        return Part(name, False, str(failure))
    return Part(name, ok, detail)
