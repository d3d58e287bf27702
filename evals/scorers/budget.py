"""No turn used more than it may: model calls, tool calls, tokens, seconds."""

from __future__ import annotations

from collections.abc import Iterator

from evals.cases import Budget
from evals.record import CaseRecord, Finding, TurnRecord, Verdict
from evals.scorers.verdicts import judged, numbered_turns

_WORDS = {"model_calls": "model calls", "tool_calls": "tool calls"}


class WithinBudget:
    """Judges each turn by its own budget, and where that says nothing by the case's."""

    name = "budget"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation."""
        budgets = [_merged(turn.turn.budget, record.case.budget) for turn in record.turns]
        findings = [
            Finding(message, number)
            for number, turn in numbered_turns(record)
            for message in _over(turn, budgets[number])
        ]
        some = any(not budget.is_empty for budget in budgets)
        return judged(self.name, findings, applicable=some)


def _merged(own: Budget, shared: Budget) -> Budget:
    given = own.model_dump(exclude_none=True)
    return Budget(**{**shared.model_dump(exclude_none=True), **given})


def _over(turn: TurnRecord, budget: Budget) -> Iterator[str]:
    used = _used(turn)
    for name, most in budget.model_dump(exclude_none=True).items():
        if used[name] > most:
            yield f"{used[name]:g} {_WORDS.get(name, name)}, at most {most:g} are allowed"


def _used(turn: TurnRecord) -> dict[str, float]:
    usage = turn.answer.usage if turn.answer else None
    return {
        "model_calls": usage.model_calls if usage else 0,
        "tool_calls": len(turn.calls),
        "tokens": usage.input_tokens + usage.output_tokens if usage else 0,
        "seconds": round(turn.seconds, 3),
    }
