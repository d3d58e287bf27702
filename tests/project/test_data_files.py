"""The files beside the code: sample data, prompts, and what a wheel takes along."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from typing import Any

import pytest
import yaml

from tests.project.sources import ROOT, named

SAMPLE = ROOT / "deploy" / "seed" / "sample"
ROWS = {
    "users": 5,
    "products": 10,
    "orders": 5,
    "reviews": 5,
    "catalog_products": 5,
    "warranties": 5,
    "customer_profiles": 5,
}
MONEY = {"price", "total_amount", "lifetime_value"}


def records(kind: str) -> list[dict[str, Any]]:
    """The records of one sample file."""
    rows: list[dict[str, Any]] = json.loads((SAMPLE / f"{kind}.json").read_text(encoding="utf-8"))
    return rows


def test_there_is_one_sample_file_for_each_kind_of_record() -> None:
    """No file is missing, and none is left over."""
    assert {path.stem for path in SAMPLE.glob("*.json")} == set(ROWS)


@pytest.mark.parametrize(("kind", "count"), ROWS.items())
def test_a_sample_file_parses_and_is_whole(kind: str, count: int) -> None:
    """Each file holds as many records as the stack loads, all with the same fields."""
    rows = records(kind)
    assert len(rows) == count
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}


@pytest.mark.parametrize("kind", ROWS)
def test_money_is_text_with_two_digits(kind: str) -> None:
    """An amount never passes through a binary fraction."""
    for row in records(kind):
        for field in MONEY & row.keys():
            assert isinstance(row[field], str)
            assert Decimal(row[field]).as_tuple().exponent == -2


def test_every_order_and_review_belongs_to_a_known_customer() -> None:
    """The sample joins: its differences are the planted ones only."""
    known = {user["customer_id"] for user in records("users")}
    for kind in ("orders", "reviews", "customer_profiles"):
        assert {row["customer_id"] for row in records(kind)} <= known


def test_the_wheel_takes_the_prompts_along() -> None:
    """An installed desk finds its prompts and the tables of its tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {"agent", "tools", "prompts"} <= set(packages)
    assert list((ROOT / "prompts").glob("*.md"))


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "deploy" / "aws").glob("*.yaml")), *(ROOT / "evals").rglob("*.yaml")],
    ids=named,
)
def test_every_yaml_file_parses(path: Any) -> None:
    """A template or a case file is at least well formed; CloudFormation's own tags are let be."""

    class Tolerant(yaml.SafeLoader):
        pass

    Tolerant.add_multi_constructor("!", lambda loader, suffix, node: suffix)
    assert yaml.load(path.read_text(encoding="utf-8"), Loader=Tolerant)  # noqa: S506  # a safe loader


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "tools").rglob("*.json")) + sorted((ROOT / "tests" / "data").glob("*.json")),
    ids=named,
)
def test_every_json_file_parses(path: Any) -> None:
    """Schemas and test data are well formed."""
    assert json.loads(path.read_text(encoding="utf-8"))
