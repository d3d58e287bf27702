"""Programs read the whole run as one versioned JSON document."""

from __future__ import annotations

import json
from pathlib import Path

from evals.reports import write_json
from evals.reports.document import read_json
from evals.reports.schema import SCHEMA, schema_text
from tests.evals.reports.made import case, report, trial, turn


def test_the_document_holds_the_run_and_reads_back(tmp_path: Path) -> None:
    """Inputs, calls, verdicts, model, prompt, data and commit are all there."""
    told = report(case("a"), case("b", "failed", "passed"))
    write_json(told, tmp_path / "new" / "report.json")
    data = json.loads((tmp_path / "new" / "report.json").read_text(encoding="utf-8"))
    assert data["version"] == 2
    assert [data[key] for key in ("model_id", "prompt_hashes", "data_hashes", "commit")] == [
        "some.model",
        ["p1"],
        {"base": "d1"},
        "abc1234",
    ]
    assert [held["status"] for held in data["cases"]] == ["passed", "failed"]
    held = data["cases"][1]["trials"][0]
    assert held["turns"][0]["calls"][0]["input"] == {"customer_id": "CUST001"}
    assert held["verdicts"][0]["findings"][0]["text"] == "Order **1**"
    assert read_json(tmp_path / "new" / "report.json") == told


def test_text_that_is_no_unicode_can_be_written(tmp_path: Path) -> None:
    """A broken tool sends half a character; the report keeps it and stays JSON in UTF-8."""
    told = report(case("a", trials=[trial(turns=[turn("Zoë?", "half \ud83d \x00 of it")])]))
    write_json(told, tmp_path / "report.json")
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert "Zoë?" in text
    answer = json.loads(text)["cases"][0]["trials"][0]["turns"][0]["answer"]
    assert answer == "half \ud83d \x00 of it"


def test_the_published_schema_is_current() -> None:
    """Made anew with ``python -m evals.reports.schema``."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_the_schema_knows_every_key_that_is_written() -> None:
    """What a reader of the schema expects is what stands in the file."""
    schema = json.loads(schema_text())
    written = json.loads(report(case()).model_dump_json())
    assert set(schema["properties"]) == set(written)
    assert set(schema["$defs"]["CaseReport"]["properties"]) == set(written["cases"][0])
    assert schema["properties"]["version"]["const"] == 2
