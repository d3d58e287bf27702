"""Starts the desk in AgentCore Runtime: ``main.py`` at the root of the desk's package.

A runtime's environment can be read by whoever may describe the runtime, so a secret is not in it. A
variable that belongs to a secret holds the secret's address in Secrets Manager; it is fetched here,
before the settings are read.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from agent.entrypoints.cli import main as run

AUTHORITIES = "rds-global-bundle.pem"

_SECRET = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:\S+")


Fetch = Callable[[str], Mapping[str, str]]


def main() -> None:
    """Serves the AgentCore Runtime contract on port 8080; arguments are ``deskhand serve``'s."""
    prepare(os.environ, Path(__file__).parent, _fetch)
    # AgentCore calls from outside.
    sys.argv[1:] = ["serve", "--stack", "aws", "--host", "0.0.0.0", *sys.argv[1:]]  # noqa: S104
    run()


def prepare(environment: MutableMapping[str, str], package: Path, fetch: Fetch) -> None:
    """Puts secrets in place of their addresses, and says where Aurora's authorities are."""
    environment.update(secrets_in(environment, fetch))
    if (package / AUTHORITIES).exists():
        environment["PGSSLROOTCERT"] = str(package / AUTHORITIES)  # as libpq knows it


def secrets_in(environment: Mapping[str, str], fetch: Fetch) -> dict[str, str]:
    """The variables that hold a secret's address, each with the secret in its place.

    A secret is a JSON object; ``DESKHAND_CLIENT_SECRET`` takes its ``client_secret``.

    Raises:
        SystemExit: a secret cannot be had; the message names the variable and no value.
    """
    found = {}
    for name, value in environment.items():
        if not _SECRET.fullmatch(value):
            continue
        try:
            found[name] = str(fetch(value)[name.removeprefix("DESKHAND_").lower()])
        except (BotoCoreError, ClientError, KeyError, ValueError) as failure:
            cause = type(failure).__name__
            if isinstance(failure, ClientError):
                cause = failure.response["Error"]["Code"]
            raise SystemExit(f"{name}: its secret cannot be read ({cause}).") from None
    return found


def _fetch(address: str) -> Mapping[str, str]:
    config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3})
    client = boto3.client("secretsmanager", region_name=address.split(":")[3], config=config)
    held: Mapping[str, str] = json.loads(client.get_secret_value(SecretId=address)["SecretString"])
    return held


if __name__ == "__main__":
    main()
