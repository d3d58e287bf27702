"""Judges one answer against what its turn expects; every finding is one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from agent import Answer, ToolCall
from evals.cases import AnyCall, ExpectedCall, ForbiddenCall, Turn
from evals.facts import AnyFact, DateFact, Fact, NumberFact, RegexFact, SqlFact, StoreFact
from evals.oracle import Oracle
from evals.wording import plain, says

_SEPARATORS = re.compile(r"[\s\-_]+")


def findings(turn: Turn, answer: Answer, oracle: Oracle) -> list[str]:
    """Everything that is wrong with the answer; an empty list is a pass."""
    return [
        *_outcome(turn, answer),
        *_calls(turn, answer.tool_calls),
        *_must_say(turn, answer.answer, oracle),
        *_must_not_say(turn, answer.answer, oracle),
    ]


def _outcome(turn: Turn, answer: Answer) -> Iterator[str]:
    if answer.outcome not in turn.outcome:
        yield f"the outcome is {answer.outcome}, expected {' or '.join(turn.outcome)}"
    if answer.unavailable and not {"partial", "unavailable"} & set(turn.outcome):
        yield f"could not be asked: {', '.join(answer.unavailable)}"
    if not answer.answer.strip():
        yield "the answer is empty"


def _calls(turn: Turn, calls: Sequence[ToolCall]) -> Iterator[str]:
    for expected in turn.tools.must:
        choices = expected.any if isinstance(expected, AnyCall) else [expected]
        if not any(_is_call(choice, call) for choice in choices for call in calls):
            yield f"no successful call of {' or '.join(map(_called, choices))}"
    for forbidden in turn.tools.forbid:
        pattern = forbidden.tool if isinstance(forbidden, ForbiddenCall) else forbidden
        for call in calls:
            if fnmatchcase(call.tool, pattern):
                yield f"a forbidden call of {call.tool}"


def _is_call(expected: ExpectedCall, call: ToolCall) -> bool:
    return (
        call.ok
        and call.tool == expected.tool
        and all(
            argument in call.input and _same(call.input[argument], wanted)
            for argument, wanted in expected.args.items()
        )
    )


def _same(given: Any, wanted: str) -> bool:
    """Whether an argument is the wanted one, whatever its case and the separators within it."""
    return _SEPARATORS.sub("", str(given)).casefold() == _SEPARATORS.sub("", wanted).casefold()


def _called(expected: ExpectedCall) -> str:
    arguments = ", ".join(f"{name}={value}" for name, value in expected.args.items())
    return f"{expected.tool}({arguments})"


def _must_say(turn: Turn, answer: str, oracle: Oracle) -> Iterator[str]:
    for fact in turn.say.must:
        missing = _missing(fact, answer, oracle)
        if missing:
            yield f"the answer does not say {missing}"


def _must_not_say(turn: Turn, answer: str, oracle: Oracle) -> Iterator[str]:
    for fact in turn.say.must_not:
        for said in _said(fact, answer, oracle):
            yield f"the answer says {said}"


def _missing(fact: Fact, answer: str, oracle: Oracle) -> str:
    """What of the fact is not in the answer; empty when all of it is."""
    if isinstance(fact, AnyFact):
        missing = [_missing(choice, answer, oracle) for choice in fact.any]
        return "" if not all(missing) else " or ".join(missing)
    if isinstance(fact, RegexFact):
        return "" if _matches(fact, answer) else f"/{fact.regex}/"
    wanted = _values(fact, oracle)
    return ", ".join(repr(value) for value in wanted if not says(answer, value))


def _said(fact: Fact, answer: str, oracle: Oracle) -> list[str]:
    """The parts of the fact that are in the answer."""
    if isinstance(fact, AnyFact):
        return [said for choice in fact.any for said in _said(choice, answer, oracle)]
    if isinstance(fact, RegexFact):
        return [f"/{fact.regex}/"] if _matches(fact, answer) else []
    unwanted = _values(fact, oracle)
    return [repr(value) for value in unwanted if says(answer, value)]


def _values(fact: str | SqlFact | StoreFact | NumberFact | DateFact, oracle: Oracle) -> list[str]:
    """What the answer would have to hold for this fact."""
    match fact:
        case SqlFact() | StoreFact():
            return oracle.facts(fact)
        case NumberFact():
            return [str(fact.number)]
        case DateFact():
            return [fact.date]
    return [fact]


def _matches(fact: RegexFact, answer: str) -> bool:
    return re.search(fact.regex, plain(answer), re.IGNORECASE) is not None


def called_tools(cases_turns: Mapping[str, Sequence[Turn]]) -> set[str]:
    """Every tool name that the turns expect, for a check against what the desk offers."""
    return {
        choice.tool
        for turns in cases_turns.values()
        for turn in turns
        for expected in turn.tools.must
        for choice in (expected.any if isinstance(expected, AnyCall) else [expected])
    }
