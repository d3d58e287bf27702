"""AWS's own description of its interfaces, and whether a value is one that it allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session


@cache
def service(name: str) -> Any:
    """The model of a service."""
    return botocore.session.Session().get_service_model(name)


def faults(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """What is wrong with a value by its shape: unknown and missing members, lengths, patterns."""
    kind = shape.type_name
    if kind == "structure":
        yield from _of_structure(value, shape, path)
    elif kind == "list":
        yield from _of_length(value, shape, path)
        for number, held in enumerate(value):
            yield from faults(held, shape.member, f"{path}[{number}]")
    elif kind == "map":
        yield from _of_length(value, shape, path)
        for name, held in value.items():
            yield from faults(name, shape.key, f"{path}.{name}")
            yield from faults(held, shape.value, f"{path}.{name}")
    elif kind == "string":
        yield from _of_text(value, shape, path)
    elif kind in ("integer", "long") and not (isinstance(value, int) or "<" in str(value)):
        yield f"{path} is no whole number"
    elif kind == "boolean" and not isinstance(value, bool):
        yield f"{path} is neither true nor false"


def _of_structure(value: Any, shape: Any, path: str) -> Iterator[str]:
    if shape.metadata.get("document"):
        return
    if not isinstance(value, dict):
        yield f"{path} is no structure"
        return
    members = {name.lower(): name for name in shape.members}
    known = {members.get(name.lower(), ""): held for name, held in value.items()}
    yield from (f"{path}.{name} is unknown" for name in value if name.lower() not in members)
    yield from (f"{path}.{name} is missing" for name in set(shape.required_members) - known.keys())
    if shape.metadata.get("union") and len(value) != 1:
        yield f"{path} holds {len(value)} of what it may hold one of"
    for name, held in known.items():
        if name:
            yield from faults(held, shape.members[name], f"{path}.{name}")


def _of_text(value: Any, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{path} is no text"
        return
    if "<" in value:  # what only AWS knows stands between such marks
        return
    if shape.enum and value not in shape.enum:
        yield f"{path}: {value!r} is none of {sorted(shape.enum)}"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield f"{path}: {value!r} is not like {pattern}"
    yield from _of_length(value, shape, path)


def _of_length(value: Any, shape: Any, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", float("inf"))
    if not least <= len(value) <= most:
        yield f"{path} has a length of {len(value)}"
