"""Every smoke conversation, held with the real desk on the real local stack."""

from __future__ import annotations

import asyncio

import pytest

from agent import Settings
from agent.prompting import load_system_prompt
from deploy.local.stack import LocalStack
from deploy.seed.overlay import overlay_on
from evals import Case, Plan, Report, load_cases, run_suite
from evals.loader import CONVERSATIONS
from evals.runner import one_stack
from evals.scorers import SCORERS

SMOKE = CONVERSATIONS / "smoke.yaml"
CASES = load_cases([SMOKE])

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def report(running_stack: LocalStack) -> Report:
    """The whole suite, held once: its conversations run several at a time."""
    environment = running_stack.environment
    settings = Settings.from_environment(environment)
    stack = one_stack(settings, overlay=overlay_on(environment), private=True)
    plan = Plan(scorers=SCORERS, prompt=load_system_prompt().text)
    return asyncio.run(run_suite(CASES, stack, plan))


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_conversation_is_answered_right(report: Report, case: Case) -> None:
    """Every turn of the conversation says what it must, asks what it must, and ends as it must."""
    result = next(held for held in report.cases if held.id == case.id)
    wrong = [
        f"{verdict.scorer}: {finding.message}"
        for trial in result.trials
        for verdict in trial.verdicts
        for finding in verdict.findings
    ]
    assert ([trial.error for trial in result.trials], wrong) == ([""], [])
    assert result.status == "passed"
