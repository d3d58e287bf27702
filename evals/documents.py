"""YAML as cases are written in it: few types, no key twice, and the line of every place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

Place = tuple[str | int, ...]


class SuiteError(Exception):
    """A case file that cannot be run: one sentence with file and line."""


class _PlainLoader(yaml.CSafeLoader):
    """YAML in which only integers, ``true``, ``false`` and ``null`` are more than text.

    libyaml reads it, which takes half the time. A date, an amount or a ``no`` in a case means
    the very characters that stand there.
    """


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("null", r"^null$", "n"),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first)
    )


@dataclass(frozen=True)
class Document:
    """One file: what stands in it, and where."""

    path: Path
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of the innermost known place; pydantic's own steps in between are skipped."""
        known: Place = ()
        for step in place:
            if (*known, step) in self.lines:
                known = (*known, step)
        return self.lines.get(known, 1)

    def error(self, place: Place, message: str) -> SuiteError:
        """What is wrong at a place of this file."""
        return SuiteError(f"{self.path}:{self.line(place)}: {message}")

    def invalid(self, invalid: ValidationError) -> SuiteError:
        """The first thing that a model found wrong with the file."""
        first = invalid.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return self.error(first["loc"], f"{where}: {first['msg']}" if where else first["msg"])


def read_document(path: Path) -> Document:
    """A YAML file with the lines of its places.

    Raises:
        SuiteError: it cannot be read, is no YAML, or a key stands twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise SuiteError(f"{path}: cannot be read as text: {wrong}") from None
    try:
        loader = _PlainLoader(text)
        root = loader.get_single_node()
        lines = dict(_walk(root, (), path)) if root is not None else {}
        data = loader.construct_document(root) if root is not None else None
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise SuiteError(f"{path}:{line}: {wrong.problem}") from None
    except yaml.YAMLError as wrong:
        raise SuiteError(f"{path}: cannot be read as text: {wrong}") from None
    except RecursionError:
        raise SuiteError(f"{path}: is nested too deeply to be a file of cases") from None
    return Document(path, data, lines)


def _walk(node: yaml.Node, place: Place, path: Path) -> Iterator[tuple[Place, int]]:
    """The line of every place in the document; a key that stands twice is an error."""
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise SuiteError(f"{path}:{key.start_mark.line + 1}: a key is a word")
            if key.value in seen:
                raise SuiteError(
                    f"{path}:{key.start_mark.line + 1}: the key {key.value!r} stands twice"
                )
            seen.add(key.value)
            yield (*place, key.value), key.start_mark.line + 1
            # A value that begins on a line of its own is still found by its key.
            yield from _below(value, (*place, key.value), path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*place, index), path)


def _below(node: yaml.Node, place: Place, path: Path) -> Iterator[tuple[Place, int]]:
    """What is inside a value, without the line of the value itself."""
    return ((inner, line) for inner, line in _walk(node, place, path) if inner != place)
