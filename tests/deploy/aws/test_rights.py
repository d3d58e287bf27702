"""Who may do what: policies name their resources, roles their callers, and nothing is public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.deploy.aws.cloudformation import (
    ACCOUNT,
    imports,
    nodes,
    resources,
    stack_named,
    written,
)

PREFIX = "deskhand-dev"
OURS = (PREFIX, PREFIX.replace("-", "_"))
NAMED = dict(resources())


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """``stack.Resource`` and statement, of every policy of every kind."""
    for place, resource in resources():
        for node in nodes(resource):
            if isinstance(node, dict) and "Effect" in node:
                yield place, node


def listed(value: Any) -> list[Any]:
    """One or several, as policies allow both."""
    return value if isinstance(value, list) else [value]


def raw_text(value: Any) -> str:
    """What stands for a value in the file: a function's text, or the text itself."""
    if isinstance(value, dict):
        value = next(iter(value.values()))
    return str(value[0] if isinstance(value, list) else value)


def has_reason(stack: str, text: str, *, but_not: tuple[str, ...]) -> bool:
    """Whether each line of the file that holds the text has a reason behind it or just above."""
    lines = stack_named(stack).file.read_text().splitlines()
    places = [
        number
        for number, line in enumerate(lines)
        if f'"{text}"' in line and not any(key in line for key in but_not)
    ]
    near = [
        "# reason:" in lines[number]
        or any("# reason:" in line for line in lines[max(0, number - 3) : number])
        for number in places
    ]
    return bool(near) and all(near)


def is_narrow(resource: str) -> bool:
    """Whether it leaves nothing open, or only below what these stacks make."""
    return "*" not in resource or any(name in resource for name in (*OURS, "<"))


def test_a_resource_that_is_not_named_has_a_reason_beside_it() -> None:
    """A policy names what it is about; where it cannot, the file says why."""
    unreasoned = [
        f"{place}: {raw_text(resource)}"
        for place, statement in statements()
        if statement["Effect"] == "Allow" and "Resource" in statement
        for resource in listed(statement["Resource"])
        if not is_narrow(str(written(resource, place.partition(".")[0])))
        and not has_reason(
            place.partition(".")[0], raw_text(resource), but_not=("Principal", "Action")
        )
    ]
    assert unreasoned == []


def test_all_actions_of_a_service_are_never_allowed_without_a_reason() -> None:
    """A policy lists what may be done."""
    unreasoned = [
        f"{place}: {action}"
        for place, statement in statements()
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
        if action.endswith(":*") and not has_reason(place.partition(".")[0], action, but_not=())
    ]
    assert unreasoned == []


def test_a_role_is_taken_by_one_service_of_this_account_only() -> None:
    """No other account can make a service take it on its behalf."""
    trusts = []
    for place, role in resources("AWS::IAM::Role"):
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        trusts.append(place)
        assert trust["Action"] == "sts:AssumeRole"
        assert list(trust["Principal"]) == ["Service"]
        account = trust["Condition"]["StringEquals"]["aws:SourceAccount"]
        assert written(account, "agent") == ACCOUNT
        if trust["Principal"]["Service"] == "bedrock-agentcore.amazonaws.com":
            source = written(trust["Condition"]["ArnLike"]["aws:SourceArn"], "agent")
            assert source.startswith(f"arn:aws:bedrock-agentcore:us-west-2:{ACCOUNT}:")
    assert len(trusts) == 6


def test_a_role_has_no_policy_but_its_own() -> None:
    """No managed policy, whose contents others change."""
    for _, role in resources("AWS::IAM::Role"):
        assert "ManagedPolicyArns" not in role["Properties"]
        assert len(role["Properties"]["Policies"]) == 1


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("tools.WarrantyRole", {"dynamodb:GetItem", "dynamodb:Query"}),
        ("tools.ProfileRole", {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"}),
        ("tools.CatalogRole", {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}),
        (
            "tools.GatewayRole",
            {
                "kms:CreateGrant",
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:GenerateDataKey",
                "lambda:InvokeFunction",
            },
        ),
        (
            "tasks.Role",
            {
                "dynamodb:BatchWriteItem",
                "dynamodb:DescribeTable",
                "dynamodb:GetItem",
                "dynamodb:ListTagsOfResource",
                "dynamodb:TagResource",
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:UnassignPrivateIpAddresses",
                "kms:Decrypt",
                "secretsmanager:GetSecretValue",
            },
        ),
        (
            "agent.Role",
            {
                "bedrock:InvokeModel",
                "bedrock:InvokeModelWithResponseStream",
                "dynamodb:DeleteItem",
                "dynamodb:DescribeTable",
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:UpdateItem",
                "kms:Decrypt",
                "rds-db:connect",
                "secretsmanager:GetSecretValue",
                "xray:PutSpans",
                "xray:PutSpansForIndexing",
                "xray:PutTraceSegments",
            },
        ),
    ],
)
def test_a_role_may_do_what_its_part_does(place: str, allowed: set[str]) -> None:
    """And write its log; nobody may scan, and nobody may make or change an AWS resource."""
    actions = {
        action
        for statement_place, statement in statements()
        if statement_place == place and statement["Effect"] == "Allow" and "Resource" in statement
        for action in listed(statement["Action"])
    }
    assert {action for action in actions if not action.startswith("logs:")} == allowed
    assert "logs:CreateLogGroup" not in actions


