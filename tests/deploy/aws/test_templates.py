"""The stacks fit together, carry their environment in their names, and lint finds nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.aws.templates import FOLDER, MOST_BYTES, STACKS
from tests.deploy.aws.cloudformation import (
    NAMES,
    exports,
    imports,
    nodes,
    resources,
    stack_named,
    template,
    written,
)

REGIONS = ["us-west-2", "us-east-1", "eu-central-1"]
# The property that names a resource of a type, and the pattern that its service wants.
NAMING = {
    "AWS::ApiGateway::RestApi": ("Name", r".+"),
    "AWS::BedrockAgentCore::Gateway": ("Name", r"([0-9a-zA-Z][-]?){1,48}"),
    "AWS::BedrockAgentCore::OAuth2CredentialProvider": ("Name", r"[a-zA-Z0-9\-_]{1,128}"),
    "AWS::BedrockAgentCore::Runtime": ("AgentRuntimeName", r"[a-zA-Z][a-zA-Z0-9_]{0,47}"),
    "AWS::CloudWatch::Alarm": ("AlarmName", r".+"),
    "AWS::CloudWatch::Dashboard": ("DashboardName", r"[A-Za-z0-9_-]+"),
    "AWS::Cognito::UserPool": ("UserPoolName", r".+"),
    "AWS::Cognito::UserPoolDomain": ("Domain", r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"),
    "AWS::DynamoDB::Table": ("TableName", r"[a-zA-Z0-9_.-]{3,255}"),
    "AWS::EC2::SecurityGroup": ("GroupName", r"(?!sg-).{1,255}"),
    "AWS::KMS::Alias": ("AliasName", r"alias/[a-zA-Z0-9/_-]+"),
    "AWS::Lambda::Function": ("FunctionName", r"[a-zA-Z0-9-_]{1,64}"),
    "AWS::Logs::LogGroup": ("LogGroupName", r"[.\-_/#A-Za-z0-9<>]+"),
    "AWS::RDS::DBCluster": ("DBClusterIdentifier", r"[a-z](?:[a-z0-9]|-(?!-|$)){0,62}"),
    "AWS::RDS::DBInstance": ("DBInstanceIdentifier", r"[a-z](?:[a-z0-9]|-(?!-|$)){0,62}"),
    "AWS::RDS::DBSubnetGroup": ("DBSubnetGroupName", r"[a-z0-9 ._-]{1,255}"),
    "AWS::S3::Bucket": ("BucketName", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    "AWS::SNS::Topic": ("TopicName", r"[A-Za-z0-9_-]{1,256}"),
    "AWS::SecretsManager::Secret": ("Name", r"[A-Za-z0-9/_+=.@-]+"),
}


@pytest.fixture(scope="module")
def remarks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What cfn-lint says of each template; one run reads its rules once for all of them."""
    # A second of imports, that other tests need not wait for.
    from cfnlint import api, config  # type: ignore[import-untyped]  # it ships no types

    folder = tmp_path_factory.mktemp("templates")
    files = {str(folder / f"{name}.yaml"): name for name in NAMES}
    for file, name in files.items():
        Path(file).write_text(stack_named(name).template(), encoding="utf-8")
    found: dict[str, list[str]] = {name: [] for name in NAMES}
    for match in api.lint_by_config(config.ManualArgs(templates=list(files), regions=REGIONS)):
        found[files[match.filename]].append(f"{match.rule.id} {match.message}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_clean_in_three_regions(name: str, remarks: dict[str, list[str]]) -> None:
    """cfn-lint has no error, no warning and no remark, and no rule is switched off."""
    assert remarks[name] == []
    assert "cfn-lint" not in stack_named(name).file.read_text().replace("cfn-lint and", "")


def test_every_template_of_the_folder_is_a_stack() -> None:
    """None is forgotten by a deployment, and none is missing."""
    assert sorted(path.name for path in FOLDER.glob("*.yaml")) == sorted(f"{n}.yaml" for n in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_goes_to_cloudformation_as_a_text(name: str) -> None:
    """It is small enough, has no alias, and nothing in it is left to be filled in."""
    text = stack_named(name).template()
    assert len(text.encode()) <= MOST_BYTES
    assert "{{" not in text.replace("{{toolschema:TARGET}}", "")
    assert not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text))


