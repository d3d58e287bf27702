"""Which code a run was of."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def commit(root: Path = _ROOT) -> str:
    """The commit of the code, with ``+`` when files have changed; empty when it is not known."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return ""
    head = _said(git, root, "rev-parse", "HEAD")
    changed = _said(git, root, "status", "--porcelain", "--untracked-files=no")
    return f"{head}+" if head and changed else head


def _said(git: str, root: Path, *arguments: str) -> str:
    try:
        ran = subprocess.run(
            [git, "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.strip()
