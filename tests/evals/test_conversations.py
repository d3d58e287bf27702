"""The project's own conversations: none of them passes a desk that does nothing."""

from __future__ import annotations

from typing import get_args

import pytest

from evals import Case, load_cases
from evals.cases import Outcome, Turn
from evals.oracle import open_oracle
from evals.record import CaseRecord, FiredFault, TurnRecord
from evals.scorers import SCORERS
from tests.evals.scripted_desk import answered

CASES = load_cases()
QUALITY = [scorer for scorer in SCORERS if not scorer.safety]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
@pytest.mark.parametrize("text", ["I don't know.", "There was a problem.", "Yes."])
def test_a_phrase_for_everything_passes_no_conversation(case: Case, text: str) -> None:
    """Whatever its outcome claims, an answer without facts is found wanting by some scorer."""
    with open_oracle(case) as oracle:
        for outcome in get_args(Outcome):
            record = CaseRecord(
                case=case,
                turns=tuple(_ended(turn, text, outcome) for turn in case.turns),
                oracle=oracle,
                records=oracle.records,
                fired=tuple(FiredFault(fault, "", 0) for fault in case.faults),
            )
            assert any(scorer.score(record).status == "failed" for scorer in QUALITY)


def _ended(turn: Turn, text: str, outcome: Outcome) -> TurnRecord:
    return TurnRecord(turn=turn, answer=answered(text, outcome=outcome))
