"""The process with the HTTP systems ends when it should, and says why when it cannot serve."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.app_settings import AppSettings
from deploy.local.services_process import ServicesError, ServicesProcess

SETTINGS = AppSettings("http://127.0.0.1:9", {}, "deskhand", "secret")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[ServicesProcess]:
    """A process that has not been told anything yet."""
    launched = ServicesProcess.launch(tmp_path / "log")
    yield launched
    launched.stop()


def test_it_ends_with_its_parents_pipe(services: ServicesProcess) -> None:
    """A parent that dies closes it, whatever it dies of."""
    services.stop()
    assert services.process.returncode == 0


def test_a_process_that_has_died_is_noticed(services: ServicesProcess) -> None:
    """The error names the log, and stopping it is no error at all."""
    os.kill(services.process.pid, signal.SIGKILL)
    with pytest.raises(ServicesError, match="have ended.*log"):
        services.configure(SETTINGS, {})
    services.stop()
    assert services.process.returncode == -signal.SIGKILL


def test_what_it_dies_of_is_in_the_error(services: ServicesProcess) -> None:
    """The last line of its log tells."""
    with pytest.raises(ServicesError, match="KeyError"):
        services.configure(SETTINGS, {})
    services.stop()
    assert services.process.returncode == 1


def test_its_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    """A log beyond its size is begun anew."""
    (tmp_path / "log").write_bytes(b"x" * 1_000_001)
    ServicesProcess.launch(tmp_path / "log").stop()
    assert (tmp_path / "log").stat().st_size < 1000
