"""The tools that read the source: lint, types and import rules, as part of the suite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import ROOT

BESIDE = Path(sys.executable).parent


def complaints(*command: str) -> str:
    """What the tool has to say; nothing when it is content."""
    ran = subprocess.run(
        [str(BESIDE / command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return "" if ran.returncode == 0 else ran.stdout[-6000:] + ran.stderr[-2000:]


def test_ruff_has_no_complaint() -> None:
    """Every rule of the lint configuration holds everywhere."""
    said = complaints("ruff", "check", "--output-format=concise", ".")
    assert not said, said


@pytest.mark.timeout(240)
def test_mypy_has_no_complaint() -> None:
    """Every function is annotated, and the annotations hold."""
    said = complaints("mypy")
    assert not said, said


def test_the_import_rules_hold() -> None:
    """The layers and walls of ARCHITECTURE.md are kept."""
    said = complaints("lint-imports", "--no-cache")
    assert not said, said
