"""The result of a run as data: versioned, so that other programs can rely on it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, computed_field

from evals.cases import Severity
from evals.record import VerdictStatus

Status = Literal["passed", "failed", "error"]
CoverageKind = Literal["ok", "empty", "error", "refused"]

PASSED, FAILED, BAD_INPUT, INFRASTRUCTURE, WORSE = 0, 1, 2, 3, 4


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Usage(_Frozen):
    """What turns took."""

    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    ms: int = 0


class CallReport(_Frozen):
    """A tool call; ``kind`` is its cell of the coverage table."""

    system: str
    tool: str
    input: dict[str, Any]
    ok: bool
    kind: CoverageKind
    error: str | None = None
    rows: int | None = None
    ms: int = 0


class FindingReport(_Frozen):
    """One thing that is wrong; ``turn`` counts from 0."""

    message: str
    turn: int | None = None
    text: str = ""


class VerdictReport(_Frozen):
    """What one scorer said; ``safety`` verdicts are counted apart from the others."""

    scorer: str
    safety: bool
    status: VerdictStatus
    findings: list[FindingReport] = []


class TurnReport(_Frozen):
    """A turn as the rep saw it."""

    rep: str
    conversation: str
    by: str
    answer: str = ""
    outcome: str = ""
    failed: str = ""
    unavailable: list[str] = []
    calls: list[CallReport] = []
    usage: Usage = Usage()


class TrialReport(_Frozen):
    """One time that the case was held: ``error`` means that it could not be judged."""

    number: int
    status: Status
    error: str = ""
    turns: list[TurnReport] = []
    verdicts: list[VerdictReport] = []
    ms: int = 0


class CaseReport(_Frozen):
    """A case with all its trials."""

    id: str
    family: str
    tags: list[str] = []
    severity: Severity
    seed: str
    now: str
    trials: list[TrialReport]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def status(self) -> Status:
        """``failed`` when any trial failed; ``error`` when one could not be judged."""
        statuses = {trial.status for trial in self.trials}
        if "failed" in statuses:
            return "failed"
        return "error" if "error" in statuses else "passed"


class Report(_Frozen):
    """A whole run.

    Attributes:
        data_hashes: a hash of the records of each seed that was used.
        commit: the commit of the code, with ``+`` when files had changed; empty when not known.
        replayed: whether the model's answers came from a recording.
    """

    version: Literal[2] = 2
    started: str
    ms: int
    model_id: str
    stack: str
    prompt_hashes: list[str]
    data_hashes: dict[str, str]
    commit: str
    trials: int
    replayed: bool = False
    cases: list[CaseReport]

    def count(self, status: Status) -> int:
        """How many cases ended that way."""
        return sum(case.status == status for case in self.cases)
