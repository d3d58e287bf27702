"""A copy of the launcher in a folder of its own, with stand-ins for the installers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.project.sources import ROOT

TOOLS = (
    "sh bash cat cmp cp dirname env grep ls mkdir mv readlink rm sed sleep tail tee uname".split()
)
SECONDS = 30

# What `python -m venv` and pip do, without a network: they note that they were called, and say and
# do what the test has laid down. Everything else is the real Python.
PYTHON = """#!/bin/sh
case "$*" in
    *"-m venv"*)
        echo "venv $*" >>"$STUB_LOG"
        [ -z "${STUB_VENV_SAYS-}" ] || { echo "$STUB_VENV_SAYS" >&2; exit 1; }
        for folder; do :; done
        mkdir -p "$folder/bin"
        cp "$0" "$folder/bin/python"
        cp "$0" "$folder/bin/pip"
        : >"$folder/pyvenv.cfg"
        ;;
    *"-m pip"*)
        echo "pip $*" >>"$STUB_LOG"
        [ -z "${STUB_GATE-}" ] || cat "$STUB_GATE" >/dev/null
        echo "Collecting strands-agents==1.62.0 (from -r requirements.lock)"
        [ -z "${STUB_INSTALL_SAYS-}" ] || { echo "$STUB_INSTALL_SAYS" >&2; exit 1; }
        ;;
    *"-m pytest"*)
        echo "pytest $*"
        ;;
    *"sys.version_info[:2])"*)
        if [ -n "${STUB_VERSION-}" ]; then echo "$STUB_VERSION"; else exec "@REAL@" "$@"; fi
        ;;
    *)
        exec "@REAL@" "$@"
        ;;
esac
"""
UV = """#!/bin/sh
[ "$1" != --version ] || { echo "uv 0.0.0"; exit 0; }
echo "uv $*" >>"$STUB_LOG"
[ -z "${STUB_INSTALL_SAYS-}" ] || { echo "$STUB_INSTALL_SAYS" >&2; exit 1; }
echo "Installed 2 packages in 3ms" >&2
"""
CLI = """import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "cwd": os.getcwd()}))
sys.exit(7 if "fail" in sys.argv else 0)
"""


@dataclass
class Checkout:
    """A clone of the project as far as the launcher knows it."""

    root: Path
    bin: Path
    log: Path

    @property
    def venv(self) -> Path:
        """Where the environment is made."""
        return self.root / ".venv"

    def installs(self) -> list[str]:
        """Every call of an installer so far."""
        return self.log.read_text().splitlines() if self.log.exists() else []

    def provide(self, name: str, script: str = PYTHON) -> None:
        """Puts a program on the path."""
        program = self.bin / name
        program.write_text(script.replace("@REAL@", sys.executable))
        program.chmod(0o755)

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """What the launcher sees: only the programs of this checkout's path."""
        return {"PATH": str(self.bin), "HOME": str(self.root), "STUB_LOG": str(self.log), **more}

    def command(self, shell: str, arguments: tuple[str, ...]) -> list[str]:
        """The launcher under a shell."""
        return [str(self.bin / shell), str(self.root / "deskhand"), *arguments]

    def run(
        self,
        *arguments: str,
        cwd: Path | None = None,
        shell: str = "sh",
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> subprocess.CompletedProcess[str]:
        """Runs the launcher to its end."""
        return subprocess.run(
            self.command(shell, arguments),
            cwd=cwd or self.root,
            env=self.environment(variables),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def start(
        self, *arguments: str, variables: Mapping[str, str] = MappingProxyType({})
    ) -> subprocess.Popen[str]:
        """Starts the launcher and does not wait for it."""
        return subprocess.Popen(
            self.command("sh", arguments),
            cwd=self.root,
            env=self.environment(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def checkout(folder: Path) -> Checkout:
    """A fresh clone in a folder with blanks and letters beyond ASCII in its name."""
    root = folder / "a clone, größer"
    (root / "agent" / "entrypoints").mkdir(parents=True)
    shutil.copy(ROOT / "deskhand", root / "deskhand")
    (root / "agent" / "entrypoints" / "cli.py").write_text(CLI)
    (root / "requirements.lock").write_text("strands-agents==1.62.0\n")
    (root / "requirements-eval.lock").write_text("strands-agents==1.62.0\nevals==1.7.0\n")
    (root / "requirements-test.lock").write_text("strands-agents==1.62.0\npytest==9.2.0\n")
    programs = folder / "bin"
    programs.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool, path=os.defpath + ":/usr/local/bin"):
            (programs / tool).symlink_to(found)
    made = Checkout(root, programs, folder / "installs.log")
    made.provide("python3")
    return made
