"""What goes into a turn and what comes out of it: the question, the turn events, the answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Outcome = Literal["answered", "clarify", "not_found", "refused", "partial", "unavailable"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Role = Literal["rep", "lead", "admin"]


class Rep(_Frozen):
    """The human who asks; id and role come from a verified token or the operator's settings."""

    rep_id: str
    name: str = ""
    role: Role = "rep"


class Question(_Frozen):
    """One question of a rep in one conversation; ``replaces`` names the last turn, asked anew."""

    rep: Rep
    conversation_id: str
    text: str
    replaces: str | None = None


class ToolCall(_Frozen):
    """A tool call of this turn: which system was asked, with what, and whether it answered."""

    system: str
    tool: str
    input: dict[str, Any]
    ok: bool
    ms: int


class FinishedCall(ToolCall):
    """A tool call with its outcome, as it is kept with the turn: ``data`` only when it is ok."""

    id: str
    rows: int | None = None
    error: str | None = None
    data: dict[str, Any] | None = None


class Thumb(_Frozen):
    """What a rep thought of an answer, in his own words if he gave any."""

    value: Literal["up", "down"]
    reason: str = ""


class Usage(_Frozen):
    """What the turn took. ``ms`` is wall time, ``model_ms`` the part of it spent in model calls."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    ms: int = 0
    model_ms: int = 0


class Answer(_Frozen):
    """A finished turn: ``answer`` is Markdown, ``unavailable`` names systems not asked."""

    conversation_id: str
    turn_id: str
    answer: str
    outcome: Outcome
    unavailable: list[str] = []
    tool_calls: list[ToolCall] = []
    usage: Usage = Usage()
    model_id: str
    prompt_hash: str


class TextDelta(_Frozen):
    """A piece of the answer's text."""

    type: Literal["text_delta"] = "text_delta"
    text: str


class ToolStarted(_Frozen):
    """A tool call has begun."""

    type: Literal["tool_started"] = "tool_started"
    id: str
    system: str
    tool: str
    input: dict[str, Any]


class ToolFinished(_Frozen):
    """A tool call has ended; ``rows`` counts its records, ``data`` is for the browser's panel."""

    type: Literal["tool_finished"] = "tool_finished"
    id: str
    ok: bool
    ms: int
    rows: int | None = None
    error: str | None = None
    data: dict[str, Any] | None = None


class Reset(_Frozen):
    """Throw away the text shown so far in this turn: it will be streamed again."""

    type: Literal["reset"] = "reset"


class Answered(_Frozen):
    """The turn's last event when it gave an answer, or what it had said when it was stopped."""

    type: Literal["answered"] = "answered"
    answer: Answer
    stopped: bool = False


class Failed(_Frozen):
    """The turn's last event when it gave none: a code and a plain sentence for the rep."""

    type: Literal["failed"] = "failed"
    code: str
    message: str
    retryable: bool


TurnEvent = TextDelta | ToolStarted | ToolFinished | Reset | Answered | Failed
_BY_TYPE: Any = Annotated[TurnEvent, Field(discriminator="type")]
TURN_EVENT: TypeAdapter[TurnEvent] = TypeAdapter(_BY_TYPE)
