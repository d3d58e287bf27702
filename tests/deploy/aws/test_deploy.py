"""Deploying to an account that does what it is told: order, no change, changes, going on."""

from __future__ import annotations

import pytest

from deploy.aws.deploy import FIRST_QUESTION, read_packages
from deploy.aws.failures import DeployError
from deploy.aws.plan import plan
from tests.deploy.aws.cloudformation import template
from tests.deploy.aws.deployment import Deployment, packages_in, stack_names
from tests.deploy.aws.scripted_stack import Failure
from tests.deploy.aws.scripted_stacks import members, no_change

CHANGING = ("CreateChangeSet", "ExecuteChangeSet", "DeleteStack")


def actions(deployment: Deployment) -> dict[str, str]:
    """What became of each stack in a deployment now."""
    return {held.name.rpartition("-")[2]: held.action for held in deployment.run().stacks}


def test_everything_is_made_in_order_and_said(deployment: Deployment) -> None:
    """Each stack by a change set, then the addresses and a first question."""
    done = deployment.run()
    assert deployment.aws.stacks.done("ExecuteChangeSet") == list(stack_names())
    assert {held.action for held in done.stacks} == {"created"}
    assert {stack.status for stack in deployment.aws.stacks.stacks.values()} == {"CREATE_COMPLETE"}
    assert done.addresses["endpoint"] == "deskhand-dev-agent.InvocationUrl"
    assert done.addresses["sign_in"] == "deskhand-dev-identity.SignInUrl"
    assert done.to_dict()["first_question"] == FIRST_QUESTION
    assert "deskhand-dev-network: Network made" in deployment.told


def test_packages_are_there_before_who_needs_them_and_the_data_before_the_desk(
    deployment: Deployment,
) -> None:
    """The bucket is of the first stack; the task's stack comes before the desk's."""
    done = deployment.run()
    bucket = "/deskhand-dev-foundation.PackagesBucket/"
    names = {"desk", "catalog", "lambda", "tasks"}
    assert set(deployment.aws.objects) == {f"{bucket}packages/{name}-1.zip" for name in names}
    assert set(done.uploaded) == {f"packages/{name}-1.zip" for name in names}
    assert deployment.aws.invoked == [{"sample_data": True}]
    assert done.task["migrations"] == ["0001_store_and_desk"]
    said = "\n".join(deployment.told)
    assert said.index("foundation: Packages made") < said.index("uploading desk-1.zip")
    assert said.index("tasks: Prepare made") < said.index("preparing the data")
    assert said.index("preparing the data") < said.index("agent: creating")


def test_each_stack_gets_its_names_its_packages_and_leave_to_make_roles(
    deployment: Deployment,
) -> None:
    """And the tags by which its cost is told from others'."""
    deployment.run(ModelId="eu.anthropic.claude-sonnet-4-6")
    wanted = deployment.aws.stacks.wanted
    given = {name.removeprefix("deskhand-dev-"): one for name, one in wanted.items()}
    parameters = {
        name: {held["ParameterKey"]: held["ParameterValue"] for held in members(one, "Parameters")}
        for name, one in given.items()
    }
    assert parameters["foundation"] == {"Prefix": "deskhand-dev"}
    assert parameters["network"] == {"Prefix": "deskhand-dev", "Environment": "dev"}
    assert parameters["tasks"]["TasksPackage"] == "packages/tasks-1.zip"
    assert parameters["tools"]["LambdaPackage"] == "packages/lambda-1.zip"
    assert parameters["agent"]["ModelId"] == "eu.anthropic.claude-sonnet-4-6"
    assert "AlarmEmail" not in parameters["agent"]
    roles = {name for name, one in given.items() if "Capabilities.member.1" in one}
    assert roles == {"tasks", "tools", "agent"}
    assert {one["Capabilities.member.1"] for name, one in given.items() if name in roles} == {
        "CAPABILITY_IAM"
    }
    assert {one["Tags.member.2.Value"] for one in given.values()} == {"dev"}
    assert {name for name, one in given.items() if "ImportExistingResources" in one} == {
        "foundation"
    }


def test_without_a_change_nothing_is_changed(deployed: Deployment) -> None:
    """The same again asks CloudFormation, uploads nothing and executes nothing."""
    deployed.aws.tasks = [{"ok": True, "migrations": [], "sample_data": None}]
    again = deployed.run()
    assert {held.action for held in again.stacks} == {"unchanged"}
    assert again.uploaded == ()
    assert deployed.aws.stacks.done("ExecuteChangeSet", "DeleteStack") == []
    assert again.addresses["endpoint"] == "deskhand-dev-agent.InvocationUrl"
    assert deployed.aws.stacks.change_sets == {}  # none is left lying about


def test_a_new_package_changes_the_stacks_that_take_it(deployment: Deployment) -> None:
    """And no other; an option that was given once stays as it was."""
    deployment.run(ModelId="eu.anthropic.claude-sonnet-4-6")
    done = deployment.run(revision="2")
    changed = {held.name for held in done.stacks if held.action == "updated"}
    assert changed == {"deskhand-dev-tasks", "deskhand-dev-tools", "deskhand-dev-agent"}
    agent = deployment.aws.stacks.stacks["deskhand-dev-agent"].parameters
    assert agent["ModelId"] == "eu.anthropic.claude-sonnet-4-6"
    assert agent["DeskPackage"] == "packages/desk-2.zip"


