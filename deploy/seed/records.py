"""The sample records as they lie beside this module in JSON, read once, money as Decimal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

SAMPLE_FOLDER = Path(__file__).parent / "sample"
MONEY_FIELDS = frozenset({"price", "total_amount", "lifetime_value"})

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Records:
    """One list for each kind of record: three that Aurora holds, four that DynamoDB holds."""

    users: tuple[Record, ...]
    products: tuple[Record, ...]
    orders: tuple[Record, ...]
    reviews: tuple[Record, ...]
    catalog_products: tuple[Record, ...]
    warranties: tuple[Record, ...]
    customer_profiles: tuple[Record, ...]

    def fingerprint(self) -> str:
        """A short hash of all the data, the same for equal records in every process."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def sample_records(folder: Path = SAMPLE_FOLDER) -> Records:
    """The sample records: 5 users, 10 products, 5 orders, and 5 of each DynamoDB table."""
    return Records(
        **{kind: _read(folder / f"{kind}.json") for kind in Records.__dataclass_fields__}
    )


def _read(path: Path) -> tuple[Record, ...]:
    return tuple(_with_decimals(record) for record in json.loads(path.read_text(encoding="utf-8")))


def _with_decimals(record: Record) -> Record:
    return {
        field: Decimal(value) if field in MONEY_FIELDS and value is not None else value
        for field, value in record.items()
    }
