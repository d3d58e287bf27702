"""House rules that no lint rule can say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.project.sources import (
    PRODUCT,
    ROOT,
    dotted,
    functions,
    length,
    named,
    nodes,
    python_files,
    written_files,
)

MODULE_LINES = 300
FUNCTION_LINES = 40
TEST_LINES = 60
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "core"}

# A broad `except` belongs where a fault must become an answer: at the edge of a process.
BROAD_EXCEPT = (
    "agent/entrypoints/",
    "evals/judge.py",  # whatever breaks a vote of a model is no verdict
    "evals/runner/",
    "tools/catalog/server.py",
)
# Who may read the environment: the settings, and what starts a process or is started as one.
READS_ENVIRONMENT = (
    "agent/settings.py",
    "agent/entrypoints/",
    "agent/telemetry.py",
    "deploy/",
    "tools/catalog/__main__.py",
    "tools/gateway/",
)
SOURCES = python_files(*PRODUCT)
TESTS = python_files("tests")
TEST_MODULES = [path for path in TESTS if path.name.startswith("test_")]

# Written in two halves, so that this file does not find itself.
LEFT_FOR_LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
A_MACHINE = re.compile(r"(?<![\w.])/(?:wor" r"k|far" r"m|roo" r"t|Use" r"rs|home/\w+)/")
TICKET = re.compile(r"\b(?:iss" r"ue|tick" r"et) #?\d+\b(?! of)", re.IGNORECASE)


def places(paths: list[Path], *kinds: type[ast.AST]) -> list[tuple[str, ast.AST]]:
    """``file:line`` and node, for every node of the kinds asked for."""
    return [
        (f"{named(path)}:{getattr(node, 'lineno', 0)}", node)
        for path in paths
        for kind in kinds
        for node in nodes(path).get(kind, ())
    ]


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    """A module that does not fit into a reader's head is two modules."""
    long = {named(path): len(path.read_text().splitlines()) for path in SOURCES + TESTS}
    assert {name: lines for name, lines in long.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """A function is read without scrolling."""
    long = [
        f"{named(path)}:{function.lineno} {function.name} ({length(function)})"
        for paths, limit in ((SOURCES, FUNCTION_LINES), (TESTS, TEST_LINES))
        for path in paths
        for function in functions(path)
        if length(function) > limit
    ]
    assert long == []


def test_broad_excepts_stand_at_the_edge_only() -> None:
    """Elsewhere an unknown error is a fault that must be seen."""
    broad = [
        place
        for place, handler in places(SOURCES, ast.ExceptHandler)
        if isinstance(handler, ast.ExceptHandler)
        and not place.startswith(BROAD_EXCEPT)
        and (
            handler.type is None
            or {dotted(node) for node in ast.walk(handler.type)} & {"Exception", "BaseException"}
        )
    ]
    assert broad == []


def test_no_module_variable_is_rebound() -> None:
    """State lives in objects that somebody owns."""
    assert [place for place, _ in places(SOURCES, ast.Global)] == []


def test_the_environment_is_read_in_its_few_places() -> None:
    """Everything else receives values."""
    reads = [
        place
        for place, node in places(SOURCES, ast.Attribute)
        if dotted(node) in {"os.environ", "os.getenv", "os.environb"}
        and not place.startswith(READS_ENVIRONMENT)
    ]
    assert reads == []


def test_modules_are_named_after_what_they_hold() -> None:
    """No drawer for everything else."""
    assert [named(path) for path in SOURCES + TESTS if path.stem in VAGUE] == []


def test_tests_wait_for_events_and_never_sleep() -> None:
    """A sleep is too long on a fast machine and too short on a slow one."""
    sleeps = [
        place
        for place, call in places(TESTS, ast.Call)
        if isinstance(call, ast.Call) and dotted(call.func).rpartition(".")[2] == "sleep"
    ]
    assert sleeps == []


def test_tests_pass_fakes_in_and_never_patch() -> None:
    """What needs patching hides what it depends on."""
    patched = [
        place
        for place, node in places(TESTS, ast.Attribute)
        if dotted(node) in {"monkeypatch.setattr", "mock.patch", "mocker.patch"}
    ]
    assert patched == []


def test_tests_do_not_change_the_environment_for_good() -> None:
    """A test sets a variable through monkeypatch, which puts it back."""
    assigned = [
        place
        for place, node in places(TESTS, ast.Assign, ast.Delete)
        if isinstance(node, (ast.Assign, ast.Delete))
        and any(
            isinstance(target, ast.Subscript) and dotted(target.value) == "os.environ"
            for target in node.targets
        )
    ]
    assert assigned == []


@pytest.mark.parametrize("path", TEST_MODULES, ids=named)
def test_every_test_says_what_it_shows_and_can_fail(path: Path) -> None:
    """A test has a sentence as its docstring, and something in it that can fail."""
    wanting = []
    for function in functions(path):
        if not function.name.startswith("test_"):
            continue
        if not ast.get_docstring(function):
            wanting.append(f"{function.name}: no docstring")
        if not any(_can_fail(node) for node in ast.walk(function)):
            wanting.append(f"{function.name}: asserts nothing")
    assert wanting == []


def _can_fail(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = dotted(node.func).rpartition(".")[2]
    return called == "raises" or called.startswith(("assert_", "expect", "check"))


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (LEFT_FOR_LATER, "nothing is left for later"),
        (A_MACHINE, "no path of one machine"),
        (TICKET, "the project speaks for itself, without numbers of tickets"),
    ],
    ids=["left-for-later", "machine-paths", "tickets"],
)
def test_no_written_file_holds(pattern: re.Pattern[str], why: str) -> None:
    """Files are free of what only their writer understands."""
    found = [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in written_files()
        if "tests/data/" not in named(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == [], why


def test_every_script_of_the_project_is_executable() -> None:
    """The launcher and the CI entry run as they are cloned."""
    scripts = [ROOT / "deskhand", ROOT / ".ci" / "run"]
    assert [named(path) for path in scripts if not path.stat().st_mode & 0o100] == []
