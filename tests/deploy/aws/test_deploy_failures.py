"""What goes wrong is said in plain words: which resource, why, and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.aws.failures import DeployError
from deploy.aws.uploads import Place, upload
from tests.deploy.aws.deployment import Deployment, stack_names
from tests.deploy.aws.scripted_stack import Failure, RefusedError

CHANGING = ("CreateChangeSet", "ExecuteChangeSet", "DeleteStack")


def refused(deployment: Deployment, **options: Any) -> DeployError:
    """How a deployment stops."""
    with pytest.raises(DeployError) as stopped:
        deployment.run(**options)
    return stopped.value


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("deskhand-dev-reviews already exists in stack arn:…", "Something of this name is there"),
        ("User: … is not authorized to perform: dynamodb:CreateTable", "Let an administrator"),
        ("You have reached your quota of tables", "Raise it (Service Quotas)"),
        ('Resource handler returned message: "Exceeded attempts: timed out"', "get it done"),
        ("Something else", "The reason is AWS's own"),
    ],
)
def test_a_creation_that_fails_names_the_resource_the_reason_and_what_to_do(
    reason: str, advice: str, deployment: Deployment
) -> None:
    """The first cause, and not what CloudFormation cancelled because of it."""
    deployment.aws.stacks.failures["deskhand-dev-data"] = Failure("Reviews", reason)
    stopped = refused(deployment)
    assert (stopped.code, stopped.retryable) == ("stack_failed", False)
    said = str(stopped)
    assert "The stack deskhand-dev-data could not be made (ROLLBACK_COMPLETE)." in said
    assert f"  Reviews (AWS::DynamoDB::Table): {reason}\n    " in said
    assert advice in said
    assert "cancelled" not in said
    assert "run the same command again" in said
    assert f"deskhand-dev-data: Reviews FAILED: {reason}" in deployment.told
    assert list(deployment.aws.stacks.stacks) == list(stack_names())[:3]


def test_a_change_that_fails_leaves_what_was(deployed: Deployment) -> None:
    """The desk works as before, and the next try changes it again."""
    deployed.aws.stacks.failures["deskhand-dev-agent"] = Failure("Desk", "bad package")
    stopped = refused(deployed, revision="2")
    assert "could not be changed, and is as it was before (UPDATE_ROLLBACK_COMPLETE)" in str(
        stopped
    )
    assert "Desk (AWS::BedrockAgentCore::Runtime): bad package" in str(stopped)
    agent = deployed.aws.stacks.stacks["deskhand-dev-agent"]
    assert agent.parameters["DeskPackage"] == "packages/desk-1.zip"
    assert deployed.run(revision="2").stacks[-1].action == "updated"
    assert agent.parameters["DeskPackage"] == "packages/desk-2.zip"


def test_a_change_that_cannot_even_be_taken_back_says_how_to_go_on(deployed: Deployment) -> None:
    """Then, and the next time before anything is touched."""
    deployed.aws.stacks.failures["deskhand-dev-tools"] = Failure(
        "Gateway", "Internal Failure", ends="UPDATE_ROLLBACK_FAILED"
    )
    stopped = refused(deployed, revision="2")
    assert "could not be taken back either (UPDATE_ROLLBACK_FAILED)" in str(stopped)
    deployed.aws.stacks.calls.clear()
    stuck = refused(deployed, revision="2")
    assert stuck.code == "stuck"
    assert "continue-update-rollback --stack-name deskhand-dev-tools" in str(stuck)
    assert "Nothing was changed." in str(stuck)
    assert deployed.aws.stacks.done(*CHANGING) == []


@pytest.mark.parametrize("status", ["DELETE_FAILED", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_a_stuck_stack_stops_everything_before_it_begins(
    status: str, deployment: Deployment
) -> None:
    """All that are stuck are named at once."""
    for name in ("deskhand-dev-network", "deskhand-dev-agent"):
        deployment.aws.stacks.put(name, status)
    stopped = refused(deployment)
    assert stopped.code == "stuck"
    for name in ("deskhand-dev-network", "deskhand-dev-agent"):
        assert f"The stack {name} is in {status}." in str(stopped)
    assert deployment.aws.stacks.done(*CHANGING) == []


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("cloudformation:DescribeStacks", "cloudformation:DescribeStacks on "),
        ("cloudformation:CreateChangeSet", "cloudformation:CreateChangeSet on "),
        ("cloudformation:ExecuteChangeSet", "cloudformation:ExecuteChangeSet on "),
    ],
)
def test_a_missing_right_is_named(action: str, said: str, deployment: Deployment) -> None:
    """With the thing that it is about."""
    deployment.aws.forbid(action, "arn:aws:cloudformation:us-west-2:111122223333:stack/x/*")
    stopped = refused(deployment)
    assert stopped.code == "no_permission"
    assert f"These AWS credentials may not do {said}arn:aws:cloudformation:" in str(stopped)


@pytest.mark.parametrize(
    ("code", "status", "kind", "said"),
    [
        ("ExpiredToken", 403, "bad_settings", "The AWS credentials have expired. Sign in again"),
        ("InvalidClientTokenId", 403, "bad_settings", "AWS does not take these credentials"),
        ("OptInRequired", 403, "bad_settings", "us-west-2 is not switched on for this account"),
        ("Throttling", 400, "unreachable", "AWS asks to come back later"),
        ("ServiceUnavailable", 503, "unreachable", "AWS asks to come back later"),
        ("SlowDown", 503, "unreachable", "AWS asks to come back later"),
        ("InternalFailure", 500, "unreachable", "AWS asks to come back later"),
        ("Strange", 400, "refused", "AWS refused DescribeStacks (Strange): as it is"),
    ],
)
def test_what_aws_answers_instead_is_put_in_words(
    code: str, status: int, kind: str, said: str, deployment: Deployment
) -> None:
    """And whether the same command may succeed later."""
    deployment.aws.refused["DescribeStacks"] = RefusedError(code, "as it is", status)
    stopped = refused(deployment)
    assert (stopped.code, stopped.retryable) == (kind, kind == "unreachable")
    assert said in str(stopped)


def test_somebody_else_at_work_is_waited_for_and_then_named(deployed: Deployment) -> None:
    """Another operation is waited for; one that comes in between is named."""
    said = "Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated."
    deployed.aws.refused["ExecuteChangeSet"] = RefusedError("ValidationError", said)
    stopped = refused(deployed, revision="2")
    assert (stopped.code, stopped.retryable) == ("busy", True)
    assert "Somebody else is changing the stack deskhand-dev-tasks" in str(stopped)


def test_a_template_that_cloudformation_does_not_take_leaves_nothing_behind(
    deployment: Deployment,
) -> None:
    """No empty stack that would be in the way of the next try."""
    stacks = deployment.aws.stacks
    stacks.rejection = "No export named deskhand-dev-key-arn found."
    stopped = refused(deployment)
    assert "CloudFormation does not take the stack deskhand-dev-foundation" in str(stopped)
    assert "A stack that it builds on is missing or older." in str(stopped)
    assert stacks.stacks == {}
    stacks.rejection = ""
    assert len(deployment.run().stacks) == 8


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (
            {"ok": False, "message": "Aurora does not answer."},
            "could not prepare the data: Aurora does not answer.",
        ),
        (
            {"errorType": "KeyError", "errorMessage": "'jane@example.com'"},
            "could not prepare the data: it broke off (KeyError)",
        ),
    ],
)
def test_a_task_that_fails_says_why_and_is_done_again(
    result: dict[str, Any], said: str, deployment: Deployment
) -> None:
    """Before the desk gets new code; a fault's own text may hold data and is left in the log."""
    deployment.aws.tasks = [result, {"ok": True, "migrations": [], "sample_data": None}]
    stopped = refused(deployment)
    assert stopped.code == "task_failed"
    assert said in str(stopped)
    assert "Its log: /aws/lambda/deskhand-dev-tasks." in str(stopped)
    assert "jane" not in str(stopped)
    assert "deskhand-dev-agent" not in deployment.aws.stacks.stacks
    assert deployment.run().task == {"migrations": [], "sample_data": None}
    assert len(deployment.aws.invoked) == 2


