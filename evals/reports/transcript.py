"""A conversation that did not pass, as text: what was said and called, and what was wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.text import Text

from evals.reports.plain import neutral, one_line
from evals.results import CallReport, CaseReport, Status, TrialReport, TurnReport

_STYLES: dict[Status, str] = {"passed": "green", "failed": "red", "error": "yellow"}
_ARGUMENTS = 160


def case_lines(case: CaseReport) -> Text:
    """The first trial that did not pass, under a line that names the case."""
    trial = next(trial for trial in case.trials if trial.status == case.status)
    lines = [_head(case, trial), *trial_lines(trial)]
    return Text("\n").join(lines)


def trial_lines(trial: TrialReport) -> Iterator[Text]:
    """Every turn with its findings, then what is wrong with the whole."""
    if trial.error:
        what = "not scored" if trial.status == "error" else "not judged by all"
        yield Text(f"  {what}: {neutral(trial.error)}", "yellow")
    for number, turn in enumerate(trial.turns):
        yield Text(f"  {number + 1}. {_speaker(turn)}{_indented(turn.rep)}", "bold")
        for call in turn.calls:
            yield Text(f"     > {call_line(call)}", "cyan")
        yield Text(f"     | {_indented(turn.answer or turn.failed, '     | ')}", "dim")
        yield Text(f"     = {turn.outcome or 'failed'}{_missing(turn)}", "dim")
        yield from _findings(trial, number)
    yield from _findings(trial, None)


def call_line(call: CallReport) -> str:
    """One call on one line: tool, arguments, how it ended."""
    arguments = one_line(json.dumps(call.input, ensure_ascii=False, default=str), _ARGUMENTS)
    ended = call.error or ("" if call.rows is None else f"{call.rows} rows")
    return f"{one_line(call.tool, 80)} {arguments} -> {call.kind}" + (
        f" ({ended})" if ended else ""
    )


def _head(case: CaseReport, trial: TrialReport) -> Text:
    where = f" ({case.family}, {case.severity}, data {case.seed}, {case.now})"
    if len(case.trials) > 1:
        passed = sum(held.status == "passed" for held in case.trials)
        where += f" trial {trial.number}; {passed} of {len(case.trials)} trials passed"
    style = _STYLES[case.status]
    return Text.assemble((f"{case.status.upper()} {case.id}", f"bold {style}"), (where, "dim"))


def _findings(trial: TrialReport, turn: int | None) -> Iterator[Text]:
    for verdict in trial.verdicts:
        for finding in verdict.findings:
            if verdict.status != "not_applicable" and _place(finding.turn, trial) == turn:
                style = "bold red" if verdict.safety else "red"
                safety = " (safety)" if verdict.safety else ""
                said = _indented(finding.message, "       ")
                yield Text.assemble("     ", (f"✗ {verdict.scorer}{safety}: {said}", style))


def _place(turn: int | None, trial: TrialReport) -> int | None:
    """A finding about a turn that was not held stands with those about the whole."""
    return turn if turn is not None and turn < len(trial.turns) else None


def _speaker(turn: TurnReport) -> str:
    return "" if turn.conversation == "main" else f"[{turn.conversation}, {turn.by}] "


def _missing(turn: TurnReport) -> str:
    return f"; not asked: {', '.join(turn.unavailable)}" if turn.unavailable else ""


def _indented(text: str, before: str = "     ") -> str:
    return f"\n{before}".join(neutral(text).splitlines())
