"""Turns that are changed after they were held, so that the rep sees something else.

The desk is not asked again: what it keeps of a conversation does not depend on what was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from agent import Answer, Outcome, ToolCall
from evals.cases import Case
from evals.record import CallRecord, CaseRecord, TurnRecord


@dataclass(frozen=True, slots=True)
class HeldTurn:
    """An answered turn of a case, as the rep saw it."""

    case: Case
    record: TurnRecord
    answer: Answer

    @property
    def rep(self) -> str:
        """What the rep said."""
        return self.record.turn.rep

    @property
    def text(self) -> str:
        """What the rep reads."""
        return self.answer.answer

    @property
    def results(self) -> list[Mapping[str, Any]]:
        """What tools gave."""
        return [call.data for call in self.record.calls if call.ok and call.data]

    @property
    def has_asked(self) -> bool:
        """Whether any tool answered."""
        return any(call.ok for call in self.record.calls)

    def saying(self, text: str, outcome: Outcome | None = None, **changed: Any) -> Self:
        """The same turn with another answer."""
        changed |= {"answer": text, "outcome": outcome or self.answer.outcome}
        return self.answering(**changed)

    def adding(self, sentence: str) -> Self:
        """The same turn with a sentence more."""
        return self.saying(f"{self.text}\n\n{sentence}")

    def answering(self, **changed: Any) -> Self:
        """The same turn with these fields of the answer changed."""
        return replace(self, answer=self.answer.model_copy(update=changed))

    def calling(self, system: str, tool: str, arguments: dict[str, Any]) -> Self:
        """The same turn after one more tool call, which found nothing."""
        made = CallRecord(system=system, tool=tool, input=arguments, ok=True, ms=0, rows=0, data={})
        listed = ToolCall(system=system, tool=tool, input=arguments, ok=True, ms=0)
        return self.with_calls((*self.record.calls, made), [*self.answer.tool_calls, listed])

    def with_calls(self, calls: tuple[CallRecord, ...], listed: list[ToolCall]) -> Self:
        """The same turn with other calls, and as the answer lists them."""
        changed = self.answering(tool_calls=listed)
        return replace(changed, record=replace(self.record, calls=calls))

    def seen(self) -> TurnRecord:
        """The turn as a run writes it down."""
        return replace(self.record, answer=self.answer, streamed=self.text)


Change = Callable[[HeldTurn], HeldTurn]


def changed_record(record: CaseRecord, change: Change) -> CaseRecord:
    """The case with every answered turn changed; one that failed has no answer to change."""
    return replace(
        record, turns=tuple(_changed(record.case, turn, change) for turn in record.turns)
    )


def _changed(case: Case, turn: TurnRecord, change: Change) -> TurnRecord:
    if turn.answer is None:
        return turn
    held = HeldTurn(case, turn, turn.answer)
    changed = change(held)
    return turn if changed is held else changed.seen()
