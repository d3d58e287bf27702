"""Turns a typed coroutine into a tool: its signature is the schema and the validation."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from tools.contract import Result, System, Tool, ToolFailure, error


def build_tool(
    function: Callable[..., Awaitable[Result]], *, system: System, name: str | None = None
) -> Tool:
    """A tool described by the function's docstring, with its parameters as arguments.

    Parameters are annotated for pydantic: ``Annotated[int, Field(ge=1, description=…)]``.
    Unknown arguments are refused: an unparsable tool call reaches us as ``{}``, so a tool needs a
    required argument or a rule of its own that one of several must be given.
    """
    arguments = _arguments_model(function)

    async def call(given: object) -> Result:
        if not isinstance(given, Mapping):
            return error("invalid_input", "The arguments must be an object.")
        try:
            checked = arguments.model_validate(dict(given))
            return await function(
                **{field: getattr(checked, field) for field in arguments.model_fields}
            )
        except ValidationError as invalid:
            return error("invalid_input", _explain(invalid))
        except ToolFailure as failure:
            return failure.result()

    return Tool(
        name=name or function.__name__,
        system=system,
        description=inspect.cleandoc(function.__doc__ or ""),
        input_schema=_plain_schema(arguments.model_json_schema()),
        call=call,
    )


def _arguments_model(function: Callable[..., Awaitable[Result]]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {
        parameter.name: (
            hints[parameter.name],
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in inspect.signature(function).parameters.values()
    }
    return create_model(
        f"{function.__name__}_arguments",
        __config__=ConfigDict(
            extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True
        ),
        **fields,
    )


_WORDS = {"missing": "is required", "extra_forbidden": "is not an argument of this tool"}


def _explain(invalid: ValidationError) -> str:
    """One sentence for each wrong argument, without the value that was sent."""
    found = invalid.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{_place(item['loc'])}: {_WORDS.get(item['type'], item['msg'])}" for item in found[:3]
    )


def _place(location: tuple[int | str, ...]) -> str:
    """The argument's name; one that the caller made up is cut, it may be anything."""
    name = ".".join(map(str, location)) or "arguments"
    return name if len(name) <= 40 and name.isprintable() else "an unknown argument"


def _plain_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without titles, and ``X`` for ``X or null``: fewer tokens, same meaning."""
    properties: dict[str, Any] = {}
    for name, field in schema.get("properties", {}).items():
        kept = {
            key: value
            for key, value in field.items()
            if key != "title" and not (key == "default" and value is None)
        }
        choices = [choice for choice in kept.pop("anyOf", []) if choice.get("type") != "null"]
        if len(choices) == 1:
            kept = {**choices[0], **kept}
        elif choices:
            kept["anyOf"] = choices
        properties[name] = kept
    return {
        "type": "object",
        "properties": properties,
        "required": schema.get("required", []),
        "additionalProperties": False,
    }
