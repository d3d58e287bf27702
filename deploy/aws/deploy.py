"""Brings an environment to what this repository says: stack by stack, as often as one likes.

Every step looks first at what is there, so a deployment that was interrupted goes on where it
stopped, and one without a change changes nothing. Written against CloudFormation's documentation
and service model, and tested with stand-ins for it; never run in an AWS account so far.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.aws.account import Account
from deploy.aws.archive import PackageError
from deploy.aws.contents import ROOT
from deploy.aws.failures import DeployError, explained
from deploy.aws.package import MANIFEST, build_all
from deploy.aws.stack_state import FAILED_CREATION, Found
from deploy.aws.stack_work import StackWork, Tell
from deploy.aws.target import Target, refuse_stuck
from deploy.aws.task_run import run_task
from deploy.aws.templates import STACKS, Stack
from deploy.aws.uploads import Place, upload

FIRST_QUESTION = "Who is customer CUST003, and which orders does he have?"
OUT = ROOT / "build/aws"
# What a person or a program needs to use a deployment, and where it comes from.
ADDRESSES = {
    "endpoint": ("agent", "InvocationUrl"),
    "issuer": ("identity", "Issuer"),
    "sign_in": ("identity", "SignInUrl"),
    "client_id": ("identity", "RepClientId"),
    "user_pool": ("identity", "UserPoolId"),
    "gateway": ("tools", "GatewayUrl"),
    "catalog": ("tools", "CatalogUrl"),
    "dashboard": ("agent", "Dashboard"),
    "log_group": ("agent", "LogGroup"),
}

Outputs = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Packages:
    """Finished packages: their folder and what is in it."""

    folder: Path
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StackResult:
    """What became of a stack: created, updated or unchanged."""

    name: str
    action: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Deployed:
    """A finished deployment."""

    environment: str
    region: str
    account: str
    stacks: tuple[StackResult, ...]
    uploaded: tuple[str, ...]
    task: Mapping[str, Any]
    addresses: Mapping[str, str]
    first_question: str = FIRST_QUESTION

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"ok": True, **asdict(self)}


def make_packages(authorities: Path | None, tell: Tell, *, out: Path = OUT) -> Packages:
    """Makes the packages of this repository.

    Raises:
        DeployError: one cannot be made.
    """
    tell("making the packages (the first time downloads their dependencies)")
    try:
        return Packages(out, build_all(out, authorities=authorities, say=tell))
    except (PackageError, OSError) as failure:
        raise DeployError("package_failed", f"The packages cannot be made: {failure}") from None


def read_packages(folder: Path) -> Packages:
    """Packages that were made before.

    Raises:
        DeployError: the folder holds none, or not all.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = {}
    wanted = {stack.name for stack in STACKS if stack.packages}
    if wanted - manifest.get("parameters", {}).keys() or not manifest.get("packages"):
        raise DeployError(
            "bad_settings",
            f"{folder} holds no packages, or not all of them; make them with"
            f" python -m deploy.aws.package --out {folder}",
        )
    return Packages(folder, manifest)


def deploy(
    account: Account,
    target: Target,
    packages: Packages,
    work: StackWork,
    *,
    sample_data: bool,
    clock: Callable[[], float] = time.monotonic,
) -> Deployed:
    """Deploys, or goes on with a deployment.

    Args:
        account: where to.
        target: what environment.
        packages: finished ones.
        work: CloudFormation.
        sample_data: whether the sample records are loaded.
        clock: seconds that only grow.

    Raises:
        DeployError: it stops; the message says why and what to do.
    """
    results: list[StackResult] = []
    outputs: dict[str, Mapping[str, str]] = {}
    uploaded: list[str] = []
    task: dict[str, Any] = {}
    with explained(account.region):
        refuse_stuck({stack.name: work.find(target.stack_name(stack)) for stack in STACKS})
        for stack in STACKS:
            started = clock()
            found, action = _apply(work, target, stack, packages.manifest)
            results.append(StackResult(found.name, action, round(clock() - started, 1)))
            outputs[stack.name] = found.outputs
            if stack.name == "foundation":
                uploaded = _upload(account, packages, found, work.tell)
            if stack.name == "tasks":
                work.tell(f"{found.name}: preparing the data; a paused Aurora wakes up first")
                client = account.client("lambda")
                task = run_task(client, target.prefix, sample_data=sample_data, pause=work.pause)
    return Deployed(
        environment=target.environment,
        region=account.region,
        account=account.number,
        stacks=tuple(results),
        uploaded=tuple(uploaded),
        task=task,
        addresses=addresses(outputs),
    )


def _upload(account: Account, packages: Packages, foundation: Found, tell: Tell) -> list[str]:
    place = Place(foundation.outputs["PackagesBucket"], foundation.outputs["KeyArn"])
    client = account.client("s3")
    return upload(client, place, packages.manifest["packages"], packages.folder, tell)


def addresses(outputs: Outputs) -> dict[str, str]:
    """What is known of a deployment's addresses."""
    return {
        name: outputs[stack][output]
        for name, (stack, output) in ADDRESSES.items()
        if output in outputs.get(stack, {})
    }


def _apply(
    work: StackWork, target: Target, stack: Stack, manifest: Mapping[str, Any]
) -> tuple[Found, str]:
    """The stack as it shall be, and what had to be done for it."""
    name = target.stack_name(stack)
    found = work.settled(name)
    if found is not None and found.status == FAILED_CREATION:
        work.tell(f"{name}: an earlier attempt failed and was taken back; removing what it left")
        work.remove(found)
        found = None
    refuse_stuck({name: found})
    change = work.prepare(stack, name, found, target.parameters(stack, manifest), target.tags)
    if change is None:
        if found is None:
            raise AssertionError("CloudFormation finds no change in a stack that is not there")
        work.tell(f"{name}: unchanged")
        return found, "unchanged"
    work.tell(f"{name}: {'creating' if change.creates else 'updating'}")
    changed = work.execute(change)
    return changed, "created" if change.creates else "updated"
