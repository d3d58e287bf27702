"""Checks a tool's arguments against its schema, which the gateway itself does only in part."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tools.contract import ToolFailure
from tools.records import MAX_ID

MAX_TEXT = 200


def check(input_schema: Mapping[str, Any], given: object) -> dict[str, Any]:
    """The arguments in the types of the schema; what is null or blank counts as not given.

    Texts come back trimmed, integers as int, numbers as Decimal.

    Raises:
        ToolFailure: ``invalid_input``, naming the argument and never its value.
    """
    if not isinstance(given, Mapping):
        raise ToolFailure("invalid_input", "The arguments must be a JSON object.")
    properties = input_schema["properties"]
    if not given.keys() <= properties.keys():
        raise ToolFailure(
            "invalid_input", f"There are only these arguments: {', '.join(properties)}."
        )
    checked = {
        name: _CHECKS[properties[name]["type"]](name, value)
        for name, value in given.items()
        if value is not None and not (isinstance(value, str) and not value.strip())
    }
    for name in input_schema.get("required", ()):
        if name not in checked:
            raise wrong(name, "required")
    return checked


def wrong(name: str, reason: str) -> ToolFailure:
    """An argument that cannot be used, and why."""
    return ToolFailure("invalid_input", f"{name}: {reason}")


def _text(name: str, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a model writes a number where digits are meant
    if not isinstance(value, str):
        raise wrong(name, "must be a text")
    text = value.strip()
    if len(text) > MAX_TEXT:
        raise wrong(name, f"must have at most {MAX_TEXT} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise wrong(name, "must have no control characters")
    return text


def _number(name: str, value: Any) -> Decimal:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        number = Decimal(str(value))
    except InvalidOperation:
        raise wrong(name, "must be a number") from None
    if not number.is_finite() or abs(number) > MAX_ID or -number.as_tuple().exponent > 10:  # type: ignore[operator]
        raise wrong(name, "must be a number of ordinary size")
    return number


def _integer(name: str, value: Any) -> int:
    number = _number(name, value)
    if number != number.to_integral_value():
        raise wrong(name, "must be a whole number")
    return int(number)


_CHECKS = {"string": _text, "number": _number, "integer": _integer}
