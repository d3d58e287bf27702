"""The judge: most of three votes, and what cannot be read is never a pass."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from agent import Answer, Failed
from agent.model import open_model
from deploy.local.bedrock.script import ScriptedReply, Step
from deploy.local.bedrock.scripted import ScriptedBedrock
from evals.cases import Case
from evals.judge import Judge, model_judge
from evals.oracle import open_oracle
from evals.record import CallRecord, CaseRecord, TurnRecord
from tests.evals.scripted_desk import answered

ASSERTION = "Asks which of the two customers is meant."


def record(*answers: Answer | Failed, judged: bool = True) -> CaseRecord:
    """A conversation with these answers."""
    turn = {"rep": "Who is Jane?", "outcome": "clarify", "say": {"must": ["Jane"]}}
    turn |= {"judge": ASSERTION} if judged else {}
    case = Case.model_validate(
        {
            "id": "two-janes",
            "family": "names",
            "now": "2026-11-22",
            "turns": [turn] * len(answers),
        }
    )
    call = CallRecord(
        "aurora", "find_customers", {"query": "Jane"}, ok=True, ms=3, data={"customers": []}
    )
    oracle = open_oracle(case)
    turns = tuple(
        TurnRecord(turn, (call,), answer if isinstance(answer, Answer) else None)
        for turn, answer in zip(case.turns, answers, strict=True)
    )
    return CaseRecord(case=case, turns=turns, oracle=oracle, records=oracle.records)


@pytest.mark.parametrize(
    ("votes", "status"),
    [
        ([True, True, True], "passed"),
        ([True, False, True], "passed"),
        ([False, False, True], "failed"),
        ([False, False, False], "failed"),
        ([True, True, ValueError("no verdict")], "error"),
        ([False, False, ValueError("no verdict")], "error"),
    ],
)
async def test_most_votes_decide_and_all_must_be_readable(votes: list[Any], status: str) -> None:
    """Two of three are enough; a vote that cannot be read is an error, whatever the others say."""
    left: Iterator[Any] = iter(votes)

    def ask(seen: CaseRecord, index: int) -> tuple[bool, str]:
        vote = next(left)
        if isinstance(vote, Exception):
            raise vote
        return vote, "because"

    verdict = await Judge(ask).judge(record(answered("Which Jane?")))
    assert verdict.status == status
    assert bool(verdict.findings) == (status != "passed")


async def test_a_conversation_without_an_assertion_is_not_judged() -> None:
    """No model is asked."""

    def ask(seen: CaseRecord, index: int) -> tuple[bool, str]:
        raise AssertionError("a model was asked")

    verdict = await Judge(ask).judge(record(answered("Which Jane?"), judged=False))
    assert verdict.status == "not_applicable"


def test_the_library_leaves_the_root_logger_as_it_was() -> None:
    """Its import would let through what every other library has to say."""
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    model_judge(None)
    assert (root.level, root.handlers) == before


def model_of(bedrock: ScriptedBedrock) -> Any:
    """The desk's own kind of model, at the scripted endpoint."""
    session = boto3.Session(
        region_name="us-west-2", aws_access_key_id="local", aws_secret_access_key="local"
    )
    return open_model(
        session,
        model_id="local.understudy",
        endpoint_url=bedrock.url,
        max_output_tokens=500,
        max_streams=4,
    )


def rated(verdict: str, reasoning: str = "It asks which one.") -> Step:
    """What a model answers that was asked for a rating."""
    use = {
        "toolUseId": "rating",
        "name": "GoalSuccessAssertionRating",
        "input": {"reasoning": reasoning, "verdict": verdict},
    }
    return Step(reply=ScriptedReply([{"toolUse": use}], stop_reason="tool_use"))


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        (["SUCCESS"] * 3, "passed"),
        (["FAILURE"] * 3, "failed"),
    ],
)
async def test_a_model_is_asked_over_the_real_wire(
    scripted_bedrock: ScriptedBedrock, verdicts: list[str], status: str
) -> None:
    """The judge sees the rep's words, the calls, the answer and the assertion."""
    scripted_bedrock.script.replace([rated(verdict) for verdict in verdicts])
    judge = model_judge(model_of(scripted_bedrock))
    verdict = await judge.judge(record(answered("Which Jane do you mean?")))
    assert verdict.status == status
    assert scripted_bedrock.requests == 3
    asked = str(scripted_bedrock.bodies[0])
    for part in ("Who is Jane?", "find_customers", "Which Jane do you mean?", ASSERTION):
        assert part in asked


@pytest.mark.parametrize(
    "step",
    [
        Step(reply=ScriptedReply([{"text": "I think that this is fine: SUCCESS"}])),
        rated("PROBABLY"),
        Step(fault="access_denied"),
        Step(fault="empty"),
    ],
    ids=["words", "no-such-verdict", "refused", "empty"],
)
async def test_an_answer_that_cannot_be_read_is_an_error(
    scripted_bedrock: ScriptedBedrock, step: Step
) -> None:
    """Words that sound like a yes are none."""
    scripted_bedrock.script.replace([step] * 12)
    judge = model_judge(model_of(scripted_bedrock))
    verdict = await judge.judge(record(answered("Which Jane do you mean?")))
    assert verdict.status == "error"
