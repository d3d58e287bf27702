"""``./deskhand deploy`` from the command line, in an account that stands in for AWS over HTTP."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from click.testing import CliRunner, Result

from agent.entrypoints.cli import deskhand
from agent.entrypoints.deployment_report import show_status
from deploy.aws.status import Part, Status
from tests.deploy.aws.deployment import packages_in, put_deployed, stack_names
from tests.deploy.aws.scripted_aws import ScriptedAws, scripted_aws
from tests.deploy.aws.scripted_stack import Failure, RefusedError
from tests.project.sources import ROOT

US = ("--region", "us-west-2")


@pytest.fixture
def aws() -> Iterator[ScriptedAws]:
    """An account whose CloudFormation is quick."""
    with scripted_aws(instantly=True) as account:
        yield account


@pytest.fixture
def deployed(aws: ScriptedAws) -> ScriptedAws:
    """The account, with the first revision in it."""
    put_deployed(aws)
    return aws


@pytest.fixture
def made(tmp_path: Path) -> tuple[str, str]:
    """The option that names packages."""
    packages_in(tmp_path)
    return "--packages", str(tmp_path)


def run(aws: ScriptedAws, *arguments: str, **environment: str | None) -> Result:
    """The command with the variables that lead it to the account."""
    return CliRunner().invoke(
        deskhand, ["deploy", *arguments], env={**aws.environment(), **environment}
    )


def error_of(result: Result) -> dict[str, object]:
    """The error of the one document on stdout."""
    error: dict[str, object] = json.loads(result.stdout)["error"]
    return error


def test_a_deployment_ends_with_the_endpoint_and_a_first_question(
    aws: ScriptedAws, made: tuple[str, str]
) -> None:
    """Progress goes to stderr, the result to stdout."""
    shown = run(aws, *US, "--env", "dev", *made)
    assert shown.exit_code == 0, shown.stderr
    assert "deskhand-dev in us-west-2, account 111122223333, as arn:aws:iam::" in shown.stderr
    assert "deskhand-dev-network: FirstSubnet made" in shown.stderr
    assert "deskhand-dev-agent       created" in shown.stdout
    assert (
        "Data: ran 0001_store_and_desk; sample records loaded into aurora and dynamodb"
        in shown.stdout
    )
    assert "endpoint   deskhand-dev-agent.InvocationUrl" in shown.stdout
    for part in ("ENDPOINT_URL=deskhand-dev-agent.", "ISSUER_URL=deskhand-dev-identity."):
        assert f"export DESKHAND_{part}" in shown.stdout
    assert "admin-add-user-to-group --region us-west-2 --user-pool-id" in shown.stdout
    assert "Who is customer CUST003, and which orders does he have?" in shown.stdout
    again = run(aws, *US, *made)
    assert again.stdout.count("unchanged, 0") == len(list(stack_names()))


def test_json_is_one_document(aws: ScriptedAws, made: tuple[str, str]) -> None:
    """For each of the four things that the command does."""
    done = run(aws, *US, *made, "--json")
    document = json.loads(done.stdout)
    assert document["ok"] is True
    assert document["addresses"]["endpoint"] == "deskhand-dev-agent.InvocationUrl"
    assert [stack["action"] for stack in document["stacks"]] == ["created"] * 8
    planned = json.loads(run(aws, *US, *made, "--plan", "--json").stdout)
    assert {stack["action"] for stack in planned["stacks"]} == {"none"}
    aws.stacks.stacks.clear()
    found = run(aws, *US, "--status", "--json")
    assert (found.exit_code, json.loads(found.stdout)["ok"]) == (3, False)
    gone = json.loads(run(aws, *US, "--destroy", "--yes", "--json").stdout)
    assert gone == {"ok": True, "stacks": [], "stays": []}


def test_a_plan_is_shown_stack_by_stack(aws: ScriptedAws, made: tuple[str, str]) -> None:
    """How many of what would be made, or what would be changed."""
    planned = run(aws, *US, *made, "--plan")
    assert planned.exit_code == 0
    assert "deskhand-dev-data: would be made\n  + 6 AWS::DynamoDB::Table\n" in planned.stdout
    put_deployed(aws)
    packages_in(Path(made[1]), "2")
    changed = run(aws, *US, *made, "--plan").stdout
    assert "deskhand-dev-data: no change\n" in changed
    assert "  ~ Desk (AWS::BedrockAgentCore::Runtime)\n" in changed


def test_a_failure_ends_with_one_and_says_why(aws: ScriptedAws, made: tuple[str, str]) -> None:
    """No trace, no text of a library."""
    aws.stacks.failures["deskhand-dev-data"] = Failure("Reviews", "already exists")
    shown = run(aws, *US, *made)
    assert shown.exit_code == 1
    assert "deskhand: The stack deskhand-dev-data could not be made" in shown.stderr
    assert "Reviews (AWS::DynamoDB::Table): already exists" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_without_credentials_it_says_how_to_sign_in(aws: ScriptedAws) -> None:
    """Exit code 2, before anything is made or asked."""
    shown = run(aws, *US, "--plan", "--json", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert shown.exit_code == 2
    assert error_of(shown)["code"] == "bad_settings"
    assert "There are no AWS credentials" in str(error_of(shown)["message"])
    assert aws.stacks.calls == []


@pytest.mark.parametrize(
    ("code", "exit_code", "said"),
    [
        ("ExpiredToken", 2, "The AWS credentials have expired"),
        ("InvalidClientTokenId", 2, "AWS does not take these credentials"),
        ("AccessDenied", 2, "may not do sts:GetCallerIdentity"),
    ],
)
def test_credentials_that_aws_does_not_take(
    code: str, exit_code: int, said: str, aws: ScriptedAws
) -> None:
    """The very first question to AWS tells."""
    aws.refused["*"] = RefusedError(
        code, "User: x is not authorized to perform: sts:GetCallerIdentity", 403
    )
    shown = run(aws, *US, "--status")
    assert shown.exit_code == exit_code
    assert said in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--region", "us-west-9"), "The stacks do not know the region us-west-9. Choose one"),
        ((), "No region is named. Choose one with --region: eu-central-1, us-east-1, us-west-2"),
        ((*US, "--plan", "--destroy"), "Choose one of --plan, --status and --destroy."),
        ((*US, "--env", "test"), "'test' is not one of 'dev', 'prod'"),
        ((*US, "--packages", "/nowhere"), "does not exist"),
    ],
)
def test_wrong_use_is_refused_before_aws_is_asked(
    arguments: tuple[str, ...], said: str, aws: ScriptedAws
) -> None:
    """With what would be right."""
    shown = run(aws, *arguments)
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert aws.stacks.calls == []


def test_a_profile_that_is_not_there_is_named(aws: ScriptedAws) -> None:
    """As the variable that names it."""
    shown = run(aws, *US, "--plan", AWS_PROFILE="nobody")
    assert shown.exit_code == 2
    assert "AWS_PROFILE names nothing" in shown.stderr


def test_an_address_where_nobody_answers_can_be_tried_again(aws: ScriptedAws) -> None:
    """Exit code 3, and the document says that it may go better later."""
    shown = run(aws, *US, "--status", "--json", AWS_ENDPOINT_URL_STS="http://127.0.0.1:9")
    assert shown.exit_code == 3
    assert error_of(shown)["retryable"] is True
    assert "AWS does not answer in us-west-2" in str(error_of(shown)["message"])


def test_nothing_is_removed_where_nobody_can_be_asked(
    aws: ScriptedAws, made: tuple[str, str]
) -> None:
    """In a pipe the answer comes with the command."""
    run(aws, *US, *made, "--no-sample-data")
    for name in ("data", "database", "identity"):  # what may be protected asks other services
        aws.stacks.stacks.pop(f"deskhand-dev-{name}")
    shown = run(aws, *US, "--destroy")
    assert shown.exit_code == 2
    assert "add --yes" in shown.stderr
    assert aws.stacks.done("DeleteStack") == []
    done = run(aws, *US, "--destroy", "--yes")
    assert done.exit_code == 0, done.stderr
    assert aws.stacks.stacks == {}
    assert "Stays: the bucket deskhand-dev-foundation.PackagesBucket" in done.stdout
    assert aws.invoked == [{"sample_data": False}]


@pytest.mark.parametrize(("typed", "left", "status"), [("yes", 1, 1), ("deskhand-dev", 0, 0)])
def test_at_a_terminal_the_name_is_asked_for(
    typed: str, left: int, status: int, deployed: ScriptedAws
) -> None:
    """It says what goes for good; anything but the name removes nothing."""
    for name in list(stack_names())[1:]:
        deployed.stacks.stacks.pop(name)
    command = ["-P", "-m", "agent.entrypoints.cli", "deploy", *US, "--destroy"]
    terminal = pexpect.spawn(
        sys.executable,
        command,
        env={**deployed.environment(), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        timeout=30,
        encoding="utf-8",
    )
    terminal.expect("all conversations, for good")
    terminal.expect("Type deskhand-dev to remove it")
    terminal.sendline(typed)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == status
    assert len(deployed.stacks.stacks) == left


def test_a_parameter_of_the_stacks_can_be_set_and_stays(
    aws: ScriptedAws, made: tuple[str, str]
) -> None:
    """Each goes to the stacks that know it; a later deployment does not put it back."""
    done = run(
        aws, *US, *made, "--set", "MaxCapacity=64", "--set", "ReturnUrls=https://a,https://b"
    )
    assert done.exit_code == 0, done.stderr
    again = run(aws, *US, *made)
    assert again.stdout.count("unchanged, 0") == len(list(stack_names()))
    stacks = aws.stacks.stacks
    assert stacks["deskhand-dev-database"].parameters["MaxCapacity"] == "64"
    assert stacks["deskhand-dev-identity"].parameters["ReturnUrls"] == "https://a,https://b"
    assert "MaxCapacity" not in stacks["deskhand-dev-network"].parameters


def test_a_parameter_with_an_option_of_its_own_can_be_set_either_way(
    aws: ScriptedAws, made: tuple[str, str]
) -> None:
    """Given both ways, its own option is the one that counts."""
    given = ("--set", "ModelId=of-set", "--set", "AlarmEmail=a@example.com")
    assert run(aws, *US, *made, *given).exit_code == 0
    agent = aws.stacks.stacks["deskhand-dev-agent"]
    assert agent.parameters["ModelId"] == "of-set"
    assert agent.parameters["AlarmEmail"] == "a@example.com"
    assert run(aws, *US, *made, "--set", "ModelId=of-set", "--model", "own").exit_code == 0
    assert aws.stacks.stacks["deskhand-dev-agent"].parameters["ModelId"] == "own"


@pytest.mark.parametrize(
    "given", ["MaxCapacity", "MaxCapacity=", "Prefix=x", "DeskPackage=x", "Nothing=1", "=1"]
)
def test_what_is_no_parameter_is_refused_with_those_that_are(given: str, aws: ScriptedAws) -> None:
    """Before AWS is asked for anything; names and packages are the deployment's own."""
    shown = run(aws, *US, "--set", given)
    assert shown.exit_code == 2
    assert f"--set {given} sets no parameter of the stacks." in shown.stderr
    assert "AlarmEmail, IdleSeconds, MaxCapacity, ModelId" in shown.stderr
    assert aws.stacks.calls == []


