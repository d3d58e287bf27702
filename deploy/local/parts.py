"""The three child processes of the stack, each with what makes it ready for use."""

from __future__ import annotations

import logging
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import ExitStack

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg.conninfo import make_conninfo

from deploy.local.app_settings import AppSettings
from deploy.local.dynamodb import DynamoError, DynamoServer, apply_tables, local_client
from deploy.local.postgres import PostgresError, PostgresServer, provision
from deploy.local.services_process import ServicesError, ServicesProcess
from deploy.local.state import StackSecrets, StateFolder
from deploy.seed import load_aurora, load_dynamodb, sample_records
from deploy.seed.dynamodb import BatchWriteError
from tools.aurora.migrate import MigrationError
from tools.aurora.provisioning import OWNER, READER

logger = logging.getLogger(__name__)

DATABASE = "deskhand"
TABLE_PREFIX = "deskhand-dev"


class PartError(Exception):
    """A part cannot be started; the message says why and what to do."""


class Part(ABC):
    """One child process. Every method is called on the part's own thread, so none needs a lock."""

    label: str

    def __init__(self) -> None:
        self.wanted = False

    @abstractmethod
    def start(self) -> None:
        """Bring the part to where it can be used, on the address that it had before, if any."""

    @abstractmethod
    def stop(self) -> None:
        """End the process; what it holds is kept."""

    @property
    @abstractmethod
    def process(self) -> subprocess.Popen[bytes] | None:
        """The child, when there is one."""

    def mend(self) -> bool:
        """Start the part again when its process has died, and say whether that was so."""
        if not self.wanted or self.process is None or self.process.poll() is None:
            return False
        logger.warning(
            "part=<%s>, code=<%s> | it has died and is started again",
            self.label,
            self.process.poll(),
        )
        with ExitStack() as undo:
            undo.callback(self._want)
            undo.callback(self.stop)  # half started is not started
            self.stop()
            self.start()
            undo.pop_all()
        return True

    def _want(self) -> None:
        self.wanted = True


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
    def reader_dsn(self) -> str:
        """How the desk logs in."""
        return self._dsn(READER, self._secrets.reader_password)

    @property
    def owner_dsn(self) -> str:
        """How migrations and loaders log in."""
        return self._dsn(OWNER, self._secrets.owner_password)

    def start(self) -> None:
        """Start the server and bring roles, tables and sample records up to date."""
        port = self._server.port if self._server else None
        try:
            self._server = PostgresServer.start(self._state.aurora, port=port)
            provision(
                self._server.dsn,
                database=DATABASE,
                owner_password=self._secrets.owner_password,
                reader_password=self._secrets.reader_password,
            )
            load_aurora(self.owner_dsn, sample_records())
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
        return make_conninfo(
            host="127.0.0.1", port=self._server.port, dbname=DATABASE, user=user, password=password
        )


class DynamoPart(Part):
    """DynamoDB with its tables and the sample records; a killed one is filled anew."""

    label = "DynamoDB"

    def __init__(self, state: StateFolder) -> None:
        super().__init__()
        self._state = state
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

    def start(self) -> None:
        """Start the emulator, make the tables that are missing and load what is missing in them."""
        port = self._server.port if self._server else None
        try:
            self._server = DynamoServer.start(self._state.dynamodb, port=port)
            self.tables = apply_tables(self._server.endpoint, TABLE_PREFIX)
            load_dynamodb(local_client(self._server.endpoint), self.tables, sample_records())
        except (DynamoError, BatchWriteError, BotoCoreError, ClientError) as failure:
            raise PartError(str(failure)) from failure
        self.wanted = True

    def stop(self) -> None:
        """Let it save what it holds, and end."""
        self.wanted = False
        if self._server:
            self._server.stop()


class ServicesPart(Part):
    """The process with tokens, model, catalog and gateway."""

    label = "tokens, model, catalog and gateway"

    def __init__(self, state: StateFolder, settings: Callable[[], AppSettings]) -> None:
        super().__init__()
        self._state = state
        self._settings = settings
        self._services: ServicesProcess | None = None
        self._stopped: set[str] = set()
        self.ports: Mapping[str, int] = {}

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The child with all four."""
        return self._services.process if self._services else None

    def launch(self) -> ServicesProcess:
        """Let the process begin its imports."""
        self._services = ServicesProcess.launch(self._state.run / "services.log")
        return self._services

    def start(self) -> None:
        """Configure the launched process, or a new one, and return when all four answer."""
        services = self._services or self.launch()
        try:
            services.configure(self._settings(), self.ports)
            for name in self._stopped:
                services.order(stop=name)
        except ServicesError as failure:
            raise PartError(str(failure)) from failure
        self.ports = services.ports
        self.wanted = True

    def stop(self) -> None:
        """End the process."""
        self.wanted = False
        if self._services:
            self._services.stop()
            self._services = None

    def stop_system(self, name: str) -> None:
        """Take one of the four away."""
        if self._services:
            self._services.order(stop=name)
        self._stopped.add(name)

    def start_system(self, name: str) -> None:
        """Bring one of the four back."""
        if self._services:
            self._services.order(start=name)
        self._stopped.discard(name)

    def url(self, name: str) -> str:
        """The address of one of the four."""
        return f"http://127.0.0.1:{self.ports[name]}"
