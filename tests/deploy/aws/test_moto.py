"""Stacks without AgentCore, Cognito and Aurora really created in moto, handlers really invoked.

moto passes over a type that it does not know with a warning, which is an error here. So of a stack
that holds such types only the rest is created, and a test says what was left out. Of what it knows
it ignores some: zones by their ids, and machines that functions run on.
"""

from __future__ import annotations

import importlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from deploy.aws.package import build
from deploy.aws.templates import STACKS
from deploy.seed import load_dynamodb, sample_records
from deploy.seed.dynamodb import ITEM_KEYS
from tests.deploy.aws.cloudformation import is_made, nodes, resources, stack_named, template
from tests.deploy.aws.test_packages import BY_NAME, no_wheels
from tests.fixtures_dynamodb import lambda_context

PREFIX = "deskhand-dev"
WHOLE = ("foundation", "network", "data")
KEY = "packages/lambda.zip"
KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-west-2",
}
ELSEWHERE = {  # exports of a stack that moto cannot make
    "database-host": "aurora.example",
    "database-administrator-secret": "arn:aws:secretsmanager:us-west-2:123456789012:secret:a",
}
UNKNOWN = {"AWS::S3::BucketPolicy"}
KNOWN = {"AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Logs::LogGroup"}


def as_json(held: dict[str, Any]) -> str:
    """A template whose short functions were read as the long ones."""
    return json.dumps({**held, "AWSTemplateFormatVersion": "2010-09-09"})


def without_unknown(name: str) -> str:
    """A stack's own text, or, where it holds what moto does not know, the rest of it."""
    whole = template(name)
    known = {key: held for key, held in whole["Resources"].items() if held["Type"] not in UNKNOWN}
    if known == whole["Resources"]:
        return stack_named(name).template()
    return as_json(whole | {"Resources": known})


def known_part(name: str) -> dict[str, Any]:
    """The functions of a stack with their roles and logs."""
    whole = template(name)
    wanted: set[str] = set()
    left = [key for key, held in whole["Resources"].items() if "Lambda" in held["Type"]]
    while left:
        wanted.add(key := left.pop())
        for node in nodes(whole["Resources"][key]):
            if isinstance(node, dict):
                names = [node.get("Ref"), *(node.get("Fn::GetAtt") or [])]
                left += [n for n in names if n in whole["Resources"] and n not in wanted]
    parts = {key: held for key, held in whole["Resources"].items() if key in wanted}
    assert {held["Type"] for held in parts.values()} == KNOWN
    return {key: held for key, held in whole.items() if key != "Outputs"} | {"Resources": parts}


class Moto:
    """An account in moto, with the packages in its bucket."""

    def __init__(self, package: bytes) -> None:
        self.cloudformation = boto3.client("cloudformation")
        for name in WHOLE:
            self.create(name, without_unknown(name))
        bucket = self.outputs("foundation")["PackagesBucket"]
        boto3.client("s3").put_object(Bucket=bucket, Key=KEY, Body=package)

    def create(self, name: str, text: str) -> None:
        """Makes a stack; moto makes it at once, or raises."""
        known = yaml.safe_load(text)["Parameters"] if text.startswith("{") else None
        names = known if known is not None else stack_named(name).parameters()
        given = {"Prefix": PREFIX, "Environment": "dev"}
        given |= {parameter: KEY for stack in STACKS for parameter, _ in stack.packages}
        self.cloudformation.create_stack(
            StackName=f"{PREFIX}-{name}",
            TemplateBody=text,
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in given.items()
                if key in names
            ],
        )

    def outputs(self, name: str) -> dict[str, str]:
        """What a stack put out."""
        (held,) = self.cloudformation.describe_stacks(StackName=f"{PREFIX}-{name}")["Stacks"]
        assert held["StackStatus"] == "CREATE_COMPLETE"
        return {output["OutputKey"]: output["OutputValue"] for output in held["Outputs"]}

    def made(self, name: str) -> set[str]:
        """The logical ids of what a stack made."""
        found = self.cloudformation.list_stack_resources(StackName=f"{PREFIX}-{name}")
        # What a condition leaves out is listed without a name.
        return {held["LogicalResourceId"] for held in found["StackResourceSummaries"]} - {""}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the account, for the clients that a test opens."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    """An account with key, bucket, network and tables, made once; a test adds what it looks at."""
    folder = tmp_path_factory.mktemp("package")
    package = build(BY_NAME["lambda"], folder, fetch=no_wheels).file.read_bytes()
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in KEYS.items():
            environment.setenv(name, value)
        yield Moto(package)


@pytest.fixture(scope="module")
def sample_is_loaded(moto: Moto) -> bool:
    """Whether the account's tables took the sample records."""
    client = boto3.client("dynamodb")
    return load_dynamodb(client, {name: f"{PREFIX}-{name}" for name in ITEM_KEYS}, sample_records())


@pytest.fixture(scope="module")
def handlers(moto: Moto, sample_is_loaded: bool) -> Moto:
    """The account with the functions of the tools, and records that they find."""
    moto.create("tools", as_json(known_part("tools")))
    return moto


