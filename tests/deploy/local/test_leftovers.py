"""Children of a killed stack are found again, and nobody else's process is touched."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.leftovers import end_leftovers, remember


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits for its stdin to end."""
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def test_a_child_that_stays_is_ended_and_named(
    tmp_path: Path, child: subprocess.Popen[bytes]
) -> None:
    """After some patience."""
    remember(tmp_path / "children", {"DynamoDB": child.pid})
    assert end_leftovers(tmp_path / "children", patience=0.1) == ["DynamoDB"]
    assert not psutil.pid_exists(child.pid)


def test_a_child_that_ends_by_itself_is_waited_for(
    tmp_path: Path, child: subprocess.Popen[bytes]
) -> None:
    """It saves what it holds meanwhile."""
    remember(tmp_path / "children", {"DynamoDB": child.pid})
    assert child.stdin is not None
    child.stdin.close()
    assert end_leftovers(tmp_path / "children", patience=5) == []
    assert not psutil.pid_exists(child.pid)


def test_a_number_that_is_somebody_elses_by_now_is_left_alone(
    tmp_path: Path, child: subprocess.Popen[bytes]
) -> None:
    """Process ids are used again; the start time tells."""
    (tmp_path / "children").write_text(json.dumps({"DynamoDB": [child.pid, 12345.0]}))
    assert end_leftovers(tmp_path / "children", patience=0.1) == []
    assert child.poll() is None


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"x": 1}', '{"x": ["a", "b"]}'])
def test_a_damaged_list_of_children_is_no_hindrance(tmp_path: Path, text: str | None) -> None:
    """The next start goes on without it."""
    if text is not None:
        (tmp_path / "children").write_text(text)
    assert end_leftovers(tmp_path / "children") == []
