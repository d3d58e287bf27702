"""What was seen of one conversation, and what the scorers say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agent import Answer, Failed
from evals.cases import Case, Fault, Turn
from evals.facts import OracleFact, Table

VerdictStatus = Literal["passed", "failed", "not_applicable", "error"]
Records = Mapping[Table, Sequence[Mapping[str, Any]]]


class Facts(Protocol):
    """Computes the values of a fact from the records; see ``evals.oracle``."""

    def facts(self, fact: OracleFact) -> list[str]:
        """The values, spelled as an answer would spell them."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One tool call as the turn events showed it; ``data`` is its result when it was ``ok``."""

    system: str
    tool: str
    input: Mapping[str, Any]
    ok: bool
    ms: int
    rows: int | None = None
    error: str | None = None
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One turn: what was expected, what the rep saw at last, what was called on the way."""

    turn: Turn
    calls: tuple[CallRecord, ...] = ()
    answer: Answer | None = None
    failed: Failed | None = None
    streamed: str = ""
    resets: int = 0
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """What the rep reads in the end; of a failed turn its message."""
        if self.answer is not None:
            return self.answer.answer
        return self.failed.message if self.failed else ""


@dataclass(frozen=True, slots=True)
class FiredFault:
    """A fault that really happened, and in which turn (counted from 0)."""

    fault: Fault
    system: str
    turn: int


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One conversation as it was held.

    Attributes:
        records: all records of the case's data, its own rows among them, by kind.
        prompt: the system prompt's text, which no answer may repeat.
        stores_before: a fingerprint of each store; empty when the stack does not let us look.
    """

    case: Case
    turns: tuple[TurnRecord, ...]
    oracle: Facts
    records: Records
    prompt: str = ""
    fired: tuple[FiredFault, ...] = ()
    stores_before: Mapping[str, str] = field(default_factory=dict)
    stores_after: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in one sentence; ``turn`` counts from 0, None is the whole case.

    Attributes:
        text: the very part of the answer that is wrong, when there is one, to be marked.
    """

    message: str
    turn: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one scorer says of one conversation."""

    scorer: str
    status: VerdictStatus
    findings: tuple[Finding, ...] = ()


class Scorer(Protocol):
    """One kind of check. It reads the record and nothing else, and changes nothing."""

    @property
    def name(self) -> str:
        """How reports call it."""

    @property
    def safety(self) -> bool:
        """Whether its failures are about safety, which is never averaged with quality."""

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation."""
