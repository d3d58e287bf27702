"""The two stores of the stack: PostgreSQL and DynamoDB, with tables and the sample records."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg.conninfo import make_conninfo

from deploy.local.dynamodb import (
    ACCESS_KEY_ID,
    REGION,
    SECRET_ACCESS_KEY,
    DynamoError,
    DynamoServer,
    apply_tables,
    local_client,
)
from deploy.local.leftovers import wait_for_postmaster
from deploy.local.lock import show_life
from deploy.local.part import Part, PartError
from deploy.local.postgres import PostgresError, PostgresServer, provision
from deploy.local.state import StackSecrets, StateFolder
from deploy.seed import load_aurora, load_dynamodb, sample_records
from deploy.seed.dynamodb import BatchWriteError
from tools.aurora.migrate import MigrationError
from tools.aurora.provisioning import OWNER, READER

DATABASE = "deskhand"
TABLE_PREFIX = "deskhand-dev"


class AuroraPart(Part):
    """PostgreSQL with roles, migrations and the sample records."""

    label = "PostgreSQL"

    def __init__(self, state: StateFolder, secrets: StackSecrets) -> None:
        super().__init__()
        self._state = state
        self._secrets = secrets
        self._server: PostgresServer | None = None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """PostgreSQL's postmaster."""
        return self._server.process if self._server else None

    @property
    def environment(self) -> Mapping[str, str]:
        """How the desk logs in, and how loaders do."""
        return {
            "DESKHAND_AURORA_DSN": self._dsn(READER, self._secrets.reader_password),
            "DESKHAND_OWNER_DSN": self._dsn(OWNER, self._secrets.owner_password),
        }

    def start(self) -> None:
        """Start the server and bring roles, tables and sample records up to date."""
        port = self._server.port if self._server else None
        wait_for_postmaster(self._state.aurora / "data" / "postmaster.pid")
        try:
            self._server = PostgresServer.start(self._state.aurora, port=port)
            provision(
                self._server.dsn,
                database=DATABASE,
                owner_password=self._secrets.owner_password,
                reader_password=self._secrets.reader_password,
            )
            load_aurora(self.environment["DESKHAND_OWNER_DSN"], sample_records())
        except MigrationError as failure:
            raise PartError(
                f"the database in {self._state.aurora} was made by another version of Deskhand"
                f" ({failure}); remove that folder to begin with the sample data again"
            ) from failure
        except (PostgresError, psycopg.Error) as failure:
            raise PartError(str(failure)) from failure
        self.wanted = True

    def stop(self) -> None:
        """Break off all sessions and end."""
        self.wanted = False
        if self._server:
            self._server.stop()

    def _dsn(self, user: str, password: str) -> str:
        if self._server is None:
            raise RuntimeError("PostgreSQL has no address before it was started")
        # Named in full, because libpq takes what is missing from the PG* variables of the user.
        return make_conninfo(
            host="127.0.0.1",
            hostaddr="127.0.0.1",
            port=self._server.port,
            dbname=DATABASE,
            user=user,
            password=password,
            sslmode="disable",
            options="",
        )


class DynamoPart(Part):
    """DynamoDB with its tables and the sample records; a killed one is filled anew."""

    label = "DynamoDB"

    def __init__(self, state: StateFolder, progress: Callable[[str], None]) -> None:
        super().__init__()
        self._state = state
        self._progress = progress
        self._server: DynamoServer | None = None
        self.tables: Mapping[str, str] = {}

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The emulator."""
        return self._server.process if self._server else None

    @property
    def endpoint(self) -> str:
        """The address."""
        if self._server is None:
            raise RuntimeError("DynamoDB has no address before it was started")
        return self._server.endpoint

    @property
    def environment(self) -> Mapping[str, str]:
        """The address, and the region and key that the tables belong to."""
        return {
            "AWS_ENDPOINT_URL_DYNAMODB": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "DESKHAND_TABLE_PREFIX": TABLE_PREFIX,
        }

    def start(self) -> None:
        """Start the emulator, make the tables that are missing and load what is missing in them."""
        port = self._server.port if self._server else None
        try:
            self._server = DynamoServer.start(
                self._state.dynamodb, port=port, progress=self._progress
            )
            self.tables = apply_tables(self._server.endpoint, TABLE_PREFIX)
            load_dynamodb(local_client(self._server.endpoint), self.tables, sample_records())
        except (DynamoError, BatchWriteError, BotoCoreError, ClientError) as failure:
            raise PartError(str(failure)) from failure
        self.wanted = True

    def stop(self) -> None:
        """Let it save what it holds, and end; the lock shows meanwhile that we are alive."""
        self.wanted = False
        if self._server:
            self._server.stop(pulse=lambda: show_life(self._state))
