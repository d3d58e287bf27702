"""The published JSON schema of the report: ``python -m evals.reports.schema`` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evals.results import Report

SCHEMA = Path(__file__).parents[1] / "report.schema.json"


def report_schema() -> dict[str, Any]:
    """The JSON schema of the document that ``write_json`` writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(mode="serialization"),
    }


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(report_schema(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
