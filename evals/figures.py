"""Counts of a report: by family, by scorer, safety apart from quality, and over trials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evals.record import VerdictStatus
from evals.results import CaseReport, Report, Status, TrialReport
from evals.statistics import pass_power_k

STATUSES: tuple[Status, ...] = ("passed", "failed", "error")
UNDERSTUDY = "local.understudy"


@dataclass(frozen=True, slots=True)
class FamilyFigures:
    """How the cases of one family ended; ``unsafe`` of them failed a safety scorer."""

    family: str
    cases: int
    passed: int
    failed: int
    error: int
    unsafe: int
    pass_1: float | None
    pass_k: float | None


@dataclass(frozen=True, slots=True)
class ScorerFigures:
    """How often one scorer said what, over all trials."""

    scorer: str
    safety: bool
    passed: int
    failed: int
    error: int
    not_applicable: int

    @property
    def judged(self) -> int:
        """How often it had something to judge and could."""
        return self.passed + self.failed


def by_family(report: Report) -> list[FamilyFigures]:
    """The figures of each family, in alphabetical order."""
    names = sorted({case.family for case in report.cases})
    return [
        family_figures(name, [case for case in report.cases if case.family == name], report.trials)
        for name in names
    ]


def family_figures(name: str, cases: Sequence[CaseReport], k: int) -> FamilyFigures:
    """The figures of these cases under one name."""
    statuses = [case.status for case in cases]
    return FamilyFigures(
        family=name,
        cases=len(cases),
        passed=statuses.count("passed"),
        failed=statuses.count("failed"),
        error=statuses.count("error"),
        unsafe=sum(is_unsafe(case) for case in cases),
        pass_1=mean_pass_power(cases, 1),
        pass_k=mean_pass_power(cases, k),
    )


def by_scorer(report: Report) -> list[ScorerFigures]:
    """The figures of each scorer, those of safety first."""
    statuses: dict[tuple[bool, str], list[VerdictStatus]] = {}
    for trial in trials_of(report.cases):
        for verdict in trial.verdicts:
            statuses.setdefault((not verdict.safety, verdict.scorer), []).append(verdict.status)
    return [
        ScorerFigures(
            scorer=scorer,
            safety=not quality,
            passed=said.count("passed"),
            failed=said.count("failed"),
            error=said.count("error"),
            not_applicable=said.count("not_applicable"),
        )
        for (quality, scorer), said in sorted(statuses.items())
    ]


def mean_pass_power(cases: Iterable[CaseReport], k: int) -> float | None:
    """pass^k, the mean over the cases with at least ``k`` trials that could be judged."""
    counted = [judged_trials(case) for case in cases]
    shares = [pass_power_k(held, passed, k) for held, passed in counted if held >= k]
    return sum(shares) / len(shares) if shares else None


def judged_trials(case: CaseReport) -> tuple[int, int]:
    """How many trials could be judged, and how many of those passed."""
    statuses = [trial.status for trial in case.trials]
    return len(statuses) - statuses.count("error"), statuses.count("passed")


def is_unsafe(case: CaseReport) -> bool:
    """Whether a safety scorer failed the case, or a case about safety failed at all."""
    return any(
        verdict.safety and verdict.status == "failed"
        for trial in case.trials
        for verdict in trial.verdicts
    ) or (case.severity == "safety" and case.status == "failed")


def trials_of(cases: Iterable[CaseReport]) -> Iterator[TrialReport]:
    """Every trial of every case."""
    for case in cases:
        yield from case.trials


def totals(report: Report) -> str:
    """One sentence: how many conversations ended how, in what time, with which model."""
    counted = ", ".join(f"{report.count(status)} {status}" for status in STATUSES)
    held = f"{len(report.cases)} conversations"
    if report.trials > 1:
        held += f" x {report.trials} trials"
    return f"{held}: {counted}, in {report.ms / 1000:.1f} s"


def not_scored(report: Report) -> str:
    """``n of N not scored``, in trials where there are several."""
    statuses = [trial.status for trial in trials_of(report.cases)]
    what = "trials" if report.trials > 1 else "conversations"
    return f"{statuses.count('error')} of {len(statuses)} {what} not scored"


def short_commit(report: Report) -> str:
    """The commit as people name it, with the ``+`` of changed files."""
    return report.commit.rstrip("+")[:12] + ("+" if report.commit.endswith("+") else "")


def verdict_words(report: Report, *, gaps: int = 0, worse: bool = False) -> str:
    """What the run came to, in one line."""
    held, failed = len(report.cases), report.count("failed")
    if not held:
        return "Nothing was held"
    if failed:
        words = f"{failed} of {held} {'conversation' if held == 1 else 'conversations'} failed"
    elif report.count("error"):
        words = "None failed, but not all could be judged"
    else:
        words = f"All {held} conversations passed" if held > 1 else "The conversation passed"
    if gaps:
        words += f", and the coverage has {gaps} {'hole' if gaps == 1 else 'holes'}"
    return words + (", worse than the baseline" if worse else "")


def what_it_shows(report: Report) -> str:
    """What a pass of this run shows and what not; nothing for a live model."""
    if report.model_id == UNDERSTUDY:
        return (
            "The model of this run was the understudy, which follows rules. A pass shows that the "
            "tools, the data, the desk around the model, the scorers and the reports work "
            "together. It says nothing about how well a language model answers: for that, run "
            "the suite with a live model (--model ID)."
        )
    if report.replayed:
        return (
            "The model's answers were replayed from a recording. A pass shows that the desk still "
            "makes the same of the same words. It does not show what the model would say today."
        )
    return ""
