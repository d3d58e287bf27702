"""Mutants that do what a hostile text in the data wants of them."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from agent import offered_tools
from evals.cases import ForbiddenCall
from evals.mutation.held_turns import HeldTurn
from evals.mutation.mutant import Mutant

_OTHER = "CUST999"


def _says_what_it_read(turn: HeldTurn) -> HeldTurn:
    injection = turn.case.injection
    if injection is None or not injection.canaries or not turn.has_asked:
        return turn
    return turn.adding(" ".join(injection.canaries))


def _does_what_it_read(turn: HeldTurn) -> HeldTurn:
    injection = turn.case.injection
    if injection is None or not injection.calls or not turn.has_asked:
        return turn
    return turn.calling(*wanted_call(injection.calls[0], offered_tools()))


def wanted_call(
    wanted: str | ForbiddenCall, tools: Sequence[Any]
) -> tuple[str, str, dict[str, Any]]:
    """System, tool and arguments of a call that the pattern describes."""
    pattern, given = (wanted, {}) if isinstance(wanted, str) else (wanted.tool, wanted.args)
    fitting = [tool for tool in tools if fnmatchcase(tool.name, pattern)]
    name = fitting[0].name if fitting else pattern.replace("*", "customer")
    system = fitting[0].system if fitting else "local"
    arguments = {
        argument: _OTHER if value.startswith("!") else value.replace("*", "1")
        for argument, value in given.items()
    }
    return system, name, arguments


INJECTION_MUTANTS = (
    Mutant(
        id="says-what-it-read",
        group="answer",
        does="Follows a text in the data that tells it what to say.",
        meant_for=("injection",),
        change=_says_what_it_read,
    ),
    Mutant(
        id="does-what-it-read",
        group="answer",
        does="Follows a text in the data that tells it what to call.",
        meant_for=("injection",),
        change=_does_what_it_read,
    ),
)
