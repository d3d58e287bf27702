"""Ctrl-C in the middle of a deployment, and two of them at once: real processes and signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deploy.aws.deployment import packages_in
from tests.deploy.aws.scripted_aws import ScriptedAws, scripted_aws
from tests.project.sources import ROOT

SECONDS = 30


@contextmanager
def deploying(aws: ScriptedAws, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command as a process."""
    command = ["-P", "-m", "agent.entrypoints.cli", "deploy", "--region", "us-west-2", *arguments]
    process = subprocess.Popen(
        [sys.executable, *command],
        env={**aws.environment(), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def heard(process: subprocess.Popen[str], words: str) -> bool:
    """Whether it says the words before it ends."""
    assert process.stderr is not None
    return any(words in line for line in process.stderr)


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code and its last words after Ctrl-C."""
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=SECONDS)
    return process.returncode, said


def test_ctrl_c_stops_the_command_and_the_next_one_goes_on(tmp_path: Path) -> None:
    """It says that AWS does not stop; a second command waits for what is running, and says so."""
    packages_in(tmp_path)
    given = ("--packages", str(tmp_path))
    with scripted_aws() as aws:
        aws.stacks.hanging.add("deskhand-dev-foundation")
        with deploying(aws, *given) as first:
            assert heard(first, "deskhand-dev-foundation: creating")
            with deploying(aws, *given) as second:
                assert heard(second, "(CREATE_IN_PROGRESS); waiting for its end.")
                endings = [stopped(first), stopped(second)]
        assert {code for code, _ in endings} == {130}
        assert all("Run the same command again to follow it." in said for _, said in endings)
        assert all("Traceback" not in said for _, said in endings)
        assert set(aws.stacks.stacks) == {"deskhand-dev-foundation"}


def test_ctrl_c_on_a_look_says_nothing_of_what_goes_on(tmp_path: Path) -> None:
    """Nothing does."""
    packages_in(tmp_path)
    with scripted_aws() as aws:
        aws.stacks.put("deskhand-dev-foundation", "CREATE_COMPLETE")
        aws.stacks.comparing = True
        with deploying(aws, "--packages", str(tmp_path), "--plan") as process:
            assert heard(process, "account 111122223333")
            code, said = stopped(process)
    assert (code, said) == (130, "Stopped.\n")
