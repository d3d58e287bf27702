"""How a scorer words its verdict, and the conversations of a case turn by turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evals.record import CaseRecord, Finding, TurnRecord, Verdict


def judged(scorer: str, findings: Iterable[Finding], *, applicable: bool = True) -> Verdict:
    """Failed with the findings, passed without any, or not applicable."""
    wrong = tuple(findings)
    if wrong:
        return Verdict(scorer, "failed", wrong)
    return Verdict(scorer, "passed" if applicable else "not_applicable")


def numbered_turns(record: CaseRecord) -> Iterator[tuple[int, TurnRecord]]:
    """Every turn with its number, from 0."""
    yield from enumerate(record.turns)


def so_far(record: CaseRecord, number: int) -> Iterator[TurnRecord]:
    """The turns of the same conversation up to this one, which is the last of them."""
    conversation = record.turns[number].turn.conversation
    for each in record.turns[: number + 1]:
        if each.turn.conversation == conversation:
            yield each
