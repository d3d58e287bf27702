"""``./deskhand deploy``: to AWS, stack by stack."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.entrypoints.command_line import (
    DONE,
    TURN_FAILED,
    UNREACHABLE,
    WRONG_USE,
    CommandFailed,
    ExampleCommand,
    json_option,
    say,
    stdout_for_one_document,
)

if TYPE_CHECKING:
    from deploy.aws.account import Account
    from deploy.aws.deploy import Packages
    from deploy.aws.failures import DeployError
    from deploy.aws.stack_work import StackWork
    from deploy.aws.target import Target

_EXIT_CODES = {
    "bad_settings": WRONG_USE,
    "no_permission": WRONG_USE,
    "unreachable": UNREACHABLE,
    "busy": UNREACHABLE,
    "timeout": UNREACHABLE,
}
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand deploy --region us-west-2 --env dev --plan",
        "./deskhand deploy --region us-west-2 --env dev",
        "./deskhand deploy --region us-west-2 --env prod --set MaxCapacity=64 --set MoreReaders=2",
        "./deskhand deploy --region us-west-2 --env dev --status --json",
        "./deskhand deploy --region us-west-2 --env dev --destroy",
    ],
    exit_codes="0 done, 1 AWS could not do it, 2 wrong credentials, rights, region or options,"
    " 3 AWS does not answer, or something of the deployment is not well",
)
@click.option("--region", metavar="REGION", help="Where to; without it AWS's own configuration.")
@click.option(
    "--env",
    "environment",
    type=click.Choice(["dev", "prod"]),
    default="dev",
    show_default=True,
    help="prod: two of everything, kept longer, and protected against deletion.",
)
@click.option("--plan", "planned", is_flag=True, help="Show what would change; change nothing.")
@click.option("--status", "asked", is_flag=True, help="Show addresses and health.")
@click.option("--destroy", "destroyed", is_flag=True, help="Remove the environment, after asking.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@click.option("--model", "model_id", metavar="ID", help="Bedrock inference profile of the desk.")
@click.option("--alarm-email", metavar="ADDRESS", help="Who gets the alarms.")
@click.option(
    "--traces/--no-traces",
    default=None,
    help="Send traces to X-Ray; the account needs CloudWatch's Transaction Search.",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the stacks, such as MaxCapacity=64; it stays until it is given anew.",
)
@click.option(
    "--sample-data/--no-sample-data",
    default=None,
    help="Load the sample records; in dev that is so, in prod it is not.",
)
@click.option("--packages", type=_FOLDER, metavar="DIR", help="Packages that were made before.")
@click.option("--authorities", type=_FILE, metavar="FILE", help="RDS's global-bundle.pem.")
@json_option
@click.pass_context
def deploy(context: click.Context, /, **options: Any) -> None:
    """Bring this repository to AWS, or go on with that.

    Stacks, packages, tables and sample records, in that order; the same command again changes
    nothing, or goes on where an interrupted one stopped. It has never been run in an AWS account:
    CloudFormation was stood in for.
    """
    from deploy.aws.failures import DeployError

    chosen = [name for name in ("planned", "asked", "destroyed") if options[name]]
    if len(chosen) > 1:
        raise click.UsageError("Choose one of --plan, --status and --destroy.")
    do = {"planned": _plan, "asked": _status, "destroyed": _destroy}
    try:
        code = do[chosen[0]](options) if chosen else _deploy(options)
    except DeployError as failure:
        raise _failed(failure) from None
    except KeyboardInterrupt:
        if not (options["planned"] or options["asked"]):
            say("AWS goes on with what it has begun. Run the same command again to follow it.")
        raise
    context.exit(code)


def _failed(failure: DeployError) -> CommandFailed:
    exit_code = _EXIT_CODES.get(failure.code, TURN_FAILED)
    return CommandFailed(
        failure.code, str(failure), exit_code=exit_code, retryable=failure.retryable
    )


def _place(options: dict[str, Any]) -> tuple[Account, Target, StackWork]:
    """Where to, what, and by whom; asks AWS who these credentials are."""
    from deploy.aws.account import open_account
    from deploy.aws.stack_work import StackWork
    from deploy.aws.target import Target, chosen_parameters

    given = chosen_parameters(options["given"])
    named = {"ModelId": options["model_id"], "AlarmEmail": options["alarm_email"]}
    given |= {name: value for name, value in named.items() if value}
    if options["traces"] is not None:
        given["Traces"] = "xray" if options["traces"] else "none"
    account = open_account(options["region"])
    target = Target(options["environment"], given)
    say(f"{target.prefix} in {account.region}, account {account.number}, as {account.caller}")
    return account, target, StackWork(account.client("cloudformation"), say)


def _packages(options: dict[str, Any]) -> Packages:
    from deploy.aws.deploy import make_packages, read_packages

    if options["packages"]:
        return read_packages(options["packages"])
    return make_packages(options["authorities"], say)


def _deploy(options: dict[str, Any]) -> int:
    from agent.entrypoints.deployment_report import show_deployed
    from deploy.aws.deploy import deploy as run
    from deploy.aws.traces import require_destination

    wanted = options["sample_data"]
    with stdout_for_one_document() as write:
        account, target, work = _place(options)
        require_destination(account, target)
        done = run(
            account,
            target,
            _packages(options),
            work,
            sample_data=target.environment == "dev" if wanted is None else wanted,
        )
        if options["as_json"]:
            write(done.to_dict())
    if not options["as_json"]:
        show_deployed(done)
    return DONE


def _plan(options: dict[str, Any]) -> int:
    from agent.entrypoints.deployment_report import show_plan
    from deploy.aws.plan import plan

    with stdout_for_one_document() as write:
        account, target, work = _place(options)
        plans = plan(account, target, _packages(options).manifest, work)
        if options["as_json"]:
            write({"ok": True, "stacks": [held.to_dict() for held in plans]})
    if not options["as_json"]:
        show_plan(plans)
    return DONE


def _status(options: dict[str, Any]) -> int:
    from agent.entrypoints.deployment_report import show_status
    from deploy.aws.status import status

    with stdout_for_one_document() as write:
        account, target, work = _place(options)
        found = status(account, target, work)
        if options["as_json"]:
            write(found.to_dict())
    if not options["as_json"]:
        show_status(found)
    return DONE if found.ok else UNREACHABLE


def _destroy(options: dict[str, Any]) -> int:
    from agent.entrypoints.deployment_report import show_removal
    from deploy.aws.removal import examine, remove

    with stdout_for_one_document() as write:
        account, target, work = _place(options)
        removal = examine(account, target, work)
        if removal.stacks and not options["yes"]:
            _confirm(target, removal.stacks)
        remove(account, target, work)
        if options["as_json"]:
            write(removal.to_dict())
    if not options["as_json"]:
        show_removal(removal)
    return DONE


def _confirm(target: Target, stacks: tuple[str, ...]) -> None:
    """Asks at a terminal; anywhere else the answer must be given with the command.

    Raises:
        click.UsageError: nobody can be asked.
        CommandFailed: the answer is no.
    """
    if not sys.stdin.isatty():
        raise click.UsageError("--destroy asks first, and here nobody can answer: add --yes.")
    say(f"To be removed: {', '.join(stacks)}.")
    say("With them go the tables, the reps' logins and all conversations, for good.")
    typed = click.prompt(f"Type {target.prefix} to remove it", default="", err=True)
    if typed != target.prefix:
        raise CommandFailed("refused", "Nothing was removed.")
