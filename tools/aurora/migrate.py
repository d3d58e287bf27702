"""Runs the numbered SQL files of ``migrations/``, each once and never changed after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import psycopg

_LOCK = 0x6D696772  # one migration run at a time; any number will do
_LEDGER = """
CREATE SCHEMA IF NOT EXISTS store;
CREATE TABLE IF NOT EXISTS store.schema_migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""


class MigrationError(RuntimeError):
    """The migrations of this program and those of the database do not agree."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """What tells that the file was changed after it ran."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrate(dsn: str, *, folder: Traversable | None = None) -> list[str]:
    """Applies what the database has not seen yet, each file in a transaction of its own.

    Args:
        dsn: how ``deskhand_owner`` logs in to the database.
        folder: where the files are; this package's ``migrations`` when not given.

    Returns:
        The names of the files applied now.

    Raises:
        MigrationError: an applied file was changed or removed, or a new one comes before it.
    """
    wanted = read_migrations(folder or files(__package__).joinpath("migrations"))
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        connection.execute("SET client_min_messages = warning")
        connection.execute(_LEDGER)
        rows = connection.execute(
            "SELECT name, checksum FROM store.schema_migrations ORDER BY name"
        )
        pending = _pending(wanted, dict(rows.fetchall()))
        for migration in pending:
            with connection.transaction():
                connection.execute(migration.text)
                connection.execute(
                    "INSERT INTO store.schema_migrations (name, checksum) VALUES (%s, %s)",
                    (migration.name, migration.checksum),
                )
    return [migration.name for migration in pending]


def read_migrations(folder: Traversable) -> list[Migration]:
    """The files of a folder in the order of their numbers."""
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return [
        Migration(entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in sorted(found, key=lambda entry: entry.name)
    ]


def _pending(wanted: list[Migration], applied: dict[str, str]) -> list[Migration]:
    checksums = {migration.name: migration.checksum for migration in wanted}
    for name, checksum in applied.items():
        if name not in checksums:
            raise MigrationError(
                f"the database has migration {name}; this program is too old for it"
            )
        if checksums[name] != checksum:
            raise MigrationError(
                f"migration {name} was changed after it ran; add a new one instead"
            )
    pending = [migration for migration in wanted if migration.name not in applied]
    if pending and applied and pending[0].name < max(applied):
        raise MigrationError(f"migration {pending[0].name} comes before {max(applied)}, which ran")
    return pending
