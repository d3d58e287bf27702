"""A case: what reps say, turn by turn, on which data, under which faults, and what must be true."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from evals.facts import Fact, Strict, Table, Text

Outcome = Literal["answered", "clarify", "not_found", "refused", "partial", "unavailable"]
Severity = Literal["normal", "critical", "safety"]
Rows = dict[Table, list[dict[str, Any]]]

FaultKind = Literal[
    "timeout",  # no answer within the time that a tool or the model has
    "server_error",  # HTTP 5xx, or a database that is gone
    "throttled",  # HTTP 429, ThrottlingException
    "expired_token",  # HTTP 401
    "malformed",  # an answer that cannot be read
    "slow",  # a good answer, late
    "mid_stream",  # the answer breaks off half way
]
FaultySystem = Literal["aurora", "catalog", "warranty", "profile", "model"]


def as_list(one_or_more: Any) -> Any:
    """One of a kind is a list of one."""
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


class ExpectedCall(Strict):
    """A tool that must have answered, with at least these arguments, or with exactly these."""

    tool: str
    args: dict[str, str] = {}
    match: Literal["partial", "exact"] = "partial"


class AnyCall(Strict):
    """One of several ways to the same facts is enough."""

    any: Annotated[list[ExpectedCall], Field(min_length=2)]


class ForbiddenCall(Strict):
    """A call that must not be made; ``*`` in names and values stands for anything.

    A value that begins with ``!`` forbids every other value.
    """

    tool: Text
    args: dict[str, str] = {}


class Tools(Strict):
    """What must have been asked and what must not.

    ``order: in_order`` wants the calls of ``must`` in their order; ``only`` forbids every call that
    neither ``must`` nor ``may`` names.
    """

    must: list[ExpectedCall | AnyCall] = []
    may: list[Text] = []
    forbid: list[Text | ForbiddenCall] = []
    order: Literal["any", "in_order"] = "any"
    only: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is expected of the calls."""
        return not (self.must or self.forbid or self.only)


class Say(Strict):
    """What the answer must say, and what it must not."""

    must: list[Fact] = []
    must_not: list[Fact] = []


class Difference(Strict):
    """A difference between systems that the answer must state: each value, each system's name."""

    values: Annotated[list[Fact], Field(min_length=2)]
    systems: Annotated[list[Text], Field(min_length=2)]


class Budget(Strict):
    """The most that a turn may use."""

    model_calls: int | None = Field(None, ge=0)
    tool_calls: int | None = Field(None, ge=0)
    tokens: int | None = Field(None, ge=1)
    seconds: float | None = Field(None, gt=0)

    @property
    def is_empty(self) -> bool:
        """Whether it limits nothing."""
        return self.model_dump(exclude_none=True) == {}


class Turn(Strict):
    """One question of a rep and what is expected of its answer.

    Attributes:
        rep: what the rep says.
        conversation: which of the case's conversations it is said in.
        by: who says it, when that is not the case's own rep.
        unavailable: systems that the answer must name as not asked.
        differences: differences between systems that the answer must state.
        judge: what a judge must find true of the answer; asked with a live model only.
    """

    rep: Text
    conversation: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "main"
    by: str | None = None
    outcome: Annotated[
        list[Outcome],
        Field(min_length=1),
        BeforeValidator(as_list, json_schema_input_type=Outcome | list[Outcome]),
    ]
    tools: Tools = Tools()
    say: Say = Say()
    unavailable: list[Literal["aurora", "catalog", "warranty", "profile"]] = []
    differences: list[Difference] = []
    budget: Budget = Budget()
    judge: str = ""

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not (
            self.say.must
            or self.say.must_not
            or not self.tools.is_empty
            or self.unavailable
            or self.differences
        ):
            raise ValueError("the turn expects nothing of the answer but its outcome")
        return self


class Fault(Strict):
    """Something breaks: a tool or a whole system, at these calls (all of them when none is named).

    Calls are counted from 1 over the case's conversations, for a tool by its own calls.
    """

    tool: str | None = None
    system: FaultySystem | None = None
    calls: list[Annotated[int, Field(ge=1)]] = []
    kind: FaultKind

    @model_validator(mode="after")
    def _hits_one_thing(self) -> Self:
        if (self.tool is None) == (self.system is None):
            raise ValueError("a fault names either a tool or a system")
        if self.kind == "mid_stream" and self.system != "model":
            raise ValueError("only the model streams, so only the model can break off")
        if self.kind == "expired_token" and self.system in ("aurora", "model"):
            raise ValueError("aurora and the model are not asked with a token that expires")
        return self


class Grounding(Strict):
    """How strictly figures must come from tools or from the rep.

    Attributes:
        derived: figures worked out from those of the tools that are right here.
        off: why nothing is checked.
    """

    derived: list[Literal["sum", "difference", "average", "count", "days", "percent"]] = []
    off: str = ""

    @model_validator(mode="after")
    def _gives_a_reason(self) -> Self:
        if "off" in self.model_fields_set and not self.off.strip():
            raise ValueError("say why nothing is checked, or leave `off` away")
        return self


class Injection(Strict):
    """What a hostile text in the data wants; none of it may happen."""

    canaries: list[Text] = []
    calls: list[Text | ForbiddenCall] = []

    @model_validator(mode="after")
    def _wants_something(self) -> Self:
        if not (self.canaries or self.calls):
            raise ValueError("name the text or the calls that the injection is after")
        return self


class Case(Strict):
    """A conversation with expectations.

    Attributes:
        id: unique over all files.
        family: what it is about; reports count by it.
        severity: one failed ``safety`` case fails the run, whatever the rest.
        now: freezes the clock.
        seed: the data: ``base``, ``generated:N`` customers, or a folder of records.
        rep: who asks.
        subjects: customers whose contact data may be said although no rep named them; ``all``.
        overlay: rows that exist for this case only.
        faults: what breaks; each must really happen, or the case is an error.
        trials: how often it is held, when that is not the run's own number.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    family: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    tags: list[Text] = []
    severity: Severity = "normal"
    now: date
    seed: Annotated[str, Field(pattern=r"^(base|generated:[1-9][0-9]*|\.{0,2}/.+)$")] = "base"
    rep: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] = "evals"
    subjects: Literal["all"] | list[Text] = []
    overlay: Rows = {}
    faults: list[Fault] = []
    grounding: Grounding = Grounding()
    injection: Injection | None = None
    budget: Budget = Budget()
    trials: int | None = Field(None, ge=1, le=100)
    turns: Annotated[list[Turn], Field(min_length=1)]


class CaseFile(Strict):
    """A file of cases; ``now`` and ``seed`` are those of every case that has none of its own."""

    version: Literal["1"]
    now: date | None = None
    seed: str | None = None
    cases: Annotated[list[Case], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _share(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("cases"), list):
            return data
        shared = {key: data[key] for key in ("now", "seed") if key in data}
        cases = [shared | case if isinstance(case, dict) else case for case in data["cases"]]
        return {**data, "cases": cases}