def test_two_environments_stand_side_by_side(deployed: Deployment) -> None:
    """Names carry the environment; the sample records are loaded where they are wanted."""
    deployed.environment = "prod"
    deployed.run(sample_data=False)
    assert set(deployed.aws.stacks.stacks) == {
        *stack_names(),
        *stack_names("deskhand-prod"),
    }
    assert deployed.aws.invoked == [{"sample_data": False}]
    network = deployed.aws.stacks.stacks["deskhand-prod-network"]
    assert network.parameters == {"Prefix": "deskhand-prod", "Environment": "prod"}


def test_an_interrupted_deployment_goes_on_where_it_stopped(deployment: Deployment) -> None:
    """One stack is being made, one was only looked at; those before are done."""
    deployment.aws.stacks.hanging.add("deskhand-dev-database")
    with pytest.raises(DeployError) as stopped:
        deployment.run()
    assert (stopped.value.code, stopped.value.retryable) == ("timeout", True)
    assert "deskhand-dev-database: AWS is still at work (CREATE_IN_PROGRESS)" in str(stopped.value)
    database = deployment.aws.stacks.stacks["deskhand-dev-database"]
    database.template = "Resources: {}"
    database.steps += [no_change, no_change, lambda: database.becomes("CREATE_COMPLETE")]
    deployment.aws.stacks.put("deskhand-dev-tasks", "REVIEW_IN_PROGRESS")
    deployment.aws.stacks.hanging.clear()
    deployment.aws.stacks.calls.clear()
    found = actions(deployment)
    assert "deskhand-dev-database: an operation is running (CREATE_IN_PROGRESS)" in "".join(
        deployment.told
    )
    assert found["network"] == "unchanged"
    assert found["database"] == "updated"
    assert found["tasks"] == found["agent"] == "created"
    assert len(deployment.aws.stacks.stacks) == 8


def test_what_was_taken_back_is_made_anew(deployment: Deployment) -> None:
    """A stack whose creation failed can only be removed; that is done without being asked."""
    deployment.aws.stacks.failures["deskhand-dev-network"] = Failure("Network", "no more VPCs")
    with pytest.raises(DeployError, match="could not be made"):
        deployment.run()
    assert actions(deployment)["network"] == "created"
    assert "deskhand-dev-network: an earlier attempt failed and was taken back" in "".join(
        deployment.told
    )
    assert [stack.name for stack in deployment.aws.stacks.removed] == ["deskhand-dev-network"]


def test_a_plan_of_an_empty_account_tells_what_would_be_made(deployment: Deployment) -> None:
    """From the templates; nothing is asked for that would leave a trace."""
    manifest = packages_in(deployment.folder).manifest
    plans = plan(deployment.account(), deployment.target(), manifest, deployment.work())
    assert [held.name for held in plans] == list(stack_names())
    assert {held.action for held in plans} == {"create"}
    for held in plans:
        made = template(held.name.removeprefix("deskhand-dev-"))["Resources"]
        assert sum((held.resources or {}).values()) == len(made)
    assert deployment.aws.stacks.done(*CHANGING) == []


def test_a_plan_tells_what_a_change_would_do_and_does_not_do_it(deployed: Deployment) -> None:
    """Each change set is thrown away again."""
    manifest = packages_in(deployed.folder, "2").manifest
    plans = plan(deployed.account(), deployed.target(), manifest, deployed.work())
    by_name = {held.name.rpartition("-")[2]: held for held in plans}
    assert by_name["network"].action == "none"
    assert by_name["agent"].action == "update"
    assert ("Modify", "Desk") in {(held.action, held.resource) for held in by_name["agent"].changes}
    assert deployed.aws.stacks.done("ExecuteChangeSet", "DeleteStack") == []
    assert deployed.aws.stacks.change_sets == {}
    assert actions(deployed)["agent"] == "unchanged"


def test_a_plan_names_what_is_running_and_what_is_stuck(deployment: Deployment) -> None:
    """Without touching it."""
    deployment.aws.stacks.put("deskhand-dev-network", "UPDATE_IN_PROGRESS")
    deployment.aws.stacks.put("deskhand-dev-data", "UPDATE_ROLLBACK_FAILED")
    deployment.aws.stacks.put("deskhand-dev-agent", "ROLLBACK_COMPLETE")
    manifest = packages_in(deployment.folder).manifest
    plans = plan(deployment.account(), deployment.target(), manifest, deployment.work())
    told = {held.name.rpartition("-")[2]: (held.action, held.detail) for held in plans}
    assert told["network"] == ("wait", "an operation is running (UPDATE_IN_PROGRESS)")
    assert told["data"][0] == "stuck"
    assert "continue-update-rollback --stack-name deskhand-dev-data" in told["data"][1]
    assert told["agent"] == (
        "create",
        "what is left of an earlier attempt (ROLLBACK_COMPLETE) goes",
    )
    assert deployment.aws.stacks.done(*CHANGING) == []


def test_packages_that_were_made_before_are_all_needed(deployment: Deployment) -> None:
    """A folder with none, or with those of an older version, is refused with what to do."""
    with pytest.raises(DeployError, match=r"holds no packages.*python -m deploy\.aws\.package"):
        read_packages(deployment.folder)
    packages = packages_in(deployment.folder)
    assert read_packages(deployment.folder).manifest == packages.manifest
    (deployment.folder / "manifest.json").write_text('{"packages": {}, "parameters": {}}')
    with pytest.raises(DeployError, match="or not all of them"):
        read_packages(deployment.folder)
