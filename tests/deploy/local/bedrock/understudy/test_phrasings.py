"""What reps ask, in many words: the right tools are asked and the right facts are told."""

from __future__ import annotations

import pytest

from deploy.seed.records import Records, sample_records
from tests.deploy.local.bedrock.understudy.cases import Case, read_cases
from tests.deploy.local.bedrock.understudy.fake_desk import TODAY, FakeDesk
from tests.deploy.local.bedrock.understudy.renaming import Renaming
from tests.deploy.local.bedrock.understudy.twins import with_twins
from tests.deploy.local.bedrock.understudy.world import World

CASES = read_cases()
SEEDS = (1, 2)


class Desks:
    """Desks over some records, and over the same with namesakes for the cases that need them."""

    def __init__(self, records: Records) -> None:
        self._records = {False: records, True: with_twins(records)}
        self._known = {twins: World(of, TODAY).names() for twins, of in self._records.items()}

    def problems(self, case: Case) -> list[str]:
        """What is wrong with the answers that a desk gives to a case."""
        desk = FakeDesk(self._records[case.with_twins])
        return case.problems(desk, self._known[case.with_twins])


@pytest.fixture(scope="module")
def sample_desks() -> Desks:
    """Desks over the sample data."""
    return Desks(sample_records())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_phrasing_is_answered_from_the_sample_data(case: Case, sample_desks: Desks) -> None:
    """Every phrasing gets the facts that an oracle reads from the records."""
    assert sample_desks.problems(case) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_renamed_data_is_answered_just_as_well(seed: int) -> None:
    """Nothing is known in advance: other names, numbers and dates, the same understanding."""
    desks = Desks(Renaming(seed).apply(sample_records()))
    general = [case for case in CASES if not case.base_only]
    wrong = {case.name: problems for case in general if (problems := desks.problems(case))}
    assert wrong == {}


def test_there_are_phrasings_of_every_family() -> None:
    """There are hundreds of phrasings, and conversations of several turns among them."""
    assert len(CASES) >= 300
    assert sum(len(case.turns) > 1 for case in CASES) >= 40
