"""The emulator's count of a table's items: put off, and never for long."""

from __future__ import annotations

from typing import Any

from deploy.local.dynamodb_process import SECONDS_BETWEEN_COUNTS, seldom


def test_a_table_is_counted_again_only_after_a_while_and_each_table_for_itself() -> None:
    """A thousand writes in a row cost one count."""
    now, counted = [100.0], list[str]()

    def count(table: dict[str, Any]) -> None:
        counted.append(table["TableName"])

    update = seldom(count, clock=lambda: now[0])
    for _ in range(1000):
        update({"TableName": "profiles"})
    update({"TableName": "reviews"})
    assert counted == ["profiles", "reviews"]
    now[0] += SECONDS_BETWEEN_COUNTS
    update({"TableName": "profiles"})
    assert counted == ["profiles", "reviews", "profiles"]
