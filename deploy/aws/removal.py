"""Removes an environment, last stack first, and names what stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from botocore.exceptions import ClientError

from deploy.aws.account import Account
from deploy.aws.failures import DeployError, code_of, explained
from deploy.aws.stack_state import Found
from deploy.aws.stack_work import StackWork
from deploy.aws.target import Target
from deploy.aws.templates import STACKS

_TABLE, _CLUSTER, _POOL = (
    "AWS::DynamoDB::Table",
    "AWS::RDS::DBCluster",
    "AWS::Cognito::UserPool",
)

# Somebody has removed it by hand, and its stack does not know yet.
_GONE = frozenset({"DBClusterNotFoundFault", "ResourceNotFoundException"})


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to be removed.

    Attributes:
        stacks: that are there, in the order in which they go.
        stays: what is left in the account afterwards, and how to get rid of it.
    """

    stacks: tuple[str, ...]
    stays: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"ok": True, **asdict(self)}


def examine(account: Account, target: Target, work: StackWork) -> Removal:
    """What is there to be removed; nothing is changed.

    Raises:
        DeployError: something is protected against deletion, so that it would stop half way.
    """
    with explained(account.region):
        found = _existing(target, work)
        protected = [line for held in found for line in _protected(account, held.name)]
        if protected:
            raise DeployError(
                "stuck",
                "Nothing was removed. These are protected against deletion; switch that off first"
                " if their data may go for good:\n" + "\n".join(f"  {line}" for line in protected),
            )
    return Removal(tuple(held.name for held in found), tuple(_stays(target, found)))


def remove(account: Account, target: Target, work: StackWork) -> None:
    """Removes all stacks of an environment, or goes on with that.

    Raises:
        DeployError: it stops; the message says why and what to do.
    """
    with explained(account.region):
        for stack in reversed(STACKS):
            found = work.settled(target.stack_name(stack))
            if found is None:
                continue
            work.tell(f"{found.name}: removing")
            work.remove(found)
            work.tell(f"{found.name}: removed")


def _existing(target: Target, work: StackWork) -> list[Found]:
    looked = (work.find(target.stack_name(stack)) for stack in reversed(STACKS))
    return [found for found in looked if found is not None]


def _protected(account: Account, stack: str) -> Iterator[str]:
    """What of a stack refuses to be deleted, each with the command that makes it give way."""
    pages = account.client("cloudformation").get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=stack):
        for held in page["StackResourceSummaries"]:
            name = held.get("PhysicalResourceId")
            if name and not held["ResourceStatus"].startswith("DELETE"):
                try:
                    yield from _protection(account, held["ResourceType"], name)
                except ClientError as answer:
                    if code_of(answer) not in _GONE:
                        raise


def _protection(account: Account, kind: str, name: str) -> Iterator[str]:
    if kind == _TABLE:
        table = account.client("dynamodb").describe_table(TableName=name)["Table"]
        if table.get("DeletionProtectionEnabled"):
            yield (
                f"table {name}: aws dynamodb update-table --table-name {name}"
                " --no-deletion-protection-enabled"
            )
    elif kind == _CLUSTER:
        answer = account.client("rds").describe_db_clusters(DBClusterIdentifier=name)
        if answer["DBClusters"][0].get("DeletionProtection"):
            yield (
                f"Aurora {name}: aws rds modify-db-cluster --db-cluster-identifier {name}"
                " --no-deletion-protection"
            )
    elif kind == _POOL:
        pool = account.client("cognito-idp").describe_user_pool(UserPoolId=name)["UserPool"]
        if pool.get("DeletionProtection") == "ACTIVE":
            yield f"user pool {name}: switch it off in the Cognito console, under its settings"


def _stays(target: Target, found: list[Found]) -> Iterator[str]:
    by_name = {held.name: held for held in found}
    if f"{target.prefix}-database" in by_name:
        yield (
            "the last snapshot of Aurora, which its removal makes: aws rds"
            " describe-db-cluster-snapshots --snapshot-type manual"
        )
    foundation = by_name.get(f"{target.prefix}-foundation")
    if foundation is None:
        return
    if bucket := foundation.outputs.get("PackagesBucket"):
        yield (
            f"the bucket {bucket} with the packages; the next deployment takes it up again, or"
            " empty it with all versions and delete it"
        )
    if key := foundation.outputs.get("KeyArn"):
        yield (
            f"the key {key}, which the snapshot needs; when nothing does: aws kms"
            f" schedule-key-deletion --key-id {key}"
        )
