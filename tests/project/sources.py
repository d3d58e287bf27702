"""The project's own files, read for the tests that judge them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("agent", "tools", "evals", "deploy")
WRITTEN = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".sql", ".js", ".css", ".html", ".txt"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    """Every Python file below the folders, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def written_files() -> list[Path]:
    """Every file that people wrote: sources, prompts, data and documents, at the root and below."""
    top = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in WRITTEN]
    scripts = [path for path in (ROOT / "deskhand", ROOT / ".ci" / "run") if path.is_file()]
    below = [
        path
        for folder in (*PRODUCT, "prompts", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in WRITTEN and "__pycache__" not in path.parts
    ]
    return sorted(top + scripts + below)


def named(path: Path) -> str:
    """The path as a reader of a failed test wants it: from the root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=named(path))


@cache
def nodes(path: Path) -> dict[type[ast.AST], list[ast.AST]]:
    """Every node of the file by its kind: many tests ask, one walk answers."""
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in ast.walk(tree(path)):
        found.setdefault(type(node), []).append(node)
    return found


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of the file, nested ones too."""
    for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
        for node in nodes(path).get(kind, ()):
            if isinstance(node, Function):
                yield node


def length(function: Function) -> int:
    """Lines of a function without its decorators and docstring."""
    if function.end_lineno is None:
        return 0
    body = function.body
    documented = ast.get_docstring(function, clean=False) is not None
    described = (body[0].end_lineno or 0) - body[0].lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - described


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for a chain of names and attributes, empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        below = dotted(node.value)
        return f"{below}.{node.attr}" if below else node.attr
    return ""


def imported_modules(path: Path) -> set[str]:
    """Every module that the file imports, also inside functions, but not for type checking."""
    found: set[str] = set()
    for node in [*nodes(path).get(ast.Import, ()), *nodes(path).get(ast.ImportFrom, ())]:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found
