"""Mutants that reach the right answer in too many steps."""

from __future__ import annotations

from evals.mutation.held_turns import HeldTurn
from evals.mutation.mutant import Mutant

_TIMES = 3


def _repeats_calls(turn: HeldTurn) -> HeldTurn:
    """Every call three times over, one round after another."""
    usage = turn.answer.usage
    rounds = usage.model_copy(update={"model_calls": usage.model_calls + _TIMES - 1})
    repeated = turn.with_calls(turn.record.calls * _TIMES, turn.answer.tool_calls * _TIMES)
    return repeated.answering(usage=rounds)


def _loops_model(turn: HeldTurn) -> HeldTurn:
    usage = turn.answer.usage
    counted = ("model_calls", "input_tokens", "output_tokens")
    more = {name: getattr(usage, name) * _TIMES for name in counted}
    return turn.answering(usage=usage.model_copy(update=more))


COST_MUTANTS = (
    Mutant(
        id="repeated-calls",
        group="cost",
        does="Asks every tool three times.",
        meant_for=("budget",),
        change=_repeats_calls,
    ),
    Mutant(
        id="looping-model",
        group="cost",
        does="Takes three times the model calls and tokens.",
        meant_for=("budget",),
        change=_loops_model,
    ),
)
