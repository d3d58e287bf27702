"""The rights of whoever deploys: all that the stacks' types need, and nothing that nobody uses."""

from __future__ import annotations

import ast
import fnmatch
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from botocore import xform_name

from deploy.aws.templates import FOLDER
from tests.deploy.aws.cloudformation import REGION, resources
from tests.service_model import service

# What CloudFormation's own schemas name for features that no template uses.
UNUSED = re.compile(
    "|".join(
        [
            r"(?:bedrock-mantle|cloudfront|elasticfilesystem|firehose|kinesis|s3files|s3tables):",
            r"(?:vpc-lattice|vpce):",
            r"apigateway:UpdateRestApiPolicy",  # asked for where a policy is set by its own call
            r"bedrock-agentcore:(?:\w+AgentRuntimeEndpoint\w*|PassCapacityProvider|Synchronize\w+)",
            r"cloudwatch:ListDashboards",
            r"cognito-idp:(?:AddCustomAttributes|ListUserPoolClientSecrets)",
            r"dynamodb:\w*(?:Import|Kinesis|Replica|ResourcePolicy|ContributorInsights)\w*",
            r"dynamodb:(?:BatchWriteItem|DeleteItem|GetItem|PutItem|Query|Scan|UpdateItem)",
            r"ec2:\w*(?:SubnetCidrBlock|EncryptionControl|VpcTenancy)\w*",
            r"ec2:(?:DescribeInstances|DescribeInternetGateways|CreateNetworkInterface)",
            r"iam:(?:Attach|Detach)RolePolicy|iam:\w+PermissionsBoundary",
            r"kms:(?:GetPublicKey|Sign|ReEncrypt\w+|ListGrants|DisableKey|DisableKeyRotation)",
            r"lambda:(?:\w*CodeSigning\w*|\w*Concurrency|\w*ScalingConfig|\w*Recursion\w*)",
            r"lambda:(?:AssociateRuntimeAlias|GetLayerVersion|PassCapacityProvider|Publish\w+)",
            r"lambda:PutRuntimeManagementConfig",
            r"logs:\w*(?:DataProtection|IndexPolic|BearerToken|DeletionProtection)\w*",
            r"logs:(?:CreateLogDelivery|CreateLogStream|PutLogEvents|\w+ResourcePolicy)",
            r"rds:\w*(?:Restore|HttpEndpoint|RoleTo|RoleFrom|GlobalCluster|Replica|AutomatedBack)\w*",
            r"rds:(?:CreateDBSnapshot|RebootDBInstance)",
            r"s3:\w*(?:Abac|Accelerate|Acl|Analytics|CORS|Cors|IntelligentTiering|Inventory)\w*",
            r"s3:\w*(?:Logging|Metadata|Metrics|Notification|ObjectLock|Replication|Website)\w*",
            r"s3:(?:DeleteBucket|DeleteObject|GetObjectVersion|REST.PUT.OBJECT)",
            r"secretsmanager:(?:\w+Replication|ReplicateSecretToRegions|PutSecretValue)",
            r"secretsmanager:GetRandomPassword",
            r"sns:\w+DataProtectionPolicy",
        ]
    )
)


MOST_CHARACTERS = 6144  # of a managed policy, blanks not counted
SERVICES = {
    "bedrock-agentcore-control": "bedrock-agentcore",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "cognito-idp": "cognito-idp",
    "dynamodb": "dynamodb",
    "lambda": "lambda",
    "rds": "rds",
    "s3": "s3",
    "sts": "sts",
    "xray": "xray",
}
# IAM's names of what the interface calls otherwise.
OTHERWISE = {"lambda:Invoke": "lambda:InvokeFunction", "s3:HeadObject": "s3:GetObject"}
# What follows from the calls: the key of the bucket, its listing (else a missing object would be a
# refusal), tags of stacks, and the first rep, whom the operator adds by hand.
BESIDE = {
    "cloudformation:TagResource",
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminCreateUser",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "s3:ListBucket",
}


