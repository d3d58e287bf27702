"""What repeated trials and paired runs show: pass@k, pass^k, and exact tests of a change."""

from __future__ import annotations

from math import comb

SIGNIFICANT = 0.05


def pass_at_k(trials: int, passes: int, k: int) -> float:
    """How likely at least one of ``k`` trials passes, estimated without bias.

    ``1 - C(trials - passes, k) / C(trials, k)``: the share of all samples of ``k`` of the trials
    held, drawn without putting back, that have a pass among them.

    Raises:
        ValueError: the counts fit no run, or fewer than ``k`` trials were held.
    """
    _check(trials, passes, k)
    return 1.0 - comb(trials - passes, k) / comb(trials, k)


def pass_power_k(trials: int, passes: int, k: int) -> float:
    """How likely all of ``k`` trials pass (pass^k), estimated without bias.

    ``C(passes, k) / C(trials, k)``: the share of samples of ``k`` trials without a failure.

    Raises:
        ValueError: the counts fit no run, or fewer than ``k`` trials were held.
    """
    _check(trials, passes, k)
    return comb(passes, k) / comb(trials, k)


def sign_test(worse: int, better: int) -> float:
    """The chance of at least so many ``worse`` when a change is as likely for the better.

    One-sided and exact; pairs without a change say nothing and are left out before.
    """
    if worse < 0 or better < 0:
        raise ValueError("counts of pairs are not negative")
    changed = worse + better
    return sum(comb(changed, count) for count in range(worse, changed + 1)) / (1 << changed)


def mcnemar_test(lost: int, gained: int) -> float:
    """The chance of flips at least this uneven, in either direction, when nothing changed.

    Two-sided and exact (binomial), so that it holds for a handful of flips too.
    """
    return min(1.0, 2.0 * sign_test(max(lost, gained), min(lost, gained)))


def _check(trials: int, passes: int, k: int) -> None:
    if not 0 <= passes <= trials:
        raise ValueError(f"{passes} passes of {trials} trials")
    if not 1 <= k <= trials:
        raise ValueError(f"k = {k} needs between 1 and {trials} trials")
