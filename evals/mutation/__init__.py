"""Breaks the desk on purpose, to see whether the suite notices.

Public: ``all_mutants`` (the broken desks), ``holding`` and ``run_mutants`` (holding and comparing),
``read_survivors`` (what is known to survive), ``show_mutation`` and
``write_mutation`` (telling it) and ``exit_code``.
"""

from evals.mutation.catalogue import all_mutants
from evals.mutation.document import write_mutation
from evals.mutation.kill_table import MutationReport
from evals.mutation.mutant import Mutant
from evals.mutation.run import holding, run_mutants
from evals.mutation.survivors import SurvivorsError, read_survivors
from evals.mutation.terminal import show_mutation

__all__ = [
    "Mutant",
    "MutationReport",
    "SurvivorsError",
    "all_mutants",
    "exit_code",
    "holding",
    "read_survivors",
    "run_mutants",
    "show_mutation",
    "write_mutation",
]


def exit_code(report: MutationReport) -> int:
    """0 when the suite notices everything that has no reason not to be noticed, otherwise 1."""
    return 1 if report.open_problems else 0
