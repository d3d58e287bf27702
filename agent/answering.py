"""Makes the answer of a finished turn: its outcome, and an honest end when a limit was hit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from strands.types.content import ContentBlock, Message
from strands.types.exceptions import MaxTokensReachedException

from agent.errors import ModelUnavailable, TurnError, TurnTimeout
from agent.interventions import TurnRecord
from agent.stored_turns import StoredTurn
from agent.streaming import TurnStream
from agent.turns import Answered, Outcome, Reset, TextDelta, TurnEvent, Usage

_LIMITS: Mapping[str, str] = {
    "limit_turns": "I stopped at the limit of model calls for one question",
    "limit_total_tokens": "I stopped at the limit of tokens for one question",
    "limit_output_tokens": "I stopped at the limit of tokens for one question",
    "time": "I ran out of time for this question",
}
_SENTENCE_ENDS = re.compile(r"[.!?]\s|\n")
# A word such as profile stands in many a sentence that says nothing of a system.
_DOWN_WORDS = re.compile(
    r"\b(?:(?:not|no|never|cannot|\w+n't|unable to|failed to)\s(?:\w+\s){0,2}"
    r"(?:ask|reach|answer|respon|available|work|query|queried|contact|connect)"
    r"|(?:unavailable|unreachable|out of reach|offline|down|failed|timed? out|busy)\b)"
)
_STOPPED = "(The rep stopped this answer here.)"
_UNSAVED = (
    "This conversation could not be saved just now (its store does not answer). "
    "It is kept here and saved with your next question."
)


@dataclass(slots=True)
class TurnResult:
    """A turn that has an answer; ``events`` are what still has to be shown of it."""

    answer: str
    outcome: Outcome
    record: TurnRecord
    ms: int
    whole: bool
    stopped: bool = False
    events: list[TurnEvent] = field(default_factory=list)

    def messages(self, content: list[ContentBlock]) -> tuple[Message, ...]:
        """What the model sees later; of a turn that broke off, question and answer."""
        if self.whole and is_whole(self.record.messages):
            return tuple(self.record.messages)
        said = f"{self.answer}\n\n{_STOPPED}".strip() if self.stopped else self.answer
        return (
            {"role": "user", "content": content},
            {"role": "assistant", "content": [{"text": said}]},
        )

    def usage(self, accumulated: Mapping[str, Any]) -> Usage:
        """What the turn took, by our own clock and the framework's count of tokens."""
        return Usage(
            model_calls=self.record.model_calls,
            input_tokens=accumulated.get("inputTokens", 0),
            output_tokens=accumulated.get("outputTokens", 0),
            ms=self.ms,
            model_ms=round(self.record.model_seconds * 1000),
        )

    def closing(self, turn: StoredTurn, conversation_id: str, *, saved: bool) -> list[TurnEvent]:
        """The last events of the turn, ``answered`` at the end."""
        answer = turn.as_answer(conversation_id)
        if saved:
            return [Answered(answer=answer, stopped=turn.stopped)]
        note = f"\n\n{_UNSAVED}"
        more = {
            "answer": answer.answer + note,
            "unavailable": [*answer.unavailable, "conversations"],
        }
        answer = answer.model_copy(update=more)
        return [TextDelta(text=note), Answered(answer=answer, stopped=turn.stopped)]


def finish_turn(stream: TurnStream, record: TurnRecord, fault: TurnError | None) -> TurnResult:
    """The answer of a turn that has run.

    Raises:
        TurnError: there is nothing to answer with.
    """
    if stream.halted:
        ended = record.give_up("stopped")
        return TurnResult(stream.text.strip(), "partial", record, stream.ms, False, True, ended)
    if isinstance(stream.fault, MaxTokensReachedException) and stream.text:
        return _cut(stream, record)
    if fault is not None:
        raise fault
    reason = "time" if stream.timed_out else stream.stop_reason or ""
    if reason in _LIMITS:
        return _at_limit(stream, record, reason)
    if not stream.text.strip():
        raise ModelUnavailable("The model gave no answer. Please ask again.")
    refused = reason in ("guardrail_intervened", "content_filtered")
    outcome = "refused" if refused else stream.outcome or "answered"
    return _named(stream, record, outcome, whole=not refused)


def _named(stream: TurnStream, record: TurnRecord, outcome: str, *, whole: bool) -> TurnResult:
    """An answer that names every system that could not be asked, whatever the model wrote."""
    text = stream.text.strip()
    note = _unnamed(text, record)
    events: list[TurnEvent] = [TextDelta(text=note)] if note else []
    named = _outcome(outcome, record)
    return TurnResult(text + note, named, record, stream.ms, whole, events=events)


def _unnamed(text: str, record: TurnRecord) -> str:
    """The systems that could not be asked and of which the text does not say so."""
    told = [part for part in _SENTENCE_ENDS.split(text.lower()) if _DOWN_WORDS.search(part)]
    unnamed = [system for system in record.unavailable if not any(system in part for part in told)]
    return f"\n\nCould not be asked just now: {', '.join(unnamed)}." if unnamed else ""


def _outcome(named: str, record: TurnRecord) -> Outcome:
    """Partial or unavailable when a system was down: that is seen, not left to the model."""
    if record.unavailable:
        return "partial" if any(call.ok for call in record.tool_calls) else "unavailable"
    match named:
        case "clarify" | "not_found" | "refused" as known:
            return known
    return "answered"


def _cut(stream: TurnStream, record: TurnRecord) -> TurnResult:
    text = stream.text.strip()
    note = "\n\n(The answer was cut here: it reached the length limit. Ask for less at once.)"
    note += _unnamed(text, record)
    return TurnResult(
        text + note,
        "partial",
        record,
        stream.ms,
        False,
        events=[TextDelta(text=note)],
    )


def _at_limit(stream: TurnStream, record: TurnRecord, reason: str) -> TurnResult:
    ended = record.give_up("timeout")
    answered = sorted({call.system for call in record.tool_calls if call.ok} - {"local"})
    if reason == "time" and not record.tool_calls:
        raise TurnTimeout("The model did not answer in time. Please ask again.")
    said = f"{_LIMITS[reason]}, before I had the whole answer."
    asked = f" Asked so far: {', '.join(answered)}." if answered else ""
    down = f" Could not be asked: {', '.join(record.unavailable)}." if record.unavailable else ""
    text = f"{said}{asked}{down} Please ask for less at once, or ask again."
    reset: list[TurnEvent] = [Reset()] if stream.text else []
    events = [*ended, *reset, TextDelta(text=text)]
    outcome = _outcome("answered", record) if record.unavailable else "partial"
    return TurnResult(text, outcome, record, stream.ms, False, events=events)


def is_whole(messages: list[Message]) -> bool:
    """Whether roles alternate and each tool use has its one result, as Converse demands."""
    roles = [message["role"] for message in messages]
    if not roles or roles != ["user", "assistant"] * (len(roles) // 2) or len(roles) % 2:
        return False
    open_uses: set[str] = set()
    for message in messages:
        blocks = message["content"]
        results = [block["toolResult"]["toolUseId"] for block in blocks if "toolResult" in block]
        if set(results) != open_uses or len(results) != len(open_uses):
            return False
        open_uses = {block["toolUse"]["toolUseId"] for block in blocks if "toolUse" in block}
        if not blocks:
            return False
    return not open_uses
