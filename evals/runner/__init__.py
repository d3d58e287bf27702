"""Holds conversations with a desk, several at once, has them scored and reports what was seen."""

from evals.runner.desks import AskedDesk, Mutation, OpenDesk, Unchanged
from evals.runner.stacks import KeptStacks, OpenStack, SeededStack, one_stack
from evals.runner.suite import AT_ONCE, Plan, run_suite

__all__ = [
    "AT_ONCE",
    "AskedDesk",
    "KeptStacks",
    "Mutation",
    "OpenDesk",
    "OpenStack",
    "Plan",
    "SeededStack",
    "Unchanged",
    "one_stack",
    "run_suite",
]
