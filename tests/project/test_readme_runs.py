"""The README's quick commands, run as they are written."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping

import pytest

from deploy.local.stack import LocalStack
from tests.project.sources import ROOT
from tests.project.test_documents import README, written_commands

pytestmark = pytest.mark.stack

(FIRST,) = [line for line in written_commands(README) if line.startswith('ask "Who')]
QUICK = [line for line in written_commands(README) if line.startswith("call --batch")]
QUICK += ["doctor --json", "tools --json"]


def run(
    line: str, environment: Mapping[str, str], typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """One command against the running stack."""
    return subprocess.run(
        [sys.executable, "-m", "agent.entrypoints.cli", *shlex.split(line)],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=typed,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


@pytest.mark.parametrize("line", QUICK)
def test_a_quick_command_of_the_readme_runs(local_stack: LocalStack, line: str) -> None:
    """What the README shows first works as it is typed."""
    ran = run(line, local_stack.environment)
    assert ran.returncode == 0, ran.stderr


def test_the_first_question_of_the_readme_is_answered_right(local_stack: LocalStack) -> None:
    """The answer comes out of Aurora and the profiles, and holds the facts."""
    ran = run(FIRST, local_stack.environment)
    assert ran.returncode == 0, ran.stderr
    assert {"✓ aurora", "✓ profile"} <= {line[:9].rstrip() for line in ran.stderr.splitlines()}
    for fact in ("Bob Johnson", "299.99", "shipped"):
        assert fact in ran.stdout
