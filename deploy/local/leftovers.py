"""Remembers the stack's children on disk, so that those of a killed stack can be ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.local.state import write_private

PATIENCE_SECONDS = 5.0


def remember(path: Path, children: Mapping[str, int]) -> None:
    """Write down the children's process ids, each with its start time: ids are used again."""
    known = {}
    for name, pid in children.items():
        with suppress(psutil.NoSuchProcess):
            known[name] = [pid, psutil.Process(pid).create_time()]
    write_private(path, json.dumps(known))


def end_leftovers(path: Path, *, patience: float = PATIENCE_SECONDS) -> list[str]:
    """Wait until the children of an earlier run are gone, kill those that stay, and name these.

    They end by themselves when their parent is killed, and need a moment to save what they hold.
    """
    alive = {
        name: process
        for name, (pid, born) in _remembered(path).items()
        if (process := _find(pid, born)) is not None
    }
    _, staying = psutil.wait_procs(list(alive.values()), timeout=patience)
    for process in staying:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(staying, timeout=PATIENCE_SECONDS)
    return [name for name, process in alive.items() if process in staying]


def wait_for_postmaster(pid_file: Path, *, patience: float = PATIENCE_SECONDS) -> None:
    """Wait until a PostgreSQL that is on its way out has left its data to the next one."""
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().partition("\n")[0]))
        if is_postmaster(process, pid_file.parent) and process.status() != psutil.STATUS_ZOMBIE:
            process.wait(patience)


def is_postmaster(process: psutil.Process, data: Path) -> bool:
    """Whether a process is a PostgreSQL on this data, where each of them has its working folder.

    Raises:
        psutil.Error: it has gone, or is another user's.
    """
    return process.name() == "postgres" and Path(process.cwd()) == data.resolve()


def _remembered(path: Path) -> dict[str, tuple[int, float]]:
    with suppress(FileNotFoundError, ValueError, TypeError, AttributeError):
        return {
            name: (int(pid), float(born))
            for name, (pid, born) in json.loads(path.read_text()).items()
        }
    return {}


def _find(pid: int, born: float) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.create_time() == born and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
