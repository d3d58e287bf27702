"""One supervisor at a time: others find it, wait for it, or put it out of the way."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.door import Door
from deploy.local.errors import StackError
from deploy.local.lock import held_down, show_life, sole_supervisor
from deploy.local.state import StateFolder

HOLD = """
import fcntl, os, sys
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
lock.write(str(os.getpid()))
lock.flush()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    """A state folder of nobody."""
    folder = StateFolder(tmp_path / "state")
    folder.prepare()
    return folder


@contextmanager
def holder(state: StateFolder) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the lock and does nothing else."""
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", HOLD, str(state.lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_the_first_has_the_lock(state: StateFolder) -> None:
    """And gives it back."""
    for _ in range(2):
        with sole_supervisor(state) as mine:
            assert mine


def test_a_second_one_finds_the_first_at_the_door(state: StateFolder) -> None:
    """It need not start anything."""
    with holder(state) as process:
        door = Door.open(state)
        with sole_supervisor(state) as mine:
            assert not mine
        door.close()
        assert process.poll() is None


def test_one_that_is_on_its_way_out_is_waited_for(state: StateFolder) -> None:
    """Its end is noticed at once."""
    with holder(state) as process:
        assert process.stdin is not None
        leaving = threading.Timer(0.2, process.stdin.close)
        leaving.start()
        with sole_supervisor(state, patience=10) as mine:
            assert mine
        leaving.join()
        assert process.wait(5) == 0


def test_one_that_shows_that_it_lives_is_waited_for_longer(state: StateFolder) -> None:
    """A DynamoDB with a million items writes for minutes before it ends."""
    with holder(state) as process:
        assert process.stdin is not None
        alive, over = threading.Event(), threading.Event()

        def leave() -> None:
            for _ in range(20):
                show_life(state)
                alive.set()
                over.wait(0.05)
            process.stdin.close()  # type: ignore[union-attr]  # it is a pipe, see above

        leaving = threading.Thread(target=leave)
        leaving.start()
        assert alive.wait(5)
        with sole_supervisor(state, patience=0.5) as mine:
            assert mine
        leaving.join()
        assert process.wait(5) == 0


def test_one_that_hangs_is_put_out_of_the_way(state: StateFolder) -> None:
    """It neither serves nor ends, so it is killed, and the stack can be started again."""
    with holder(state) as process:
        with sole_supervisor(state, patience=0.2) as mine:
            assert mine
        assert process.wait(5) < 0


def test_a_program_that_got_a_dead_supervisor_s_number_is_left_alone(state: StateFolder) -> None:
    """Whoever throws data away holds the lock too, and writes no number of his own into it."""
    with (
        subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", "input()"], stdin=subprocess.PIPE
        ) as own,
        held_down(state),
    ):
        state.lock.write_text(str(own.pid))
        with (
            pytest.raises(StackError, match="neither answers nor ends"),
            sole_supervisor(state, patience=0.1),
        ):
            pass
        still_there = own.poll() is None
        own.kill()
    assert still_there
