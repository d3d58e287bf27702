"""Rows of a statement become records only when they have the width that was asked for."""

from __future__ import annotations

import pytest

from deploy.local.bedrock.understudy.answering.statements import named_rows


@pytest.mark.parametrize(
    ("result", "records"),
    [
        ({"rows": [[1, "open"], [2, "paid"]]}, [{"id": 1, "s": "open"}, {"id": 2, "s": "paid"}]),
        ({"rows": [[], [1], [1, "open", 3], "text", None]}, []),
        ({"rows": None}, []),
        ({}, []),
        ({"error": {"kind": "timeout", "message": "", "retryable": True}, "rows": [[1, 2]]}, []),
    ],
)
def test_only_whole_rows_become_records(
    result: dict[str, object], records: list[dict[str, object]]
) -> None:
    """A row of another width, and whatever is no row, is left out."""
    assert named_rows(result, ("id", "s")) == records
