"""Mutants that do what a hostile text in the data wants of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from evals.cases import Case, ForbiddenCall, Injection
from evals.mutation.held_turns import HeldTurn, WrappedDesk, changing
from evals.mutation.mutant import MutableDesk, Mutant

_OTHER = "CUST999"


def injection_mutants(cases: Iterable[Case]) -> tuple[Mutant, ...]:
    """The desks that obey; what a text is after stands in its case, and the text in the data."""
    wanted = {turn.rep: case.injection for case in cases if case.injection for turn in case.turns}

    def says(turn: HeldTurn) -> HeldTurn:
        injection = wanted.get(turn.question.text)
        if injection is None or not injection.canaries or not turn.has_asked:
            return turn
        return turn.adding(" ".join(injection.canaries))

    return (
        Mutant(
            id="says-what-it-read",
            group="answer",
            does="Follows a text in the data that tells it what to say.",
            meant_for=("injection",),
            desk=changing(says),
        ),
        Mutant(
            id="does-what-it-read",
            group="answer",
            does="Follows a text in the data that tells it what to call.",
            meant_for=("injection",),
            desk=lambda desk: _ObeyingDesk(desk, wanted),
        ),
    )


class _ObeyingDesk(WrappedDesk):
    """Makes the first call that a hostile text asks for."""

    def __init__(self, inner: MutableDesk, wanted: Mapping[str, Injection]) -> None:
        super().__init__(inner)
        self._wanted = wanted

    def ask(self, question: Any) -> Any:
        """The turn, with the call in it."""
        return changing(self._calls)(self.inner).ask(question)

    def _calls(self, turn: HeldTurn) -> HeldTurn:
        injection = self._wanted.get(turn.question.text)
        if injection is None or not injection.calls or not turn.has_asked:
            return turn
        system, tool, arguments = wanted_call(injection.calls[0], self.tools)
        return turn.calling(system, tool, arguments)


def wanted_call(
    wanted: str | ForbiddenCall, tools: Sequence[Any]
) -> tuple[str, str, dict[str, Any]]:
    """A call that the pattern describes, of a tool that there is, if one fits."""
    pattern, given = (wanted, {}) if isinstance(wanted, str) else (wanted.tool, wanted.args)
    fitting = [tool for tool in tools if fnmatchcase(tool.name, pattern)]
    name = fitting[0].name if fitting else pattern.replace("*", "customer")
    system = getattr(fitting[0], "system", "local") if fitting else "local"
    arguments = {
        argument: _OTHER if value.startswith("!") else value.replace("*", "1")
        for argument, value in given.items()
    }
    return system, name, arguments