@pytest.mark.parametrize("position", range(len(STACKS)), ids=NAMES)
def test_a_stack_imports_only_what_an_earlier_one_exports(position: int) -> None:
    """So the order of the list is an order in which they can be made."""
    earlier = {export for name in NAMES[:position] for export in exports(name)}
    assert imports(template(NAMES[position])) <= earlier


def test_every_export_carries_the_environment() -> None:
    """Two environments in one account and region export under different names, and none twice."""
    names = [export for name in NAMES for export in exports(name)]
    assert [name for name in names if not name.startswith("${Prefix}-")] == []
    assert len(names) == len(set(names))


@pytest.mark.parametrize("prefix", ["deskhand-dev", "deskhand-prod", "d-" + 20 * "x"])
def test_every_name_carries_the_environment_and_is_one_that_its_service_takes(prefix: str) -> None:
    """Nothing of one environment collides with another's; runtimes take no hyphens."""
    unnamed, wrong = [], []
    for place, resource in resources():
        if resource["Type"] not in NAMING:
            continue
        property_name, pattern = NAMING[resource["Type"]]
        stack = place.partition(".")[0]
        name = written(resource["Properties"].get(property_name), stack, prefix=prefix)
        known_by_aws = name is not None and "<" in name
        if name is None or not (known_by_aws or prefix in name or prefix.replace("-", "_") in name):
            unnamed.append(place)
        elif not re.fullmatch(pattern, name):
            wrong.append(f"{place}: {name}")
    assert (unnamed, wrong) == ([], [])


def test_the_types_that_are_not_named_are_known() -> None:
    """A new type of resource is named after its environment, or stands here for a reason."""
    # Named by AWS after the stack, or part of one that is named.
    unnamed = {
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::Stage",
        "AWS::BedrockAgentCore::GatewayTarget",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolGroup",
        "AWS::Cognito::UserPoolResourceServer",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCEndpoint",
        "AWS::IAM::Role",  # global names: a fixed one would keep a second region out
        "AWS::KMS::Key",
        "AWS::Logs::MetricFilter",
        "AWS::RDS::DBClusterParameterGroup",
        "AWS::RDS::DBParameterGroup",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
    }
    assert {resource["Type"] for _, resource in resources()} == unnamed | NAMING.keys()