@cache
def needed() -> frozenset[str]:
    """What the types of the stacks need of whoever makes, changes and removes them."""
    # A second of imports, that other tests need not wait for.
    from cfnlint.schema import manager  # type: ignore[import-untyped]  # it ships no types

    types = {resource["Type"] for _, resource in resources()}
    named = {
        action
        for kind in types
        for handler in manager.PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind)
        .schema["handlers"]
        .values()
        for action in handler.get("permissions", [])
    }
    return frozenset(action for action in named if not UNUSED.match(action))


def policy(name: str) -> dict[str, Any]:
    """A policy document."""
    held: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return held


def allowed(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each action that a policy allows, maybe with a star, and its statement."""
    for statement in policy(name)["Statement"]:
        assert statement["Effect"] == "Allow"
        actions = statement["Action"]
        for action in actions if isinstance(actions, list) else [actions]:
            yield action, statement


@cache
def called() -> frozenset[str]:
    """What the programs of this folder ask AWS for by their own hands."""
    operations: dict[str, set[str]] = {}
    for name_of_service, prefix in SERVICES.items():
        for operation in service(name_of_service).operation_names:
            name = f"{prefix}:{operation}"
            operations.setdefault(xform_name(operation), set()).add(OTHERWISE.get(name, name))
    found: set[str] = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            word = node.attr if isinstance(node, ast.Attribute) else ""
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                word = node.value  # the name of a paginator
            found |= operations.get(word, set())
    return frozenset(found)


def matches(action: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns allows the action."""
    return any(fnmatch.fnmatchcase(action, pattern) for pattern in patterns)


def test_all_that_the_stacks_need_is_allowed() -> None:
    """By CloudFormation's own schemas of the types: a new type of resource is seen here."""
    patterns = {action for action, _ in allowed("operator-stacks-policy")}
    assert sorted(action for action in needed() if not matches(action, patterns)) == []


def test_all_that_the_programs_call_is_allowed() -> None:
    """A new call to AWS is seen here."""
    patterns = {action for action, _ in allowed("operator-policy")}
    asked = called()
    assert {"cloudformation:ExecuteChangeSet", "s3:PutObject", "sts:GetCallerIdentity"} <= asked
    assert sorted(action for action in asked if not matches(action, patterns)) == []


def test_nothing_is_allowed_that_nobody_needs() -> None:
    """Neither in the stacks' policy nor in the one for the operator's own hands."""
    through = {action for action, _ in allowed("operator-stacks-policy")}
    spare = [pattern for pattern in through if not any(matches(one, [pattern]) for one in needed())]
    own = {action for action, _ in allowed("operator-policy")} - called() - BESIDE
    assert (sorted(spare), sorted(own)) == ([], [])


def test_what_the_stacks_need_is_done_through_cloudformation_only() -> None:
    """So that these rights make nothing but stacks of this project; roles are passed to two."""
    for action, statement in allowed("operator-stacks-policy"):
        condition = statement["Condition"]
        if action == "iam:PassRole":
            services = condition["StringEquals"]["iam:PassedToService"]
            trusted = {
                trust["Principal"]["Service"]
                for _, role in resources("AWS::IAM::Role")
                for trust in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            }
            assert set(services) == trusted
        elif action != "iam:CreateServiceLinkedRole":
            called_via = condition["ForAnyValue:StringEquals"]["aws:CalledVia"]
            assert called_via == "cloudformation.amazonaws.com", action
    wide = {
        action
        for action, statement in allowed("operator-policy")
        if statement["Resource"] == "*" and "Condition" not in statement
    }
    assert wide == {
        "cloudwatch:DescribeAlarms",
        "sts:GetCallerIdentity",
        "xray:GetTraceSegmentDestination",
    }


@pytest.mark.parametrize("name", ["operator-policy", "operator-stacks-policy"])
def test_a_policy_is_one_that_iam_takes(name: str) -> None:
    """Small enough, of known words, and each statement with an id of letters and digits."""
    held = policy(name)
    assert len(json.dumps(held, separators=(",", ":"))) <= MOST_CHARACTERS
    assert held["Version"] == "2012-10-17"
    for statement in held["Statement"]:
        assert statement.keys() <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert re.fullmatch("[A-Za-z0-9]+", statement["Sid"])
