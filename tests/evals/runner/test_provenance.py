"""A report says which code it is of."""

from __future__ import annotations

import subprocess
from pathlib import Path

from evals.runner.provenance import commit


def git(folder: Path, *arguments: str) -> str:
    """What git says, as nobody in particular."""
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
    ran = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def test_a_changed_file_is_a_plus_behind_the_commit(tmp_path: Path) -> None:
    """The commit alone would name other code than ran."""
    assert commit(tmp_path) == ""
    git(tmp_path, "init", "-q")
    (tmp_path / "code.py").write_text("")
    git(tmp_path, "add", "code.py")
    git(tmp_path, "commit", "-q", "-m", "First")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert commit(tmp_path) == head
    (tmp_path / "code.py").write_text("changed")
    assert commit(tmp_path) == f"{head}+"