def test_agentcore_is_described_by_its_own_types() -> None:
    """No custom resource, no macro: what is deployed is what is written."""
    types = {resource["Type"] for _, resource in resources()}
    assert not {kind for kind in types if kind.startswith(("Custom::", "AWS::CloudFormation"))}
    assert not [name for name in NAMES if "Transform" in template(name)]
    assert {kind for kind in types if "AgentCore" in kind} == {
        "AWS::BedrockAgentCore::Gateway",
        "AWS::BedrockAgentCore::GatewayTarget",
        "AWS::BedrockAgentCore::OAuth2CredentialProvider",
        "AWS::BedrockAgentCore::Runtime",
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_stack_says_whether_it_makes_roles(name: str) -> None:
    """CloudFormation refuses roles that it was not told of."""
    types = {resource["Type"] for resource in template(name)["Resources"].values()}
    assert stack_named(name).roles == ("AWS::IAM::Role" in types)


@pytest.mark.parametrize("name", NAMES)
def test_a_stack_takes_the_same_parameters_as_the_others(name: str) -> None:
    """And the packages that it is listed with; everything else has a default."""
    parameters = template(name)["Parameters"]
    required = {key for key, given in parameters.items() if "Default" not in given}
    assert parameters["Prefix"]["Default"] == "deskhand-dev"
    assert required == {parameter for parameter, _ in stack_named(name).packages}


@pytest.mark.parametrize("name", NAMES)
def test_what_was_never_run_says_so(name: str) -> None:
    """A reader learns what a template was checked by; the tables' one runs on every local stack."""
    text = Path(FOLDER / f"{name}.yaml").read_text()
    assert name == "data" or "never created in an AWS account so far" in text


def test_a_log_group_is_kept_for_a_year_in_production_and_for_a_month_elsewhere() -> None:
    """None is kept for ever, and all are under the environment's key."""
    groups = list(resources("AWS::Logs::LogGroup"))
    assert len(groups) == 6
    for place, group in groups:
        stack = place.partition(".")[0]
        days = [
            written(group["Properties"]["RetentionInDays"], stack, environment=environment)
            for environment in ("prod", "dev")
        ]
        assert days == [365, 30], place
        assert imports(group["Properties"]["KmsKeyId"]) == {"${Prefix}-key-arn"}, place


@pytest.mark.parametrize(
    ("place", "path", "production", "elsewhere"),
    [
        ("database.Cluster", ["DeletionProtection"], True, False),
        ("database.Cluster", ["BackupRetentionPeriod"], 35, 7),
        ("identity.Reps", ["DeletionProtection"], "ACTIVE", "INACTIVE"),
        ("identity.Reps", ["MfaConfiguration"], "ON", "OPTIONAL"),
        *(
            (f"data.{table}", ["DeletionProtectionEnabled"], True, False)
            for table in template("data")["Resources"]
        ),
    ],
)
def test_production_is_protected(
    place: str, path: list[str], production: Any, elsewhere: Any
) -> None:
    """What would be lost for good refuses to be deleted there, and elsewhere it does not."""
    value: Any = dict(resources())[place]["Properties"]
    for key in path:
        value = value[key]
    stack = place.partition(".")[0]
    assert written(value, stack, environment="prod") == production
    assert written(value, stack, environment="dev") == elsewhere


def test_what_holds_data_says_what_becomes_of_it() -> None:
    """Deleted with its stack or not is decided for each, and written down."""
    held = (
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::RDS::DBCluster",
        "AWS::S3::Bucket",
        "AWS::Cognito::UserPool",
    )
    policies = {place: resource.get("DeletionPolicy") for place, resource in resources(*held)}
    assert None not in policies.values()
    assert policies["database.Cluster"] == "Snapshot"
    assert policies["foundation.Packages"] == "Retain"
    # One that a failed creation has just made would stay for good, and cost, at each attempt.
    assert policies["foundation.Key"] == "RetainExceptOnCreate"


def test_a_reference_inside_a_text_is_to_something_that_is_there() -> None:
    """cfn-lint reads all but the dashboard's body, which is a text to it."""
    body = dict(resources())["agent.Dashboard"]["Properties"]["DashboardBody"]
    worked_out = written(body, "agent")
    known = {*template("agent")["Resources"], "Desk.AgentRuntimeArn"}
    assert set(re.findall(r"<([^>]+)>", worked_out)) <= known
    assert len(yaml.safe_load(worked_out)["widgets"]) == 8
    assert "deskhand_dev_desk::DEFAULT" in worked_out


def test_the_alarms_look_at_the_names_that_the_stacks_give() -> None:
    """A metric of another name never rises, and its alarm never rings."""
    dimensions = {
        (node["Name"], written(node["Value"], "agent"))
        for _, alarm in resources("AWS::CloudWatch::Alarm")
        for node in nodes(alarm)
        if isinstance(node, dict) and node.keys() == {"Name", "Value"}
    }
    named = dict(resources())
    assert dimensions == {
        ("Resource", "<Desk.AgentRuntimeArn>"),
        ("Operation", "InvokeAgentRuntime"),
        (
            "Name",
            written(named["agent.Desk"]["Properties"]["AgentRuntimeName"], "agent") + "::DEFAULT",
        ),
        ("ModelId", template("agent")["Parameters"]["ModelId"]["Default"]),
        ("FunctionName", written(named["tools.Warranty"]["Properties"]["FunctionName"], "tools")),
        ("FunctionName", written(named["tools.Profile"]["Properties"]["FunctionName"], "tools")),
        ("DBClusterIdentifier", "deskhand-dev"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_no_template_holds_a_secret(name: str) -> None:
    """A password is made by AWS, and read from its place."""
    parameters = template(name)["Parameters"]
    assert not [key for key in parameters if "secret" in key.lower() or "password" in key.lower()]
    assert "{{resolve:" not in stack_named(name).template()  # which would show it where it is used
