"""The tools that cases may name: those that the desk offers, known without any system."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache

from agent import offered_tools

Offered = Mapping[str, Collection[str]]


@cache
def offered() -> Offered:
    """The name of each tool with those of its arguments."""
    return {tool.name: tuple(tool.input_schema.get("properties", {})) for tool in offered_tools()}


def unknown_tool(pattern: str, tools: Offered) -> str:
    """What is wrong with the name of a tool, in which ``*`` stands for anything; empty if known."""
    if any(fnmatchcase(name, pattern) for name in tools):
        return ""
    if "*" in pattern:
        return f"no tool has a name like {pattern!r}"
    return f"there is no tool {pattern!r}{_meant(pattern, tools)}"


def unknown_arguments(pattern: str, arguments: Iterable[str], tools: Offered) -> str:
    """What is wrong with the names of arguments of the tools that the pattern fits."""
    known = {
        argument
        for name, takes in tools.items()
        if fnmatchcase(name, pattern)
        for argument in takes
    }
    for argument in arguments:
        if not any(fnmatchcase(name, argument) for name in known):
            return f"{pattern} takes no argument {argument!r}{_meant(argument, known)}"
    return ""


def _meant(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; {near[0]!r} is meant?" if near else ""
