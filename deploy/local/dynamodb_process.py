"""The process of the local DynamoDB: the emulator, with the counting of its items put off.

It counts a whole table again after each write, so that a million customers would take hours to
load. The service itself brings the number up to date every six hours only (ItemCount of
DescribeTable in the DynamoDB API reference): nothing that uses a table can rely on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.services import dynamodb

SECONDS_BETWEEN_COUNTS = 10.0

Count = Callable[[dict[str, Any]], None]


def seldom(count: Count, *, clock: Callable[[], float] = time.monotonic) -> Count:
    """A count of a table's items that takes place when the last one is a while ago."""
    due: dict[str, float] = {}

    def counted(table: dict[str, Any]) -> None:
        name, now = table["TableName"], clock()
        if now >= due.get(name, now):
            count(table)
            due[name] = now + SECONDS_BETWEEN_COUNTS

    return counted


if __name__ == "__main__":
    dynamodb._update_counts = seldom(dynamodb._update_counts)
    app.main()
