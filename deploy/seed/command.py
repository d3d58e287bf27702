"""What ``./deskhand seed`` does: sample data, and generated data on demand, into the stack."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from agent.aws_session import open_session
from deploy.local.errors import StateError
from deploy.local.state import state_folder, write_private
from deploy.seed.aurora import load_aurora
from deploy.seed.bulk import IdsTakenError
from deploy.seed.dynamodb import ITEM_KEYS, BatchWriteError, load_dynamodb
from deploy.seed.generate import Generated, Progress, generate
from deploy.seed.generated_items import THREADS
from deploy.seed.plan import Planted, Size
from deploy.seed.records import sample_records

# The local DynamoDB keeps all in memory (10 MB for 1,000 customers with what is theirs), takes
# some 1,500 items a second, looks through a whole table for each question to an index (20 ms with
# 5,000 customers, 60 ms with 20,000) and writes everything out when it stops (3 s and 7 s).
DYNAMODB_CUSTOMERS = 5_000
DEFAULT_PREFIX = "deskhand-dev"
OWNER_DSN = "DESKHAND_OWNER_DSN"


class SeedSettingsError(Exception):
    """A setting or an option is wrong or missing; the message says which and what to do."""


class SeedUnavailableError(Exception):
    """A store does not answer or refuses; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What was loaded, how long it took, and what was planted in the generated data."""

    sample: Mapping[str, int]
    generated: Mapping[str, int] | None
    loaded: tuple[str, ...]
    seconds: float
    planted: tuple[Planted, ...]
    planted_file: str | None

    def to_dict(self) -> dict[str, Any]:
        """The report as one JSON document."""
        return asdict(self)


def run_seed(
    environment: Mapping[str, str],
    *,
    customers: int | None = None,
    orders_per_customer: int = 5,
    dynamodb_customers: int | None = None,
    seed: int = 0,
    progress: Progress = lambda step, done, total: None,
) -> SeedReport:
    """Load the sample records again, and so many generated customers beside them.

    Args:
        environment: the addresses of the stack, ``DESKHAND_OWNER_DSN`` among them.
        customers: how many to generate; 0 takes generated data away, None leaves it as it is.
        orders_per_customer: orders of a generated customer on average.
        dynamodb_customers: how many of them have a profile, reviews and warranties.
        seed: another seed makes other data of the same size.
        progress: hears a step, how many customers of it are done and how many there are.

    Raises:
        SeedSettingsError: a setting or a number is wrong.
        SeedUnavailableError: a store cannot be reached or does not take the data.
    """
    started = time.monotonic()
    owner_dsn = _owner_dsn(environment)
    size = _size(customers, orders_per_customer, dynamodb_customers, seed)
    tables = _tables(environment)
    records = sample_records()
    with _explained(), closing(_client(environment)) as client:
        load_aurora(owner_dsn, records, force=True)
        load_dynamodb(client, tables, records, force=True)
        made = generate(owner_dsn, client, tables, size, progress=progress) if size else None
    return SeedReport(
        sample={kind: len(getattr(records, kind)) for kind in records.__dataclass_fields__},
        generated=_counts(made),
        loaded=_loaded(made),
        seconds=round(time.monotonic() - started, 1),
        planted=made.planted if made else (),
        planted_file=_write_planted(environment, made) if made else None,
    )


def _owner_dsn(environment: Mapping[str, str]) -> str:
    if dsn := environment.get(OWNER_DSN):
        return dsn
    raise SeedSettingsError(
        f"{OWNER_DSN} is not set: loading data needs the login of the tables' owner, like"
        " 'host=… dbname=deskhand user=deskhand_owner password=…'."
    )


def _size(
    customers: int | None, orders_per_customer: int, dynamodb_customers: int | None, seed: int
) -> Size | None:
    if customers is None:
        return None
    if not 0 <= customers <= 5_000_000:
        raise SeedSettingsError("Choose between 0 and 5,000,000 customers.")
    if not 0 <= orders_per_customer <= 100:
        raise SeedSettingsError("Choose between 0 and 100 orders for a customer.")
    wanted = DYNAMODB_CUSTOMERS if dynamodb_customers is None else dynamodb_customers
    if wanted < 0:
        raise SeedSettingsError("The number of customers in DynamoDB cannot be negative.")
    return Size(
        customers=customers,
        orders_per_customer=orders_per_customer,
        dynamodb_customers=min(customers, wanted),
        seed=seed,
    )


def _tables(environment: Mapping[str, str]) -> dict[str, str]:
    prefix = environment.get("DESKHAND_TABLE_PREFIX") or DEFAULT_PREFIX
    return {table: f"{prefix}-{table}" for table in ITEM_KEYS}


def _client(environment: Mapping[str, str]) -> Any:
    """A DynamoDB client; what the environment does not say comes from the AWS configuration."""
    endpoint = environment.get("AWS_ENDPOINT_URL_DYNAMODB")
    session = open_session(
        region=environment.get("AWS_REGION"),
        access_key_id=environment.get("AWS_ACCESS_KEY_ID"),
        secret_access_key=environment.get("AWS_SECRET_ACCESS_KEY"),
        session_token=environment.get("AWS_SESSION_TOKEN"),
        endpoints=[endpoint],
    )
    return session.client(
        "dynamodb",
        endpoint_url=endpoint,
        config=Config(
            max_pool_connections=THREADS,
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 5},
        ),
    )


@contextmanager
def _explained() -> Iterator[None]:
    """Says in one sentence which store failed and what to do; nothing of what was being loaded."""
    try:
        yield
    except psycopg.errors.DiskFull as failure:
        raise SeedUnavailableError(
            "Aurora's disk is full, and nothing of the data that is missing was loaded; make room,"
            " or load fewer customers, and run the command again."
        ) from failure
    except psycopg.OperationalError as failure:
        raise SeedUnavailableError(
            "Aurora cannot be reached with the login in DESKHAND_OWNER_DSN; check the address and"
            " that the database is up."
        ) from failure
    except psycopg.Error as failure:
        raise SeedUnavailableError(
            f"Aurora does not take the data (SQLSTATE {failure.sqlstate}); run the migrations as"
            " the owner of the tables, then this command again."
        ) from failure
    except IdsTakenError as failure:
        raise SeedSettingsError(str(failure)) from failure
    except (BotoCoreError, ClientError, BatchWriteError) as failure:
        raise SeedUnavailableError(
            "DynamoDB does not answer or refuses the tables; check AWS_ENDPOINT_URL_DYNAMODB,"
            " AWS_REGION, the credentials and DESKHAND_TABLE_PREFIX."
        ) from failure


def _counts(made: Generated | None) -> dict[str, int] | None:
    if made is None:
        return None
    return asdict(made.size) | {"orders": made.size.orders, "products": made.size.products}


def _loaded(made: Generated | None) -> tuple[str, ...]:
    """Where generated data had to be loaded; nowhere when the same was there already."""
    if made is None:
        return ()
    places = (("aurora", made.aurora_loaded), ("dynamodb", made.dynamodb_loaded))
    return tuple(name for name, loaded in places if loaded)


def _write_planted(environment: Mapping[str, str], made: Generated) -> str | None:
    """Keep the list of planted differences beside the stack's data, where that can be done."""
    with suppress(OSError, StateError):
        state = state_folder(environment)
        state.make_root()
        path = state.root / "planted.json"
        write_private(
            path, json.dumps({"size": asdict(made.size), "planted": made.planted}, indent=1)
        )
        return str(path)
    return None