@pytest.mark.parametrize("word", ["ResourceNotReadyException", "ResourceConflictException"])
def test_a_task_that_was_not_called_for_weeks_is_woken(word: str, deployment: Deployment) -> None:
    """AWS takes its network interface away meanwhile, and the next call only brings it back."""
    asleep = RefusedError(word, "The function is inactive", 502)
    done = {"ok": True, "migrations": [], "sample_data": None}
    deployment.aws.tasks = [asleep, asleep, done]
    assert deployment.run().task == {"migrations": [], "sample_data": None}
    deployment.aws.tasks = [asleep]
    stopped = refused(deployment)
    assert (stopped.code, stopped.retryable) == ("timeout", True)


def test_a_change_set_whose_answer_was_lost_can_be_asked_for_again(deployment: Deployment) -> None:
    """AWS's library asks again by itself; the token says that it is the same one."""
    asked: list[dict[str, Any]] = []
    deployment.client("cloudformation").meta.events.register(
        "before-parameter-build.cloudformation.CreateChangeSet",
        lambda params, **others: asked.append(dict(params)),
    )
    deployment.run()
    assert asked
    assert [given.get("ClientToken") for given in asked] == [
        given["ChangeSetName"] for given in asked
    ]


def test_packages_under_the_key_of_an_earlier_environment_are_uploaded_again(
    deployed: Deployment,
) -> None:
    """Its bucket is taken up, but its key may be scheduled for deletion."""
    assert deployed.run().uploaded == ()
    now, deployed.aws.object_key = deployed.aws.object_key, "arn:aws:kms:us-west-2:1:key/earlier"
    assert deployed.run().uploaded[0].startswith("packages/")
    assert deployed.aws.object_key == now
    assert deployed.run().uploaded == ()


def test_a_package_that_is_missing_is_named(deployment: Deployment) -> None:
    """A manifest may be older than its folder."""
    told: list[str] = []
    client = deployment.client("s3")
    with pytest.raises(DeployError, match=r"desk-1\.zip is missing") as stopped:
        upload(
            client,
            Place("bucket", "key"),
            {"packages/x": "desk-1.zip"},
            deployment.folder,
            told.append,
        )
    assert stopped.value.code == "package_failed"
    assert told == []