def test_traces_are_sent_where_the_account_takes_them_only(
    aws: ScriptedAws, made: tuple[str, str]
) -> None:
    """Otherwise nothing is made, and the message says what to switch on."""
    shown = run(aws, *US, *made, "--traces")
    assert shown.exit_code == 2
    assert "Switch on CloudWatch's Transaction Search" in shown.stderr
    assert aws.stacks.calls == []
    aws.traces_go_to = "CloudWatchLogs"
    assert run(aws, *US, *made, "--traces").exit_code == 0
    for name in ("network", "agent"):
        assert aws.stacks.stacks[f"deskhand-dev-{name}"].parameters["Traces"] == "xray"
    run(aws, *US, *made, "--no-traces")
    assert aws.stacks.stacks["deskhand-dev-agent"].parameters["Traces"] == "none"


def test_a_status_ends_with_what_a_rep_s_terminal_needs(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines for a shell, of what is known; without addresses none."""
    stack = (Part("deskhand-dev-agent", True, "CREATE_COMPLETE"),)
    url = "https://host.example/invocations?qualifier=DEFAULT"
    for addresses in ({"endpoint": url, "client_id": "abc"}, {}):
        show_status(Status("dev", "us-west-2", "1", stack, (), addresses))
    assert capsys.readouterr().out.split("For a rep's terminal:\n")[1].splitlines()[:2] == [
        f"  export DESKHAND_ENDPOINT_URL='{url}'",
        "  export DESKHAND_REP_CLIENT_ID=abc",
    ]
