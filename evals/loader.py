"""Reads case files, and says with file and line what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from evals.cases import Case, CaseFile
from evals.facts import AnyFact, Fact, SqlFact
from evals.oracle import Oracle, OracleError

Place = tuple[str | int, ...]
Lines = dict[Place, int]

CONVERSATIONS = Path(__file__).parent / "conversations"


class _PlainLoader(yaml.SafeLoader):
    """YAML in which only integers, ``true``, ``false`` and ``null`` are more than text.

    A date, an amount or a ``no`` in a case means the very characters that stand there.
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


class SuiteError(Exception):
    """A case file that cannot be run: one sentence with file and line."""


def load_cases(paths: Iterable[Path] = ()) -> list[Case]:
    """Every case of the files and folders given, or of the project's own conversations.

    Raises:
        SuiteError: a file is missing, unreadable or wrong, or there is no case at all.
    """
    cases: list[Case] = []
    known: dict[str, Path] = {}
    for path in _files(list(paths) or [CONVERSATIONS]):
        for case in _read(path):
            if case.id in known:
                raise SuiteError(f"{path}: the case {case.id!r} is already in {known[case.id]}")
            known[case.id] = path
            cases.append(case)
    if not cases:
        raise SuiteError("there is no case to run")
    return cases


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.yaml"))
        elif path.is_file():
            yield path
        else:
            raise SuiteError(f"{path}: there is no such file or folder")


def _read(path: Path) -> list[Case]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise SuiteError(f"{path}: cannot be read as text: {wrong}") from None
    try:
        root = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise SuiteError(f"{path}:{line}: {wrong.problem}") from None
    lines: Lines = {}
    if root is not None:
        for place, line in _walk(root, (), path):
            lines[place] = line
    try:
        data = yaml.load(text, Loader=_PlainLoader)  # noqa: S506  # a safe loader with fewer types
        cases = CaseFile.model_validate(data).cases
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SuiteError(f"{path}:{_line(lines, first['loc'])}: {where}: {first['msg']}") from None
    for index, case in enumerate(cases):
        _check_oracles(case, f"{path}:{_line(lines, ('cases', index))}")
    return cases


def _walk(node: yaml.Node, place: Place, path: Path) -> Iterator[tuple[Place, int]]:
    """The line of every place in the document; a key that stands twice is an error."""
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise SuiteError(
                    f"{path}:{key.start_mark.line + 1}: the key {key.value!r} stands twice"
                )
            seen.add(key.value)
            yield from _walk(value, (*place, key.value), path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*place, index), path)


def _line(lines: Lines, place: Place) -> int:
    """The line of the innermost known place; pydantic's own steps in between are skipped."""
    known: Place = ()
    for step in place:
        if (*known, step) in lines:
            known = (*known, step)
    return lines.get(known, 1)


def _check_oracles(case: Case, where: str) -> None:
    try:
        with Oracle(case) as oracle:
            for turn in case.turns:
                for fact in _sql_facts([*turn.say.must, *turn.say.must_not]):
                    oracle.facts(fact)
    except OracleError as wrong:
        raise SuiteError(f"{where}: case {case.id!r}: {wrong}") from None


def _sql_facts(facts: Iterable[Fact]) -> Iterator[SqlFact]:
    for fact in facts:
        if isinstance(fact, SqlFact):
            yield fact
        elif isinstance(fact, AnyFact):
            yield from _sql_facts(fact.any)
