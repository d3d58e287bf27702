"""Some broken desks, held on the real stack with the project's own conversations."""

from __future__ import annotations

import pytest

from agent import Settings
from agent.prompting import load_system_prompt
from deploy.local.stack import LocalStack
from deploy.seed.overlay import overlay_on
from evals import load_cases
from evals.mutation import MutationReport, holding, run_mutants
from evals.mutation.survivors import Survivors
from evals.runner import Plan, one_stack
from evals.scorers import SCORERS
from tests.evals.mutation.held import mutant

pytestmark = [pytest.mark.stack, pytest.mark.soak, pytest.mark.timeout(600)]

FAMILIES = {"customers", "orders", "follow-ups"}
BROKEN = ["dropped-orders-tool", "wrong-key", "stale-status", "lost-history", "changed-amount"]


async def held_on(stack: LocalStack) -> MutationReport:
    """The kill table of a few mutants over a few families."""
    cases = [case for case in load_cases() if case.family in FAMILIES and not case.faults]
    environment = stack.environment
    settings = Settings.from_environment(environment)
    opened = one_stack(settings, overlay=overlay_on(environment), private=True)
    plan = Plan(scorers=SCORERS, prompt=load_system_prompt().text)
    return await run_mutants(
        [mutant(mutant_id) for mutant_id in BROKEN],
        holding(cases, opened, plan),
        scorers=[scorer.name for scorer in SCORERS],
        survivors=Survivors(),
        whole=False,
    )


async def test_each_of_these_broken_desks_is_noticed(local_stack: LocalStack) -> None:
    """By two cases at least, and by a scorer that is meant to."""
    report = await held_on(local_stack)
    for broken in report.mutants:
        assert len(broken.kills) >= 2, broken.id
        assert set(broken.meant_for) & set(broken.scorers), broken.id
