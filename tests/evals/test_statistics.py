"""The estimators and exact tests agree with their definitions."""

from __future__ import annotations

from itertools import combinations
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.statistics import mcnemar_test, pass_at_k, pass_power_k, sign_test

COUNTS = st.integers(1, 9).flatmap(
    lambda trials: st.tuples(st.just(trials), st.integers(0, trials), st.integers(1, trials))
)
FLIPS = st.integers(0, 60)


@given(COUNTS)
def test_both_estimators_are_shares_of_all_samples_of_k_trials(counts: tuple[int, ...]) -> None:
    """Drawing every sample of k trials by hand gives the same shares."""
    trials, passes, k = counts
    samples = list(combinations([True] * passes + [False] * (trials - passes), k))
    assert isclose(pass_at_k(trials, passes, k), sum(map(any, samples)) / len(samples))
    assert isclose(pass_power_k(trials, passes, k), sum(map(all, samples)) / len(samples))


@given(COUNTS)
def test_one_of_k_is_never_harder_than_all_of_k(counts: tuple[int, ...]) -> None:
    """pass^k <= pass^1 = pass@1 <= pass@k, and all of them are probabilities."""
    trials, passes, k = counts
    single = pass_power_k(trials, passes, 1)
    assert isclose(single, pass_at_k(trials, passes, 1))
    assert 0 <= pass_power_k(trials, passes, k) <= single + 1e-12
    assert single - 1e-12 <= pass_at_k(trials, passes, k) <= 1


@pytest.mark.parametrize(
    ("trials", "passes", "k", "at", "power"),
    [
        (4, 4, 4, 1.0, 1.0),
        (4, 3, 4, 1.0, 0.0),
        (4, 3, 2, 1.0, 0.5),
        (4, 1, 2, 0.5, 0.0),
        (10, 3, 5, 1 - 21 / 252, 0.0),
        (1, 0, 1, 0.0, 0.0),
    ],
)
def test_known_values(trials: int, passes: int, k: int, at: float, power: float) -> None:
    """Values worked out by hand."""
    assert pass_at_k(trials, passes, k) == pytest.approx(at)
    assert pass_power_k(trials, passes, k) == pytest.approx(power)


@pytest.mark.parametrize(
    ("trials", "passes", "k"), [(3, 4, 1), (3, -1, 1), (3, 2, 0), (3, 2, 4), (0, 0, 1)]
)
def test_counts_that_fit_no_run_are_refused(trials: int, passes: int, k: int) -> None:
    """More passes than trials, or more wanted than were held, is a fault of the caller."""
    with pytest.raises(ValueError, match="trials"):
        pass_at_k(trials, passes, k)
    with pytest.raises(ValueError, match="trials"):
        pass_power_k(trials, passes, k)


@pytest.mark.parametrize(
    ("worse", "better", "chance"),
    [
        (0, 0, 1.0),
        (4, 0, 0.0625),
        (5, 0, 0.03125),
        (0, 5, 1.0),
        (1, 1, 0.75),
        (8, 2, 56 / 1024),
        (9, 2, 67 / 2048),
    ],
)
def test_the_sign_test_is_exact(worse: int, better: int, chance: float) -> None:
    """Tails of the binomial with one half, worked out by hand."""
    assert sign_test(worse, better) == chance


@pytest.mark.parametrize(
    ("lost", "gained", "chance"),
    [(0, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (3, 3, 1.0), (10, 2, 158 / 4096)],
)
def test_the_paired_test_is_exact(lost: int, gained: int, chance: float) -> None:
    """Twice the smaller tail, as exact McNemar has it."""
    assert mcnemar_test(lost, gained) == chance


@given(FLIPS, FLIPS)
def test_the_paired_test_does_not_care_for_the_direction(lost: int, gained: int) -> None:
    """Two-sided: swapping before and after gives the same chance, and it is one."""
    assert mcnemar_test(lost, gained) == mcnemar_test(gained, lost)
    assert 0 < mcnemar_test(lost, gained) <= 1


@given(st.integers(1, 25), st.integers(0, 25))
def test_one_more_for_the_worse_is_more_evidence(worse: int, better: int) -> None:
    """Evidence grows with the number of cases that got worse and shrinks with the others."""
    assert sign_test(worse + 1, better) < sign_test(worse, better)
    assert sign_test(worse, better + 1) > sign_test(worse, better)


def test_counts_below_zero_are_refused() -> None:
    """There are no fewer pairs than none."""
    with pytest.raises(ValueError, match="negative"):
        sign_test(-1, 2)
