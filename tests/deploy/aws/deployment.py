"""A deployment to a scripted account: what the tests of deploying share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
from botocore.config import Config

from deploy.aws.account import Account
from deploy.aws.deploy import Deployed, Packages, deploy
from deploy.aws.stack_state import Limits
from deploy.aws.stack_work import StackWork
from deploy.aws.target import EnvironmentName, Target
from deploy.aws.templates import STACKS
from tests.deploy.aws.cloudformation import ACCOUNT, REGION
from tests.deploy.aws.scripted_aws import CALLER, ScriptedAws, scripted_aws

SERVICES = {"cloudformation", "s3", "lambda", "sts"}


class Time:
    """A clock that only pauses move on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds so far."""
        return self.now

    def pause(self, seconds: float) -> None:
        """Lets time go by."""
        self.now += seconds


@dataclass
class Deployment:
    """What ``./deskhand deploy`` does, without the command line.

    Attributes:
        aws: the account.
        folder: of the packages.
        environment: dev or prod.
        others: clients of services that the scripted account does not have.
        told: what was said, in order.
        time: of the waits.
        clients: those that were opened, by service.
    """

    aws: ScriptedAws
    folder: Path
    environment: EnvironmentName = "dev"
    others: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    time: Time = field(default_factory=Time)
    clients: dict[str, Any] = field(default_factory=dict)

    def account(self) -> Account:
        """The scripted account."""
        return Account(ACCOUNT, CALLER, REGION, self.client)

    def client(self, service: str) -> Any:
        """A real client of AWS's library, led to the scripted account."""
        if service not in SERVICES:
            return self.others[service]
        if service not in self.clients:
            self.clients[service] = boto3.client(
                service,
                region_name=REGION,
                endpoint_url=self.aws.url,
                aws_access_key_id="AKIDEXAMPLE",
                aws_secret_access_key="secret",
                config=Config(retries={"total_max_attempts": 1}, proxies={}),
            )
        return self.clients[service]

    def work(self) -> StackWork:
        """CloudFormation, with a clock of the test's own."""
        client = self.client("cloudformation")
        limits = Limits(operation=60)
        return StackWork(client, self.told.append, limits, self.time.pause, self.time)

    def target(self, **options: str) -> Target:
        """The environment."""
        return Target(self.environment, options)

    def run(self, *, sample_data: bool = True, revision: str = "1", **options: str) -> Deployed:
        """Deploys the packages of a revision."""
        packages = packages_in(self.folder, revision)
        return deploy(
            self.account(),
            self.target(**options),
            packages,
            self.work(),
            sample_data=sample_data,
            clock=self.time,
        )


def put_deployed(aws: ScriptedAws) -> None:
    """Gives an account what a deployment of the first revision leaves in it."""
    made = _after_a_deployment()
    instantly = aws.stacks.instantly
    aws.stacks, aws.objects = deepcopy((made.stacks, made.objects))
    aws.object_key = made.object_key
    aws.stacks.instantly = instantly
    aws.stacks.calls.clear()


@cache
def _after_a_deployment() -> ScriptedAws:
    """An account after one: it is a hundred requests, and many tests begin where it ended."""
    with scripted_aws(instantly=True) as aws, TemporaryDirectory() as folder:
        Deployment(aws, Path(folder)).run()
    return aws


def packages_in(folder: Path, revision: str = "1") -> Packages:
    """Stand-ins for packages, with the manifest that belongs to them."""
    names = ("desk", "catalog", "lambda", "tasks")
    keys = {name: f"packages/{name}-{revision}.zip" for name in names}
    for name in names:
        (folder / f"{name}-{revision}.zip").write_bytes(name.encode() * 100)
    manifest = {
        "packages": {key: key.removeprefix("packages/") for key in keys.values()},
        "parameters": {
            stack.name: {parameter: keys[package] for parameter, package in stack.packages}
            for stack in STACKS
            if stack.packages
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return Packages(folder, manifest)


def stack_names(prefix: str = "deskhand-dev") -> Iterator[str]:
    """All stacks of an environment, in their order."""
    return (f"{prefix}-{stack.name}" for stack in STACKS)
