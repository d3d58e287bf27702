"""What reps ask, in many words: the right tools are asked and the right facts are told."""

from __future__ import annotations

import pytest

from deploy.seed.records import Records, sample_records
from tests.deploy.local.bedrock.understudy.cases import Case, read_cases
from tests.deploy.local.bedrock.understudy.fake_desk import FakeDesk
from tests.deploy.local.bedrock.understudy.renaming import Renaming
from tests.deploy.local.bedrock.understudy.twins import with_twins

CASES = read_cases()
SEEDS = (1, 2)


def desk_for(case: Case, records: Records) -> FakeDesk:
    """A desk over the records, with namesakes when the case needs them."""
    return FakeDesk(with_twins(records) if case.with_twins else records)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_phrasing_is_answered_from_the_sample_data(case: Case) -> None:
    """Every phrasing gets the facts that an oracle reads from the records."""
    assert case.problems(desk_for(case, sample_records())) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_renamed_data_is_answered_just_as_well(seed: int) -> None:
    """Nothing is known in advance: other names, numbers and dates, the same understanding."""
    records = Renaming(seed).apply(sample_records())
    general = [case for case in CASES if not case.base_only]
    wrong = {
        case.name: problems
        for case in general
        if (problems := case.problems(desk_for(case, records)))
    }
    assert wrong == {}


def test_there_are_phrasings_of_every_family() -> None:
    """There are hundreds of phrasings, and conversations of several turns among them."""
    assert len(CASES) >= 300
    assert sum(len(case.turns) > 1 for case in CASES) >= 40
