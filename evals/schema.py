"""The published JSON schemas of case files, made from the models for editors to use.

``python -m evals.schema`` writes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from evals.cases import CaseFile
from evals.templates import TemplateFile

CASE_SCHEMA = Path(__file__).parent / "case.schema.json"
LOOKUP_SCHEMA = Path(__file__).parent / "lookup.schema.json"
MODELS: Mapping[Path, type[BaseModel]] = {CASE_SCHEMA: CaseFile, LOOKUP_SCHEMA: TemplateFile}

# What a file says once for all its cases need not stand in each of them.
_SHARED = {"now"}


class _AsEditorsRead(GenerateJsonSchema):
    """An editor reads ``25`` and ``12.50`` as numbers; in a case they are the text that stands."""

    def str_schema(self, schema: Any) -> JsonSchemaValue:
        text = super().str_schema(schema)
        return text if "pattern" in text else text | {"type": ["string", "number"]}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a file that the model describes."""
    made = model.model_json_schema(schema_generator=_AsEditorsRead, by_alias=True)
    for definition in made.get("$defs", {}).values():
        required = [name for name in definition.get("required", []) if name not in _SHARED]
        if required and "cases" in made["properties"]:
            definition["required"] = required
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def text_of(model: type[BaseModel]) -> str:
    """The schema as it is published."""
    return json.dumps(schema_of(model), indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every schema to its file."""
    for path, model in MODELS.items():
        path.write_text(text_of(model), encoding="utf-8")


if __name__ == "__main__":
    write()
