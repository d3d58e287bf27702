"""What every test stands on: all fixtures, a closed network, a clean environment."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from agent.telemetry import QUIET, JsonLines, TextLines
from tests.network import LoopbackOnly

pytest_plugins = [
    f"tests.{path.stem}" for path in sorted(Path(__file__).parent.glob("fixtures_*.py"))
]

_OURS = ("DESKHAND_", "AWS_")
_WALL = pytest.StashKey[LoopbackOnly]()


def pytest_configure(config: pytest.Config) -> None:
    """Close the network before the first test module is imported.

    Continuous integration repeats the same examples, so that a change is judged by what it
    changes; every other run of the property tests draws new ones.
    """
    settings.register_profile("ci", derandomize=True)
    settings.load_profile("ci" if os.environ.get("CI") else "default")
    # A runner in the background may ignore Ctrl-C, and every child would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[_WALL] = LoopbackOnly()
    sys.addaudithook(config.stash[_WALL])


def pytest_collection_finish() -> None:
    """Take what collecting has made out of the collector's rounds: it stays until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def refused_hosts(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fail a test that tried to leave this machine, even when it swallowed the error.

    Returns:
        The hosts refused so far; a test that tries on purpose clears the list.
    """
    refused = request.config.stash[_WALL].refused
    refused.clear()
    yield refused
    assert not refused, f"the test tried to reach {', '.join(refused)}"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's own settings and AWS account from every test."""
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Undo what a command run inside the test has set up for its own process."""
    levels = {name: logging.getLogger(name).level for name in ("", *QUIET)}
    yield
    for name, level in levels.items():
        if (logger := logging.getLogger(name)).level != level:
            logger.setLevel(level)  # which forgets, of every logger there is, what is enabled
    root = logging.getLogger()
    ours = (JsonLines, TextLines)
    root.handlers[:] = [kept for kept in root.handlers if not isinstance(kept.formatter, ours)]
