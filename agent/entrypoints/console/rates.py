"""How often one rep may ask: a bucket that empties with each request and fills with time."""

from __future__ import annotations

import time
from collections.abc import Callable

_MOST_KEYS = 10_000


class Rate:
    """So many requests a second on average, and no more than ``burst`` at once.

    Args:
        per_second: how fast the bucket fills.
        burst: how much it holds.
        monotonic: the clock.
    """

    def __init__(
        self, *, per_second: float, burst: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._monotonic = monotonic
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> float:
        """Takes one; returns 0, or the seconds to wait when there is none left."""
        now = self._monotonic()
        left, at = self._left.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_second
        self._left[key] = (left if wait else left - 1, now)
        while len(self._left) > _MOST_KEYS:  # the one that asked longest ago goes
            del self._left[next(iter(self._left))]
        return wait
