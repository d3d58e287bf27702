"""The kill table as one JSON document."""

from __future__ import annotations

from pathlib import Path

from evals.mutation.kill_table import MutationReport


def write_mutation(report: MutationReport, path: Path) -> None:
    """Write the report; ``MutationReport`` describes the document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
