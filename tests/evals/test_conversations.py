"""The project's own conversations: none of them passes a desk that does nothing."""

from __future__ import annotations

from typing import get_args

import pytest

from agent import Outcome
from evals import Case, load_cases
from evals.checks import findings
from evals.oracle import Oracle
from tests.evals.scripted_desk import answered

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_phrase_for_everything_passes_no_conversation(case: Case) -> None:
    """Whatever its outcome claims, an answer without facts is found wanting somewhere."""
    with Oracle(case) as oracle:
        for text in ("I don't know.", "There was a problem.", "Yes."):
            for outcome in get_args(Outcome):
                empty = answered(text, outcome=outcome)
                assert any(findings(turn, empty, oracle) for turn in case.turns)
