"""The published JSON schemas are those of the models, and every file of ours keeps to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from evals.loader import CONVERSATIONS, LOOKUPS
from evals.schema import CASE_SCHEMA, LOOKUP_SCHEMA, MODELS, schema_of, text_of

OURS = [
    *((path, CASE_SCHEMA) for path in sorted(CONVERSATIONS.rglob("*.yaml"))),
    *((path, LOOKUP_SCHEMA) for path in sorted(LOOKUPS.rglob("*.yaml"))),
]


class EditorsYaml(yaml.SafeLoader):
    """YAML 1.2 as editors read it: a date is text."""


EditorsYaml.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def complaints(schema: dict[str, Any], data: Any) -> list[str]:
    """What an editor would mark."""
    return [error.message for error in Draft202012Validator(schema).iter_errors(data)]


@pytest.mark.parametrize(("path", "model"), MODELS.items(), ids=[path.name for path in MODELS])
def test_a_published_schema_is_that_of_the_model(path: Path, model: type[BaseModel]) -> None:
    """After a change of the models: ``python -m evals.schema``."""
    assert path.read_text(encoding="utf-8") == text_of(model)


@pytest.mark.parametrize(("path", "model"), MODELS.items(), ids=[path.name for path in MODELS])
def test_a_schema_is_a_schema(path: Path, model: type[BaseModel]) -> None:
    """It keeps to the draft that it names."""
    Draft202012Validator.check_schema(schema_of(model))
    assert json.loads(path.read_text(encoding="utf-8"))["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize(("path", "schema"), OURS, ids=[path.name for path, _ in OURS])
def test_a_file_of_ours_names_its_schema_and_keeps_to_it(path: Path, schema: Path) -> None:
    """The first line tells an editor where the schema is, and nothing is marked."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema=../{schema.name}\n")
    data = yaml.load(text, Loader=EditorsYaml)  # noqa: S506  # a safe loader with fewer types
    assert complaints(json.loads(schema.read_text(encoding="utf-8")), data) == []


@pytest.mark.parametrize(
    "turn",
    [
        {"rep": "?", "outcome": "maybe", "say": {"must": ["x"]}},
        {"rep": "?", "outcome": "answered", "say": {"must": [{"regexp": "x"}]}},
        {"rep": "?", "outcome": "answered", "tools": {"musst": []}},
        {"outcome": "answered", "say": {"must": ["x"]}},
    ],
)
def test_the_schema_marks_what_the_loader_refuses(turn: dict[str, Any]) -> None:
    """Misspelt keys and values are seen while the file is written."""
    case = {"id": "one", "family": "orders", "turns": [turn]}
    data = {"version": "1", "now": "2026-11-22", "cases": [case]}
    schema = json.loads(CASE_SCHEMA.read_text(encoding="utf-8"))
    assert complaints(schema, data) != []
    case["turns"] = [{"rep": "?", "outcome": "answered", "say": {"must": [25, 12.5, "x"]}}]
    assert complaints(schema, data) == []
