"""The calls that a turn needed were made, and none that it must not make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from evals.cases import AnyCall, ExpectedCall, Tools
from evals.record import CallRecord, CaseRecord, Finding, Verdict
from evals.scorers.arguments import is_expected, is_forbidden, shown
from evals.scorers.verdicts import judged, numbered_turns


class Trajectory:
    """Judges tools by ``must``, ``may``, ``forbid``, ``only`` and ``order``.

    A call that failed was made, so it can be forbidden, but nothing was learnt by it.
    """

    name = "trajectory"
    safety = False

    def score(self, record: CaseRecord) -> Verdict:
        """The verdict on one conversation."""
        findings = [
            Finding(message, number)
            for number, turn in numbered_turns(record)
            for message in _wrong(turn.turn.tools, turn.calls)
        ]
        some = any(not turn.turn.tools.is_empty for turn in record.turns)
        return judged(self.name, findings, applicable=some)


def _wrong(tools: Tools, calls: Sequence[CallRecord]) -> Iterator[str]:
    answered = [call for call in calls if call.ok]
    expected = [_choices(each) for each in tools.must]
    missing = [each for each in expected if _first(each, answered, 0) is None]
    for choices in missing:
        yield f"no successful call of {_named(choices)}{_failed(choices, calls)}"
    if tools.order == "in_order" and not missing:
        yield from _out_of_order(expected, answered)
    for forbidden in tools.forbid:
        for call in calls:
            if is_forbidden(forbidden, call):
                yield f"a forbidden call: {shown(call.tool, call.input)}"
    if tools.only:
        yield from _others(tools, expected, calls)


def _out_of_order(
    expected: Sequence[Sequence[ExpectedCall]], calls: Sequence[CallRecord]
) -> Iterator[str]:
    place, before = 0, ""
    for choices in expected:
        found = _first(choices, calls, place)
        if found is None:
            yield f"{_named(choices)} was not called after {before}"
            return
        place, before = found + 1, _named(choices)


def _others(
    tools: Tools, expected: Sequence[Sequence[ExpectedCall]], calls: Sequence[CallRecord]
) -> Iterator[str]:
    names = {choice.tool for choices in expected for choice in choices}
    patterns = [*names, *tools.may]
    for call in calls:
        if not any(fnmatchcase(call.tool, pattern) for pattern in patterns):
            yield f"a call that is not among the expected ones: {shown(call.tool, call.input)}"


def _choices(expected: ExpectedCall | AnyCall) -> Sequence[ExpectedCall]:
    return expected.any if isinstance(expected, AnyCall) else [expected]


def _first(choices: Sequence[ExpectedCall], calls: Sequence[CallRecord], start: int) -> int | None:
    for place, call in enumerate(calls[start:], start):
        if any(is_expected(choice, call) for choice in choices):
            return place
    return None


def _named(choices: Sequence[ExpectedCall]) -> str:
    return " or ".join(shown(choice.tool, choice.args) for choice in choices)


def _failed(choices: Sequence[ExpectedCall], calls: Sequence[CallRecord]) -> str:
    """What became of the call when it was made and failed."""
    for call in calls:
        if not call.ok and any(is_expected(choice, call) for choice in choices):
            return f"; it was called and failed: {call.error or 'error'}"
    return ""
