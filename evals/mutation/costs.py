"""Mutants that reach the right answer in too many steps."""

from __future__ import annotations

from dataclasses import replace

from agent import ToolFinished, ToolStarted
from evals.mutation.held_turns import HeldTurn, changing
from evals.mutation.mutant import Mutant

_TIMES = 3


def _again(call: ToolStarted | ToolFinished, number: int) -> ToolStarted | ToolFinished:
    return call.model_copy(update={"id": f"{call.id}-{number}"}) if number else call


def _repeats_calls(turn: HeldTurn) -> HeldTurn:
    """Every call three times over, one round after another."""
    calls = tuple(_again(call, number) for number in range(_TIMES) for call in turn.calls)
    usage = turn.answer.usage.model_copy(
        update={"model_calls": turn.answer.usage.model_calls + _TIMES - 1}
    )
    answer = turn.answer.model_copy(
        update={"tool_calls": turn.answer.tool_calls * _TIMES, "usage": usage}
    )
    return replace(turn, calls=calls, answer=answer)


def _loops_model(turn: HeldTurn) -> HeldTurn:
    usage = turn.answer.usage
    changed = {
        name: getattr(usage, name) * _TIMES
        for name in ("model_calls", "input_tokens", "output_tokens")
    }
    answer = turn.answer.model_copy(update={"usage": usage.model_copy(update=changed)})
    return replace(turn, answer=answer)


COST_MUTANTS = (
    Mutant(
        id="repeated-calls",
        group="cost",
        does="Asks every tool three times.",
        meant_for=("budget",),
        desk=changing(_repeats_calls),
    ),
    Mutant(
        id="looping-model",
        group="cost",
        does="Takes three times the model calls and tokens.",
        meant_for=("budget",),
        desk=changing(_loops_model),
    ),
)
