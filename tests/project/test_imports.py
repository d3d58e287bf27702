"""Walls that an import rule cannot say, because they are lists of what is allowed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.project.sources import ROOT, imported_modules, named, python_files

LAMBDA_MAY_IMPORT = {"boto3", "botocore"}


def closure(start: list[Path]) -> dict[str, set[str]]:
    """Every file reached from ``start`` through our own imports, with what it imports."""
    reached: dict[str, set[str]] = {}
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if named(path) in reached:
            continue
        reached[named(path)] = imported_modules(path)
        for module in reached[named(path)]:
            waiting.extend(_files_of(module))
    return reached


def _files_of(module: str) -> list[Path]:
    place = ROOT.joinpath(*module.split("."))
    packages = [
        ROOT.joinpath(*module.split(".")[:depth]) for depth in range(1, module.count(".") + 2)
    ]
    candidates = [place.with_suffix(".py"), *(package / "__init__.py" for package in packages)]
    return [path for path in candidates if path.is_file()]


def test_the_lambda_handlers_bring_nothing_along() -> None:
    """All that the gateway's handlers reach is ours, the standard library, or boto3."""
    foreign = {
        f"{name} imports {module}"
        for name, modules in closure(python_files("tools/gateway")).items()
        for module in modules
        if module.partition(".")[0] not in sys.stdlib_module_names | LAMBDA_MAY_IMPORT | {"tools"}
    }
    assert foreign == set()


def test_the_local_stack_starts_without_what_only_the_tools_need() -> None:
    """Its supervisor is waited for: models of arguments and the SQL parser would cost it time."""
    reached = closure([ROOT / "deploy/local/supervisor.py", ROOT / "deploy/local/stores.py"])
    assert "tools/aurora/provisioning.py" in reached
    heavy = {"pydantic", "postgast", "mcp", "starlette", "strands", "uvicorn"}
    brought = {
        f"{name} imports {module}"
        for name, modules in reached.items()
        for module in modules
        if module.partition(".")[0] in heavy
    }
    assert brought == set()


def test_the_agent_does_not_import_itself_from_above() -> None:
    """Inner modules name the module they need; only entry points use the package's surface."""
    above = [
        named(path)
        for path in python_files("agent")
        if "entrypoints" not in path.parts and "agent" in imported_modules(path)
    ]
    assert above == []


@pytest.mark.parametrize("folder", ["agent", "tools"])
def test_deploy_and_evals_are_imported_inside_functions_only(folder: str) -> None:
    """Starting the product never loads what stands in for AWS."""
    from tests.project.sources import tree

    eager = [
        named(path)
        for path in python_files(folder)
        for node in tree(path).body
        if (module := getattr(node, "module", None) or "").partition(".")[0] in {"deploy", "evals"}
        or any(
            alias.name.partition(".")[0] in {"deploy", "evals"}
            for alias in getattr(node, "names", [])
            if not module
        )
    ]
    assert eager == []
