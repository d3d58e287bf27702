"""All mutants."""

from __future__ import annotations

from collections.abc import Sequence

from evals.cases import Case
from evals.mutation.answers import ANSWER_MUTANTS
from evals.mutation.caveats import CAVEAT_MUTANTS
from evals.mutation.contexts import CONTEXT_MUTANTS
from evals.mutation.costs import COST_MUTANTS
from evals.mutation.dumb import DUMB_DESKS
from evals.mutation.injections import injection_mutants
from evals.mutation.mutant import Mutant
from evals.mutation.policies import POLICY_MUTANTS
from evals.mutation.tools import TOOL_MUTANTS


def all_mutants(cases: Sequence[Case]) -> tuple[Mutant, ...]:
    """Every broken desk; what hostile texts want of it stands in the cases."""
    return (
        *TOOL_MUTANTS,
        *POLICY_MUTANTS,
        *CONTEXT_MUTANTS,
        *ANSWER_MUTANTS,
        *CAVEAT_MUTANTS,
        *injection_mutants(cases),
        *COST_MUTANTS,
        *DUMB_DESKS,
    )
