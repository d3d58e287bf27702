"""The report as one JSON document."""

from __future__ import annotations

import json
from pathlib import Path

from evals.results import Report


def write_json(report: Report, path: Path) -> None:
    """Write the report; ``evals/report.schema.json`` describes the document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(document(report))


def document(report: Report) -> bytes:
    """The report as UTF-8 JSON.

    Half a surrogate pair, which a broken tool may send, has no UTF-8: it becomes its escape.
    """
    text = json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "backslashreplace")


def read_json(path: Path) -> Report:
    """The report that was written there."""
    return Report.model_validate(json.loads(path.read_bytes()))
