"""Compares a tool call with one that a case expects or forbids."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any

from evals.cases import ExpectedCall, ForbiddenCall
from evals.record import CallRecord

_SEPARATORS = re.compile(r"[\s\-_]+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def is_expected(expected: ExpectedCall, call: CallRecord) -> bool:
    """Whether the call is the expected one, with these arguments or with exactly these."""
    given = {name: value for name, value in call.input.items() if value is not None}
    if call.tool != expected.tool:
        return False
    if expected.match == "exact" and set(given) != set(expected.args):
        return False
    return all(
        name in given and same(given[name], wanted) for name, wanted in expected.args.items()
    )


def is_forbidden(forbidden: str | ForbiddenCall, call: CallRecord) -> bool:
    """Whether the call is one of the forbidden ones; ``*`` stands for anything, ``!`` for others.

    A call without the argument is none of them.
    """
    if isinstance(forbidden, str):
        return fnmatchcase(call.tool, forbidden)
    return fnmatchcase(call.tool, forbidden.tool) and all(
        call.input.get(name) is not None and _is_among(call.input[name], pattern)
        for name, pattern in forbidden.args.items()
    )


def same(given: Any, wanted: str) -> bool:
    """Whether an argument is the wanted one, whatever its case and the separators within it."""
    text = spelled(given)
    if _NUMBER.fullmatch(text) and _NUMBER.fullmatch(wanted):
        return _decimal(text) == _decimal(wanted)
    return _folded(text) == _folded(wanted)


def spelled(given: Any) -> str:
    """An argument as a case file writes it."""
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)


def shown(tool: str, arguments: Mapping[str, Any]) -> str:
    """A call as a finding shows it."""
    return f"{tool}({', '.join(f'{name}={spelled(value)}' for name, value in arguments.items())})"


def _is_among(given: Any, pattern: str) -> bool:
    if pattern.startswith("!"):
        return not _is_among(given, pattern[1:])
    if "*" in pattern or "?" in pattern:
        return fnmatchcase(spelled(given).casefold(), pattern.casefold())
    return same(given, pattern)


def _folded(text: str) -> str:
    return _SEPARATORS.sub("", text).casefold()


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
