"""Stacks really made, taken back and removed, by the emulator that the local stack runs.

It knows no Aurora, no AgentCore and not all of a network: what has those is left to the scripted
account.
"""

from __future__ import annotations

import pytest

from deploy.aws.failures import DeployError
from deploy.aws.stack_state import Found
from deploy.aws.stack_work import StackWork
from deploy.aws.target import Target
from deploy.local.dynamodb import DynamoServer, local_client
from tests.deploy.aws.cloudformation import stack_named

TARGET = Target("dev")


def applied(work: StackWork, name: str) -> Found | None:
    """The stack after it was brought to its template; None when there was nothing to do."""
    stack = stack_named(name)
    full = TARGET.stack_name(stack)
    parameters = TARGET.parameters(stack, {"parameters": {}})
    change = work.prepare(stack, full, work.settled(full), parameters, TARGET.tags)
    return work.execute(change) if change else None


@pytest.mark.stack
def test_the_tables_are_made_and_removed_over_http(dynamo_server: DynamoServer) -> None:
    """By the emulator that the local stack runs; its answer to a dropped change set is broken."""
    told: list[str] = []
    work = StackWork(local_client(dynamo_server.endpoint, "cloudformation"), told.append)
    assert work.find("deskhand-dev-data") is None
    found = applied(work, "data")
    assert found is not None
    assert found.status == "CREATE_COMPLETE"
    assert found.outputs["ReviewsTable"] == "deskhand-dev-reviews"
    assert "deskhand-dev-data: Reviews made" in told
    dynamodb = local_client(dynamo_server.endpoint)
    assert "deskhand-dev-conversations" in dynamodb.list_tables()["TableNames"]
    work.remove(found)
    assert work.find("deskhand-dev-data") is None
    assert "deskhand-dev-conversations" not in dynamodb.list_tables()["TableNames"]


@pytest.mark.stack
def test_what_cannot_be_made_is_really_taken_back_and_said(dynamo_server: DynamoServer) -> None:
    """The emulator lacks one type of the network; the first stack is whole, the second goes."""
    told: list[str] = []
    work = StackWork(local_client(dynamo_server.endpoint, "cloudformation"), told.append)
    foundation = applied(work, "foundation")
    assert foundation is not None
    assert foundation.outputs["PackagesBucket"].startswith("deskhand-dev-packages-")
    with pytest.raises(DeployError) as stopped:
        applied(work, "network")
    said = str(stopped.value)
    assert "The stack deskhand-dev-network could not be made (ROLLBACK_COMPLETE)." in said
    assert "DatabaseFromDesk (AWS::EC2::SecurityGroupIngress): Unsupported resource type" in said
    assert "This region, or this account, does not offer it" in said
    assert "deskhand-dev-network: Network removed" in told
    left = work.find("deskhand-dev-network")
    assert left is not None
    assert not left.exists
    for found in (left, foundation):
        work.remove(found)
        assert work.find(found.name) is None
