"""The records that a seed names: the sample, generated customers beside it, or a folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from deploy.seed.records import SAMPLE_FOLDER
from evals.data.database import Database
from evals.data.generated import generated_records
from evals.facts import TABLES, Table

Record = Mapping[str, Any]
GENERATED = "generated:"


class SeedError(Exception):
    """Data that cannot be read; the message says which."""


class Records(Mapping[Table, Sequence[Record]]):
    """All records of one seed by kind, spelled as in the sample's files, and a database of them."""

    def __init__(self, kinds: Mapping[Table, Sequence[Record]]) -> None:
        self._kinds = {table: tuple(kinds.get(table, ())) for table in TABLES}

    def with_rows(self, added: Mapping[Table, Sequence[Record]]) -> Records:
        """These records and some more, the rows of one case."""
        return _MoreRecords(self, added)

    def __getitem__(self, table: Table) -> Sequence[Record]:
        return self._kinds[table]

    def __iter__(self) -> Iterator[Table]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    @cached_property
    def database(self) -> Database:
        """One database for everybody who asks; it is made at the first question."""
        return Database(self._kinds)

    @cached_property
    def fingerprint(self) -> str:
        """A short hash, the same for equal records in every process."""
        digest = hashlib.sha256()
        for table, rows in self._kinds.items():
            digest.update(table.encode())
            digest.update(json.dumps(rows, sort_keys=True).encode())
        return digest.hexdigest()[:16]


class _MoreRecords(Records):
    """Records with rows of a case: their database is a copy of the one that is there already."""

    def __init__(self, before: Records, added: Mapping[Table, Sequence[Record]]) -> None:
        super().__init__({table: (*before[table], *added.get(table, ())) for table in TABLES})
        self._before = before
        self._added = added

    @cached_property
    def database(self) -> Database:
        """A copy of the seed's database with the rows in it."""
        return self._before.database.with_rows(self._added)


def records_of(seed: str, base: Path = Path()) -> Records:
    """The records of a seed, read or made once for as long as the process lives.

    Args:
        seed: ``base``, ``generated:N`` customers beside the sample, or a folder like the sample's.
        base: where a folder that is not absolute begins.

    Raises:
        SeedError: the folder does not hold the files of the sample, or one cannot be read.
    """
    folder = "" if seed == "base" or customers_of(seed) else str((base / seed).resolve())
    return _records_of(seed if not folder else "", folder)


def customers_of(seed: str) -> int:
    """How many customers the seed generates; each has a profile, five orders on average."""
    return int(seed.removeprefix(GENERATED)) if seed.startswith(GENERATED) else 0


def data_hash(records: Mapping[Table, Sequence[Record]]) -> str:
    """A short hash of the records, the same for equal ones in every process."""
    return (records if isinstance(records, Records) else Records(records)).fingerprint


@lru_cache(maxsize=16)
def _records_of(seed: str, folder: str) -> Records:
    if customers := customers_of(seed):
        sample = _records_of("base", "")
        made = generated_records(customers)
        return Records({table: (*sample[table], *made[table]) for table in TABLES})
    place = Path(folder) if folder else SAMPLE_FOLDER
    return Records({table: _read(place / f"{table}.json") for table in TABLES})


def _read(path: Path) -> Sequence[Record]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise SeedError(f"{path}: cannot be read as a list of records: {wrong}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SeedError(f"{path}: is not a list of records")
    return rows