def test_only_the_verifications_are_written_by_a_tool() -> None:
    """And they by their own handler, one item at a time."""
    writing = {
        written(resource, "tools").rpartition(":")[2]
        for place, statement in statements()
        if place.startswith("tools.") and "dynamodb:UpdateItem" in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }
    assert writing == {f"table/{PREFIX}-verifications"}


def test_the_desk_logs_in_to_aurora_as_the_reader_only() -> None:
    """The role of the migrations and the administrator are out of its reach."""
    (resource,) = [
        statement["Resource"]
        for place, statement in statements()
        if place == "agent.Role" and "rds-db:connect" in listed(statement["Action"])
    ]
    assert written(resource, "agent").endswith(
        ":dbuser:<database:database-resource-id>/deskhand_reader"
    )


def test_nothing_answers_the_public() -> None:
    """The database, the bucket, the API: all closed; a function is called by its role alone."""
    types = {resource["Type"] for _, resource in resources()}
    assert not types & {"AWS::Lambda::Url", "AWS::Lambda::Permission"}
    for _, instance in resources("AWS::RDS::DBInstance"):
        assert instance["Properties"]["PubliclyAccessible"] is False
    block = NAMED["foundation.Packages"]["Properties"]["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    assert len(block) == 4
    door = NAMED["identity.Door"]["Properties"]
    assert door["EndpointConfiguration"]["Types"] == ["PRIVATE"]
    for _, runtime in resources("AWS::BedrockAgentCore::Runtime"):
        assert runtime["Properties"]["NetworkConfiguration"]["NetworkMode"] == "VPC"
        assert "CustomJWTAuthorizer" in runtime["Properties"]["AuthorizerConfiguration"]
    for _, gateway in resources("AWS::BedrockAgentCore::Gateway"):
        assert gateway["Properties"]["AuthorizerType"] == "CUSTOM_JWT"
        assert "ExceptionLevel" not in gateway["Properties"]  # its faults tell callers nothing


def test_whoever_it_may_be_is_allowed_under_a_condition_or_by_an_endpoint_only() -> None:
    """``Principal: "*"`` in a resource's own policy would be the whole world."""
    open_doors = [
        place
        for place, statement in statements()
        if statement["Effect"] == "Allow"
        and statement.get("Principal") == "*"
        and "Condition" not in statement
        and NAMED[place]["Type"] != "AWS::EC2::VPCEndpoint"
    ]
    assert open_doors == []


def test_what_is_stored_is_under_the_environment_s_key() -> None:
    """Tables are under DynamoDB's own KMS key: their file is the local stack's too."""
    key = {"${Prefix}-key-arn"}
    wanted = {
        "AWS::Logs::LogGroup": "KmsKeyId",
        "AWS::Lambda::Function": "KmsKeyArn",
        "AWS::BedrockAgentCore::Gateway": "KmsKeyArn",
        "AWS::RDS::DBCluster": "KmsKeyId",
        "AWS::RDS::DBInstance": "PerformanceInsightsKMSKeyId",
        "AWS::SecretsManager::Secret": "KmsKeyId",
        "AWS::SNS::Topic": "KmsMasterKeyId",
    }
    for place, resource in resources(*wanted):
        assert imports(resource["Properties"][wanted[resource["Type"]]]) == key, place
    bucket = NAMED["foundation.Packages"]["Properties"]["BucketEncryption"]
    (rule,) = bucket["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]},
    }
    assert NAMED["database.Cluster"]["Properties"]["StorageEncrypted"] is True
    assert NAMED["foundation.Key"]["Properties"]["EnableKeyRotation"] is True


def test_aurora_takes_tls_and_iam_only() -> None:
    """And writes no statement, and so no customer's data, into its log."""
    cluster = NAMED["database.Cluster"]["Properties"]
    settings = NAMED["database.ClusterSettings"]["Properties"]["Parameters"]
    assert cluster["EnableIAMDatabaseAuthentication"] is True
    assert cluster["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in cluster
    assert settings["rds.force_ssl"] == "1"
    assert settings["log_statement"] == "none"
    assert settings["log_min_error_statement"] == "panic"
