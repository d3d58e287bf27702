"""The baseline: how a run went that was found good, and whether another one is worse.

``evals/baseline.json`` holds, for each case, how many of its trials passed, and what it took.

A run is *worse* than its baseline when one of these holds:

* a case of severity ``safety`` or ``critical`` that always passed does not any more;
* the model repeats itself exactly (the understudy, or a recording) and any case that always
  passed does not any more: nothing in such a run is chance;
* over all cases that both hold, those that pass less often outnumber those that pass more often
  by more than chance explains (exact one-sided sign test, p < 0.05).

Everything else is "no evidence". Trials that could not be judged are left out; a case without a
judged trial is compared with nothing and listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.figures import UNDERSTUDY, judged_trials
from evals.loader import SuiteError
from evals.results import CaseReport, Report, TrialReport
from evals.statistics import SIGNIFICANT, mcnemar_test, sign_test

BASELINE = Path(__file__).with_suffix(".json")
Count = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CaseBaseline(_Strict):
    """How one case went: passes of trials; time and tokens of the middle trial."""

    passes: Count
    trials: Annotated[int, Field(ge=1)]
    p50_ms: Count
    tokens: Count

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.passes > self.trials:
            raise ValueError(f"{self.passes} passes of {self.trials} trials")
        return self

    @property
    def rate(self) -> Fraction:
        """The share of its trials that passed."""
        return Fraction(self.passes, self.trials)


class Baseline(_Strict):
    """A whole run to compare with."""

    version: Literal[1] = 1
    model_id: str
    prompt_hashes: list[str]
    data_hashes: dict[str, str]
    commit: str
    cases: dict[str, CaseBaseline]


class Change(NamedTuple):
    """A sum over all compared cases, each with its middle trial."""

    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the baseline; every list holds ids of cases.

    Attributes:
        lost: always passed, does not any more.
        gained: did not always pass, now does.
        less_often: pass in a smaller share of their trials, those of ``lost`` among them.
        more_often: pass in a greater share.
        grave: those of ``lost`` whose severity is ``safety`` or ``critical``.
        not_compared: in both, but not judged now.
        remarks: what makes the comparison one of different things, in sentences.
        tokens, ms: what it took; told, and never a reason to call a run worse.
    """

    lost: list[str]
    gained: list[str]
    less_often: list[str]
    more_often: list[str]
    grave: list[str]
    not_compared: list[str]
    new: list[str]
    gone: list[str]
    compared: int
    exact: bool
    remarks: list[str]
    tokens: Change
    ms: Change

    @property
    def p_flips(self) -> float:
        """McNemar's exact test of the flips, two-sided."""
        return mcnemar_test(len(self.lost), len(self.gained))

    @property
    def p_worse(self) -> float:
        """The exact sign test of the shares, one-sided: how likely by chance."""
        return sign_test(len(self.less_often), len(self.more_often))

    @property
    def worse(self) -> bool:
        """Whether the run is worse; what counts as worse stands at the top of the module."""
        return bool(self.grave) or (self.exact and bool(self.lost)) or self.p_worse < SIGNIFICANT


def compare(report: Report, baseline: Baseline, *, whole: bool = True) -> Comparison:
    """What changed since the baseline.

    Args:
        whole: whether the whole suite ran; of a part no case is ``gone``.
    """
    held = {case.id: case for case in report.cases}
    shared = [case_id for case_id in held if case_id in baseline.cases]
    judged = [case_id for case_id in shared if judged_trials(held[case_id])[0]]
    before = {case_id: baseline.cases[case_id].rate for case_id in judged}
    now = {case_id: _rate(held[case_id]) for case_id in judged}
    lost = [case_id for case_id in judged if now[case_id] < before[case_id] == 1]
    took = [(baseline.cases[case_id], _case(held[case_id])) for case_id in judged]
    return Comparison(
        lost=lost,
        gained=[case_id for case_id in judged if before[case_id] < now[case_id] == 1],
        less_often=[case_id for case_id in judged if now[case_id] < before[case_id]],
        more_often=[case_id for case_id in judged if now[case_id] > before[case_id]],
        grave=[case_id for case_id in lost if held[case_id].severity != "normal"],
        not_compared=[case_id for case_id in shared if case_id not in now],
        new=[case_id for case_id in held if case_id not in baseline.cases],
        gone=[case_id for case_id in baseline.cases if case_id not in held] if whole else [],
        compared=len(judged),
        exact=report.model_id == UNDERSTUDY or report.replayed,
        remarks=_remarks(report, baseline),
        tokens=Change(sum(past.tokens for past, _ in took), sum(new.tokens for _, new in took)),
        ms=Change(sum(past.p50_ms for past, _ in took), sum(new.p50_ms for _, new in took)),
    )


def read_baseline(path: Path = BASELINE) -> Baseline:
    """The baseline of a file.

    Raises:
        SuiteError: there is none, or it is not one.
    """
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as missing:
        raise SuiteError(f"{path}: no baseline to compare with: {missing.strerror}") from None
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise SuiteError(f"{path}: not a baseline: {place} {first['msg']}") from None


def update_baseline(report: Report, path: Path = BASELINE, *, whole: bool = True) -> Baseline:
    """Make this run the baseline; of a part of the suite, only its own cases are replaced.

    Raises:
        SuiteError: a case could not be judged, so that the run is none to hold others to.
    """
    unjudged = [case.id for case in report.cases if case.status == "error"]
    if unjudged or not report.cases:
        named = ", ".join(unjudged[:3]) + ("…" if len(unjudged) > 3 else "")
        raise SuiteError(f"no baseline of a run that was not judged: {named or 'no case'}")
    kept = {} if whole or not path.exists() else read_baseline(path).cases
    cases: Mapping[str, CaseBaseline] = kept | {case.id: _case(case) for case in report.cases}
    baseline = Baseline(
        model_id=report.model_id,
        prompt_hashes=report.prompt_hashes,
        data_hashes=dict(sorted(report.data_hashes.items())),
        commit=report.commit,
        cases=dict(sorted(cases.items())),
    )
    path.write_text(baseline.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return baseline


def _case(case: CaseReport) -> CaseBaseline:
    trials, passes = judged_trials(case)
    judged = [trial for trial in case.trials if trial.status != "error"]
    return CaseBaseline(
        passes=passes,
        trials=trials,
        p50_ms=_middle([trial.ms for trial in judged]),
        tokens=_middle([_tokens(trial) for trial in judged]),
    )


def _rate(case: CaseReport) -> Fraction:
    trials, passes = judged_trials(case)
    return Fraction(passes, trials)


def _tokens(trial: TrialReport) -> int:
    return sum(turn.usage.input_tokens + turn.usage.output_tokens for turn in trial.turns)


def _middle(values: Sequence[int]) -> int:
    return round(median(values)) if values else 0


def _remarks(report: Report, baseline: Baseline) -> list[str]:
    remarks = []
    if report.model_id != baseline.model_id:
        remarks.append(f"another model: {baseline.model_id} before, {report.model_id} now")
    if set(report.prompt_hashes) != set(baseline.prompt_hashes):
        remarks.append("another system prompt")
    changed = [
        seed
        for seed, digest in report.data_hashes.items()
        if baseline.data_hashes.get(seed, digest) != digest
    ]
    if changed:
        remarks.append(f"other data: {', '.join(sorted(changed))}")
    return remarks
