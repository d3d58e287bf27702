"""The lock files: complete, checkable on any machine, and in step with pyproject.toml."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import pairwise
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.project.sources import ROOT, imported_modules, named, python_files

# boto3 is botocore's own front, released as a pair with it; the pool is an extra of psycopg.
COMES_WITH = {canonicalize_name(name) for name in ("botocore", "psycopg-pool")}
LOCKS = ["requirements.lock", "requirements-eval.lock", "requirements-test.lock"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE
)


def pins(lock: str) -> dict[str, set[Version]]:
    """Name to versions; a name has several where markers choose between them."""
    found: dict[str, set[Version]] = {}
    for match in PINNED.finditer((ROOT / lock).read_text()):
        name = canonicalize_name(match["name"])
        found.setdefault(name, set()).add(Version(match["version"]))
    return found


def wanted(*groups: str) -> list[Requirement]:
    """What pyproject.toml asks for: the product and the named groups."""
    asked = [*PROJECT["project"]["dependencies"]]
    for group in groups:
        asked += PROJECT["dependency-groups"][group]
    return [Requirement(text) for text in asked]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    """What is installed is what was locked, byte for byte."""
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    assert len(blocks) > 20
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index(lock: str) -> None:
    """A lock works with whatever index the machine is set up for."""
    text = (ROOT / lock).read_text()
    assert [
        word for word in ("://", "--index", "--extra-index", "--find-links", " @ ") if word in text
    ] == []


@pytest.mark.parametrize(("smaller", "larger"), [*pairwise(LOCKS)])
def test_each_lock_is_the_smaller_one_and_more(smaller: str, larger: str) -> None:
    """Evaluations and tests run against the very versions that users get."""
    fewer, more = pins(smaller), pins(larger)
    assert {name for name, versions in fewer.items() if more.get(name) != versions} == set()
    assert len(more) > len(fewer)


def test_a_first_question_installs_nothing_for_evaluations() -> None:
    """What only scripted conversations need is not what a new user waits for."""
    assert "strands-agents-evals" not in pins("requirements.lock")


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("requirements.lock", ("local",)),
        ("requirements-eval.lock", ("local", "eval")),
        ("requirements-test.lock", ("local", "eval", "test")),
    ],
)
def test_the_locks_answer_what_the_project_asks_for(lock: str, groups: tuple[str, ...]) -> None:
    """Each requirement of pyproject.toml is pinned within its bounds."""
    pinned = pins(lock)
    unmet = [
        str(asked)
        for asked in wanted(*groups)
        if not any(
            asked.specifier.contains(version)
            for version in pinned.get(canonicalize_name(asked.name), ())
        )
    ]
    assert unmet == []


@pytest.mark.parametrize(
    ("folder", "groups"),
    [
        ("agent", ()),
        ("tools", ()),
        ("evals", ("eval",)),
        ("deploy", ("local",)),
        ("tests", ("local", "eval", "test")),
    ],
)
def test_what_is_imported_is_asked_for(folder: str, groups: tuple[str, ...]) -> None:
    """Nothing relies on a package that is only there because another one needs it."""
    asked = {canonicalize_name(requirement.name) for requirement in wanted(*groups)} | COMES_WITH
    packages = packages_distributions()
    undeclared = {
        f"{named(path)} imports {module}"
        for path in python_files(folder)
        for module in {name.partition(".")[0] for name in imported_modules(path)}
        if module in packages
        and module not in sys.stdlib_module_names
        and not {canonicalize_name(name) for name in packages[module]} & asked
    }
    assert undeclared == set()
