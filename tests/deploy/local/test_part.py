"""A part is mended as long as it is wanted, however often that fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from deploy.local.part import Part, PartError


class Sleeper(Part):
    """A part whose process waits, and whose start can fail."""

    label = "sleeper"

    def __init__(self) -> None:
        super().__init__()
        self.child: subprocess.Popen[bytes] | None = None
        self.failures = 0

    @property
    def environment(self) -> Mapping[str, str]:
        """It has no address."""
        return {}

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The waiting process."""
        return self.child

    def start(self) -> None:
        """Wait, or fail."""
        if self.failures:
            self.failures -= 1
            raise PartError("the disk is full")
        self.child = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"],
            stdin=subprocess.PIPE,
        )
        self.wanted = True

    def stop(self) -> None:
        """End the process and forget it."""
        self.wanted = False
        if self.child is not None:
            self.child.communicate()
        self.child = None


@pytest.fixture
def sleeper() -> Iterator[Sleeper]:
    """A running part."""
    part = Sleeper()
    part.start()
    yield part
    part.stop()


def kill(part: Sleeper) -> None:
    """Its process dies."""
    assert part.child is not None
    part.child.kill()
    part.child.wait(5)


def test_a_part_that_runs_is_left_alone(sleeper: Sleeper) -> None:
    """There is nothing to mend."""
    before = sleeper.process
    assert not sleeper.mend()
    assert sleeper.process is before


def test_a_part_that_died_is_started_again(sleeper: Sleeper) -> None:
    """Once."""
    kill(sleeper)
    assert sleeper.mend()
    assert not sleeper.mend()
    assert sleeper.process is not None


def test_a_part_that_cannot_be_mended_is_tried_again_later(sleeper: Sleeper) -> None:
    """It stays wanted, although nothing of it is left meanwhile."""
    kill(sleeper)
    sleeper.failures = 2
    for _ in range(2):
        with pytest.raises(PartError, match="disk is full"):
            sleeper.mend()
    assert sleeper.mend()
    assert sleeper.process is not None


def test_a_part_that_was_stopped_stays_stopped(sleeper: Sleeper) -> None:
    """Nobody wants it."""
    sleeper.stop()
    assert not sleeper.mend()
    assert sleeper.process is None