def test_key_bucket_network_and_tables_are_made_as_they_are_written(moto: Moto) -> None:
    """Every resource of three stacks, with every name and reference between them."""
    for name in WHOLE:
        wanted = {
            key
            for key, held in template(name)["Resources"].items()
            if held["Type"] not in UNKNOWN and is_made(held, name)
        }
        assert moto.made(name) == wanted, name
    subnets = moto.outputs("network")["Subnets"].split(",")
    ec2 = boto3.client("ec2")
    found = ec2.describe_subnets(SubnetIds=subnets)["Subnets"]
    assert {subnet["CidrBlock"] for subnet in found} == {"10.42.0.0/20", "10.42.16.0/20"}
    inside = [{"Name": "vpc-id", "Values": [found[0]["VpcId"]]}]
    tables = ec2.describe_route_tables(Filters=inside)["RouteTables"]
    routes = {route.get("DestinationCidrBlock") for table in tables for route in table["Routes"]}
    assert routes == {"10.42.0.0/16", None}  # the two gateway endpoints have no block
    bucket = moto.outputs("foundation")["PackagesBucket"]
    rules = boto3.client("s3").get_bucket_encryption(Bucket=bucket)
    (rule,) = rules["ServerSideEncryptionConfiguration"]["Rules"]
    key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert key == moto.outputs("foundation")["KeyArn"]
    assert boto3.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True


def test_the_tables_have_the_keys_and_indexes_that_are_written(sample_is_loaded: bool) -> None:
    """And in them go the sample records."""
    client = boto3.client("dynamodb")
    for _, resource in resources("AWS::DynamoDB::Table"):
        written = resource["Properties"]
        name = written["TableName"]["Fn::Sub"].replace("${Prefix}", PREFIX)
        made = client.describe_table(TableName=name)["Table"]
        assert made["KeySchema"] == written["KeySchema"]
        indexes = {held["IndexName"] for held in written.get("GlobalSecondaryIndexes", [])}
        assert {held["IndexName"] for held in made.get("GlobalSecondaryIndexes", [])} == indexes
        assert made["DeletionProtectionEnabled"] is False
    assert sample_is_loaded


@pytest.mark.parametrize(
    ("function", "tool", "arguments", "path"),
    [
        (
            "Warranty",
            "warranty___check_warranty_status",
            {"serial_number": "LAPTOP001A1B2C"},
            ("warranty", "serial_number"),
        ),
        (
            "Profile",
            "profile___get_customer_profile",
            {"customer_id": "CUST003"},
            ("profile", "customer_id"),
        ),
    ],
)
def test_a_handler_that_was_deployed_answers(
    function: str,
    tool: str,
    arguments: dict[str, str],
    path: tuple[str, str],
    handlers: Moto,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the name, with the variables and out of the archive that the made function has."""
    made = boto3.client("lambda").get_function(FunctionName=f"{PREFIX}-{function.lower()}")
    configured = made["Configuration"]
    role = boto3.client("iam").get_role(RoleName=configured["Role"].rpartition("/")[2])
    assert role["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    log = f"/aws/lambda/{PREFIX}-{function.lower()}"
    (group,) = boto3.client("logs").describe_log_groups(logGroupNamePrefix=log)["logGroups"]
    assert group["retentionInDays"] == 30
    for name, value in configured["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    module_name, _, handler = configured["Handler"].rpartition(".")
    bucket = handlers.outputs("foundation")["PackagesBucket"]
    archive = boto3.client("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read()
    assert f"{module_name.replace('.', '/')}.py" in zipfile.ZipFile(io.BytesIO(archive)).namelist()
    module = importlib.import_module(module_name)
    module._deployed.cache_clear()
    try:
        result = getattr(module, handler)(arguments, lambda_context(tool))
    finally:
        module._deployed.cache_clear()
    assert result["found"] is True
    assert result[path[0]][path[1]] in arguments.values()


def test_the_one_off_task_stands_in_the_network_where_aurora_lets_it_in(moto: Moto) -> None:
    """Aurora's own stack is not made: its exports are told by another."""
    told = {
        name.replace("-", ""): {
            "Value": value,
            "Export": {"Name": f"{PREFIX}-{name}"},
        }
        for name, value in ELSEWHERE.items()
    }
    topic = {"Topic": {"Type": "AWS::SNS::Topic"}}
    moto.create("database", as_json({"Parameters": {}, "Resources": topic, "Outputs": told}))
    moto.create("tasks", as_json(template("tasks")))
    assert moto.made("tasks") == set(stack_named("tasks").resources())
    made = boto3.client("lambda").get_function(FunctionName=f"{PREFIX}-tasks")["Configuration"]
    network = moto.outputs("network")
    assert made["VpcConfig"]["SecurityGroupIds"] == [network["DeskGroupId"]]
    assert made["VpcConfig"]["SubnetIds"] == network["Subnets"].split(",")
    assert "host=aurora.example " in made["Environment"]["Variables"]["AURORA_SERVER"]
    (policy,) = boto3.client("iam").list_role_policies(RoleName=made["Role"].rpartition("/")[2])[
        "PolicyNames"
    ]
    assert policy == "tasks"


def test_what_moto_does_not_make_is_known(moto: Moto) -> None:
    """Of these types nothing is shown here; a new one in a template is seen by this list."""
    shown = {kind for name in (*WHOLE, "tasks") for kind in stack_named(name).resources().values()}
    others = {resource["Type"] for _, resource in resources()} - (shown - UNKNOWN) - KNOWN
    assert {kind.split("::")[1] for kind in others} == {
        "ApiGateway",
        "BedrockAgentCore",
        "CloudWatch",
        "Cognito",
        "Logs",  # metric filters
        "RDS",
        "S3",  # the bucket's policy
        "SNS",
        "SecretsManager",
    }
    assert moto.made("data")
