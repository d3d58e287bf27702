"""Changes of tool results that several mutants share; errors stay what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from evals.mutation.mutant import Arguments, Call, ChangeTools, Result, Tool

ChangeResult = Callable[[Result], Result]
ChangeArguments = Callable[[Arguments], Arguments]


def with_call(tool: Tool, call: Call) -> Tool:
    """The same tool, run in another way."""
    known: Any = tool
    changed: Tool = replace(known, call=call)
    return changed


def changing_results(change: ChangeResult, *names: str) -> ChangeTools:
    """Changes what the named tools give, or all of them when none is named."""

    def changed(tool: Tool) -> Tool:
        async def call(arguments: Arguments) -> Result:
            result = await tool.call(arguments)
            return result if "error" in result else change(result)

        return with_call(tool, call)

    return lambda tools: [
        changed(tool) if not names or tool.name in names else tool for tool in tools
    ]


def changing_arguments(change: ChangeArguments) -> ChangeTools:
    """Asks every tool for something else than it was called with."""

    def changed(tool: Tool) -> Tool:
        async def call(arguments: Arguments) -> Result:
            return await tool.call(change(arguments))

        return with_call(tool, call)

    return lambda tools: [changed(tool) for tool in tools]


def without(*names: str) -> ChangeTools:
    """Takes the named tools away."""
    return lambda tools: [tool for tool in tools if tool.name not in names]


def each_field(value: Any, change: Callable[[str, Any], Any]) -> Any:
    """A copy of the data in which every field of every record went through the change."""
    if isinstance(value, dict):
        return {
            key: change(key, each_field(item, change))
            if not isinstance(item, (dict, list))
            else each_field(item, change)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [each_field(item, change) for item in value]
    return value


def each_list(value: Any, change: Callable[[list[Any]], list[Any]]) -> Any:
    """A copy of the data in which every list of records went through the change."""
    if isinstance(value, dict):
        return {key: each_list(item, change) for key, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return change([each_list(item, change) for item in value])
    return value


def named(tools: Sequence[Tool], name: str) -> Tool | None:
    """The tool of that name, if there is one."""
    return next((tool for tool in tools if tool.name == name), None)
