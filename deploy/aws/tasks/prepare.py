"""The one-off task inside the network: roles, tables and, where they are wanted, sample records.

Aurora is reached from nowhere else. A deployment invokes this function after the stacks of the
data are there and before the desk gets new code. It may run any number of times: what is done stays
as it is. The passwords that it sets are made for one run, used for it, and known to nobody
afterwards; the desk logs in by IAM.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psycopg
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy.seed import load_aurora, load_dynamodb, sample_records
from deploy.seed.dynamodb import ITEM_KEYS, BatchWriteError
from tools.aurora.migrate import MigrationError
from tools.aurora.provisioning import OWNER, provision

AUTHORITIES = "rds-global-bundle.pem"  # at the package's root
SERVER = "AURORA_SERVER"  # host, port, name of the database and what TLS must prove
ADMINISTRATOR_SECRET = "ADMINISTRATOR_SECRET"  # noqa: S105 - the name of a variable
TABLE_PREFIX = "DESKHAND_TABLE_PREFIX"
READER_CONNECTIONS = "READER_CONNECTIONS"

# Aurora that has paused itself takes some 15 seconds to come back, and some more after days.
_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 3.0


class TaskFailedError(Exception):
    """The task cannot be done; the message is fit to be shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data goes.

    Attributes:
        server_dsn: how the administrator logs in to Aurora.
        dynamodb: a DynamoDB client.
        tables: what a table holds to its name.
        reader_connections: how many the desks may open to Aurora.
    """

    server_dsn: str
    dynamodb: Any
    tables: Mapping[str, str]
    reader_connections: int


def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Does it, and says what was done or, in one sentence, why it could not be."""
    config = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 4})
    root = Path(__file__).resolve().parents[3]
    try:
        place = place_of(
            os.environ,
            boto3.client("secretsmanager", config=config),
            boto3.client("dynamodb", config=config),
            authorities=root / AUTHORITIES,
        )
        return prepare(place, sample_data=bool(event.get("sample_data")))
    except TaskFailedError as failure:
        return {"ok": False, "message": str(failure)}


def place_of(
    environment: Mapping[str, str], vault: Any, dynamodb: Any, *, authorities: Path
) -> Place:
    """The place that the function's environment names, with the password out of the vault.

    Raises:
        TaskFailedError: the administrator's password cannot be read.
    """
    try:
        held = vault.get_secret_value(SecretId=environment[ADMINISTRATOR_SECRET])
        login = json.loads(held["SecretString"])
        server_dsn = make_conninfo(
            environment[SERVER],
            user=login["username"],
            password=login["password"],
            sslrootcert=str(authorities),
            connect_timeout=30,
        )
    except (BotoCoreError, ClientError) as failure:
        message = f"Aurora's administrator secret cannot be read ({_code(failure)})."
        raise TaskFailedError(message) from None
    prefix = environment[TABLE_PREFIX]
    return Place(
        server_dsn,
        dynamodb,
        {table: f"{prefix}-{table}" for table in ITEM_KEYS},
        int(environment[READER_CONNECTIONS]),
    )


def prepare(
    place: Place,
    *,
    sample_data: bool,
    patience: float = _PATIENCE_SECONDS,
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Brings roles and tables up to date, and loads the sample records when they are wanted.

    Returns:
        ``ok``, the ``migrations`` that ran now, and for ``sample_data`` which store had to be
        loaded; None when it is not wanted.

    Raises:
        TaskFailedError: with a sentence that holds nothing of the data.
    """
    database = str(conninfo_to_dict(place.server_dsn)["dbname"])
    password = secrets.token_urlsafe(32)
    loaded = None
    with _explained():
        _wait_for(place.server_dsn, patience, pause)
        migrations = provision(
            place.server_dsn,
            database=database,
            owner_password=password,
            reader_password=secrets.token_urlsafe(32),
            reader_connections=place.reader_connections,
        )
        if sample_data:
            owner_dsn = make_conninfo(place.server_dsn, user=OWNER, password=password)
            records = sample_records()
            loaded = {
                "aurora": load_aurora(owner_dsn, records),
                "dynamodb": load_dynamodb(place.dynamodb, place.tables, records),
            }
    return {"ok": True, "migrations": migrations, "sample_data": loaded}


def _wait_for(dsn: str, patience: float, pause: Callable[[float], None]) -> None:
    """Logs in as soon as Aurora answers."""
    limit = time.monotonic() + patience
    while True:
        try:
            psycopg.connect(dsn).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() >= limit:
                raise
        pause(_PAUSE_SECONDS)


@contextmanager
def _explained() -> Iterator[None]:
    """Says what failed without what a driver would say: a statement's text, or a record."""
    try:
        yield
    except MigrationError as failure:
        raise TaskFailedError(f"Aurora's tables: {failure}.") from None
    except psycopg.OperationalError as failure:
        state = f" (SQLSTATE {failure.sqlstate})" if failure.sqlstate else ""
        message = f"Aurora does not answer, or refuses its administrator's login{state}."
        raise TaskFailedError(message) from None
    except psycopg.Error as failure:
        raise TaskFailedError(f"Aurora refuses a step (SQLSTATE {failure.sqlstate}).") from None
    except (BotoCoreError, ClientError) as failure:
        raise TaskFailedError(f"DynamoDB refuses the records ({_code(failure)}).") from None
    except BatchWriteError as failure:
        raise TaskFailedError(str(failure)) from None


def _code(failure: BotoCoreError | ClientError) -> str:
    if isinstance(failure, ClientError):
        return f"{failure.response['Error']['Code']} at {failure.operation_name}"
    return type(failure).__name__
