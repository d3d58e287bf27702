"""Removing an environment, and looking at one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from deploy.aws.failures import DeployError
from deploy.aws.removal import Removal, examine, remove
from deploy.aws.status import Status, status
from tests.deploy.aws.cloudformation import REGION
from tests.deploy.aws.deployment import Deployment, stack_names
from tests.deploy.aws.scripted_stack import Failure, RefusedError

TABLES = 6


def client_of(service: str) -> Any:
    """A client that reaches nothing."""
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    return boto3.client(service, region_name=REGION, **keys)


@contextmanager
def stubbed(deployment: Deployment, answers: dict[str, list[tuple[str, Any]]]) -> Iterator[None]:
    """Services that answer once each what the service's own model allows them to.

    Args:
        deployment: that asks them.
        answers: service to operation and answer; a text is the code of an error.
    """
    with ExitStack() as stack:
        stubs = []
        for service, told in answers.items():
            client = deployment.others[service] = client_of(service)
            stub = stack.enter_context(Stubber(client))
            for operation, answer in told:
                if isinstance(answer, str):
                    stub.add_client_error(operation, answer, http_status_code=403)
                else:
                    stub.add_response(operation, answer)
            stubs.append(stub)
        yield
        for stub in stubs:
            stub.assert_no_pending_responses()


def unprotected(deployment: Deployment) -> Any:
    """What is asked before a removal, when nothing is protected."""
    return stubbed(deployment, protection(on=False))


def protection(*, on: bool) -> dict[str, list[tuple[str, Any]]]:
    """The answers of what may be protected."""
    table = {"Table": {"DeletionProtectionEnabled": on}}
    return {
        "dynamodb": [("describe_table", table)] * TABLES,
        "rds": [("describe_db_clusters", {"DBClusters": [{"DeletionProtection": on}]})],
        "cognito-idp": [
            (
                "describe_user_pool",
                {"UserPool": {"DeletionProtection": "ACTIVE" if on else "INACTIVE"}},
            )
        ],
    }


def examined(deployment: Deployment) -> Removal:
    """What a removal would do."""
    return examine(deployment.account(), deployment.target(), deployment.work())


def test_what_somebody_removed_by_hand_keeps_nothing_from_being_removed(
    deployed: Deployment,
) -> None:
    """Its stack lists it still, and goes without a complaint."""
    gone = {
        "dynamodb": [("describe_table", "ResourceNotFoundException")] * TABLES,
        "rds": [("describe_db_clusters", "DBClusterNotFoundFault")],
        "cognito-idp": [("describe_user_pool", "ResourceNotFoundException")],
    }
    with stubbed(deployed, gone):
        assert examined(deployed).stacks == tuple(stack_names())[::-1]


def test_all_goes_in_the_opposite_order_and_what_stays_is_named(deployed: Deployment) -> None:
    """The snapshot, the bucket, the key, each with how to get rid of it."""
    with unprotected(deployed):
        removal = examined(deployed)
    assert deployed.aws.stacks.done("DeleteStack") == []
    remove(deployed.account(), deployed.target(), deployed.work())
    assert removal.stacks == tuple(stack_names())[::-1]
    assert [stack.name for stack in deployed.aws.stacks.removed] == list(removal.stacks)
    assert deployed.aws.stacks.stacks == {}
    stays = "\n".join(removal.stays)
    for word in ("snapshot of Aurora", "foundation.PackagesBucket", "foundation.KeyArn"):
        assert word in stays
    assert "deskhand-dev-agent: removed" in deployed.told


def test_where_nothing_is_there_is_nothing_to_remove(deployment: Deployment) -> None:
    """And nothing stays."""
    assert examined(deployment) == Removal((), ())
    remove(deployment.account(), deployment.target(), deployment.work())
    assert deployment.aws.stacks.done("DeleteStack") == []


def test_what_is_protected_stops_a_removal_before_it_begins(deployment: Deployment) -> None:
    """Else the desk would be gone and its data still there."""
    deployment.environment = "prod"
    deployment.run()
    with (
        stubbed(deployment, protection(on=True)),
        pytest.raises(DeployError) as stopped,
    ):
        examined(deployment)
    said = str(stopped.value)
    assert stopped.value.code == "stuck"
    assert said.startswith("Nothing was removed.")
    assert said.count("--no-deletion-protection-enabled") == TABLES
    assert (
        "aws rds modify-db-cluster --db-cluster-identifier deskhand-prod-database.Cluster" in said
    )
    assert "user pool deskhand-prod-identity.Reps" in said
    assert deployment.aws.stacks.done("DeleteStack") == []


def test_a_removal_that_stops_half_way_goes_on_when_it_is_asked_again(
    deployed: Deployment,
) -> None:
    """AWS holds the network for a while after what was in it is gone."""
    deployed.aws.stacks.failures["deskhand-dev-network"] = Failure(
        "FirstSubnet", "The subnet has dependencies: DependencyViolation"
    )
    with pytest.raises(DeployError) as stopped:
        remove(deployed.account(), deployed.target(), deployed.work())
    assert "The stack deskhand-dev-network could not be removed (DELETE_FAILED)." in str(
        stopped.value
    )
    assert "gives the network interfaces of functions and runtimes back late" in str(stopped.value)
    assert list(deployed.aws.stacks.stacks) == ["deskhand-dev-foundation", "deskhand-dev-network"]
    remove(deployed.account(), deployed.target(), deployed.work())
    assert deployed.aws.stacks.stacks == {}


def test_a_stack_that_nobody_may_remove_says_how_it_is_held(deployed: Deployment) -> None:
    """Termination protection is switched on by hand only."""
    said = "Stack [x] cannot be deleted while TerminationProtection is enabled"
    deployed.aws.refused["DeleteStack"] = RefusedError("ValidationError", said)
    with pytest.raises(DeployError, match="has termination protection") as stopped:
        remove(deployed.account(), deployed.target(), deployed.work())
    assert "--stack-name deskhand-dev-agent" in str(stopped.value)


def healthy(*, runtime: Any, alarms: list[str]) -> dict[str, list[tuple[str, Any]]]:
    """What the services say of what runs."""
    names = {
        "agentRuntimeArn": "arn:aws:bedrock-agentcore:us-west-2:111122223333:runtime/x",
        "agentRuntimeId": "deskhand_dev_desk-0123456789",
        "agentRuntimeName": "deskhand_dev_desk",
        "agentRuntimeVersion": "3",
        "createdAt": "2026-11-22",
        "lastUpdatedAt": "2026-11-22",
        "lifecycleConfiguration": {},
        "networkConfiguration": {"networkMode": "VPC"},
        "roleArn": "arn:aws:iam::111122223333:role/x",
    }
    gateway = {
        "authorizerType": "CUSTOM_JWT",
        "createdAt": "2026-11-22",
        "gatewayArn": "arn:aws:bedrock-agentcore:us-west-2:111122223333:gateway/x-0123456789",
        "gatewayId": "x-0123456789",
        "name": "x",
        "protocolType": "MCP",
        "status": "READY",
        "updatedAt": "2026-11-22",
    }
    ready = {**names, "status": "READY"}
    return {
        "bedrock-agentcore-control": [
            ("get_gateway", gateway),
            ("get_agent_runtime", ready),
            ("get_agent_runtime", runtime if isinstance(runtime, str) else {**names, **runtime}),
        ],
        "rds": [("describe_db_clusters", {"DBClusters": [{"Status": "available"}]})],
        "cloudwatch": [
            ("describe_alarms", {"MetricAlarms": [{"AlarmName": name} for name in alarms]})
        ],
    }


def looked_at(deployment: Deployment, *, runtime: Any = None, alarms: Any = ()) -> Status:
    """The status with such answers."""
    answers = healthy(runtime=runtime or {"status": "READY"}, alarms=list(alarms))
    with stubbed(deployment, answers):
        return status(deployment.account(), deployment.target(), deployment.work())


def test_a_status_shows_stacks_health_and_addresses(deployed: Deployment) -> None:
    """All well: eight stacks, what runs in them, the endpoint."""
    found = looked_at(deployed)
    assert found.ok
    assert [part.detail for part in found.stacks] == ["CREATE_COMPLETE"] * 8
    assert {part.name: part.detail for part in found.health} == {
        "deskhand-dev-database.Cluster": "available",
        "deskhand-dev-tools.Gateway": "READY",
        "deskhand-dev-tools.Catalog": "READY, version 3",
        "deskhand-dev-agent.Desk": "READY, version 3",
        "alarms": "none rings",
    }
    assert found.addresses["endpoint"] == "deskhand-dev-agent.InvocationUrl"
    assert found.to_dict()["ok"] is True


@pytest.mark.parametrize(
    ("runtime", "alarms", "name", "detail"),
    [
        ({"status": "UPDATE_FAILED"}, [], "deskhand-dev-agent.Desk", "UPDATE_FAILED, version 3"),
        ("AccessDeniedException", [], "deskhand-dev-agent.Desk", "may not do GetAgentRuntime"),
        (None, ["deskhand-dev-turns-fail"], "alarms", "ringing: deskhand-dev-turns-fail"),
    ],
)
def test_what_is_not_well_is_named(
    runtime: Any, alarms: list[str], name: str, detail: str, deployed: Deployment
) -> None:
    """One that AWS does not let us look at is a finding too, and the rest is still told."""
    found = looked_at(deployed, runtime=runtime, alarms=alarms)
    (bad,) = [part for part in (*found.stacks, *found.health) if not part.ok]
    assert not found.ok
    assert bad.name == name
    assert detail in bad.detail


def test_a_status_of_nothing_says_that_nothing_is_there(deployment: Deployment) -> None:
    """Without asking any other service."""
    found = status(deployment.account(), deployment.target(), deployment.work())
    assert not found.ok
    assert {part.detail for part in found.stacks} == {"not there"}
    assert (found.health, found.addresses) == ((), {})
