"""All mutants."""

from __future__ import annotations

from evals.mutation.answers import ANSWER_MUTANTS
from evals.mutation.caveats import CAVEAT_MUTANTS
from evals.mutation.contexts import CONTEXT_MUTANTS
from evals.mutation.costs import COST_MUTANTS
from evals.mutation.dumb import DUMB_DESKS
from evals.mutation.injections import INJECTION_MUTANTS
from evals.mutation.mutant import Mutant
from evals.mutation.policies import POLICY_MUTANTS
from evals.mutation.stores import store_mutants
from evals.mutation.tools import TOOL_MUTANTS


def all_mutants() -> tuple[Mutant, ...]:
    """Every broken desk, as many of them as find out whether the suite can fail."""
    return (
        *TOOL_MUTANTS,
        *POLICY_MUTANTS,
        *CONTEXT_MUTANTS,
        *ANSWER_MUTANTS,
        *CAVEAT_MUTANTS,
        *INJECTION_MUTANTS,
        *store_mutants(),
        *COST_MUTANTS,
        *DUMB_DESKS,
    )
