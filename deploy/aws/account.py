"""The AWS account and region that a deployment goes to, and its clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from agent.aws_session import new_core
from deploy.aws.failures import DeployError, explained
from deploy.aws.templates import regions

ATTEMPTS = 6  # before AWS's word that it is too busy is taken for its last
# The one-off task answers when it is done; asked twice it would be done twice.
_SLOW = Config(
    connect_timeout=5, read_timeout=660, tcp_keepalive=True, retries={"total_max_attempts": 1}
)

Client = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Where a deployment goes.

    Attributes:
        number: of the account.
        caller: whose credentials these are, as an ARN.
        region: the AWS region.
        client: gives the client of a service by its name.
    """

    number: str
    caller: str
    region: str
    client: Client


def open_account(region: str | None, *, attempts: int = ATTEMPTS) -> Account:
    """The account that the AWS credentials of this machine belong to.

    Args:
        region: None takes the one of AWS_REGION or of AWS's configuration.
        attempts: how often AWS is asked for one thing at most, with pauses that grow.

    Raises:
        DeployError: there are no credentials or no region, AWS does not take them, or the stacks do
            not know the region.
    """
    with explained(region or "the region"):
        session = boto3.Session(botocore_session=new_core(), region_name=region)
        chosen = region or session.region_name
    if chosen not in regions():
        raise DeployError(
            "bad_settings",
            f"{f'The stacks do not know the region {chosen}' if chosen else 'No region is named'}."
            f" Choose one with --region: {', '.join(regions())}; another one needs its zones in"
            " deploy/aws/network.yaml first.",
        )

    patient = {"mode": "standard", "total_max_attempts": attempts}
    usual = Config(connect_timeout=5, read_timeout=60, retries=patient)

    @cache
    def client(service: str) -> Any:
        config = _SLOW if service == "lambda" else usual
        return session.client(service, region_name=chosen, config=config)

    with explained(chosen):
        caller = client("sts").get_caller_identity()
    return Account(str(caller["Account"]), str(caller["Arn"]), chosen, client)
