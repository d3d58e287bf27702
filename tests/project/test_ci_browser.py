"""How CI comes by a browser: the machine's own, a package, Playwright's, or none in good time."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project.sources import ROOT

SECONDS = 30
TOOLS = ("bash", "dirname", "timeout", "env", "true", "chmod", "cp", "cat")


class Machine:
    """A clone of the project on a machine with the programs that a test lays down."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin, self.calls = folder / "clone", folder / "bin", folder / "calls"
        (self.root / ".ci").mkdir(parents=True)
        self.bin.mkdir()
        for name in ("run", "browser"):
            shutil.copy(ROOT / ".ci" / name, self.root / ".ci" / name)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or "")
        self.provide("id", "echo 0")
        self._write(self.root / "deskhand", 'echo "deskhand $*" >>"$CALLS"; echo "1 passed"')

    def provide(self, name: str, script: str) -> None:
        """Puts a program on the path."""
        self._write(self.bin / name, script)

    def provide_playwright(self, script: str) -> None:
        """Puts a Python into the environment that the launcher makes."""
        (self.root / ".venv" / "bin").mkdir(parents=True)
        self._write(self.root / ".venv" / "bin" / "python", script)

    def run(self) -> subprocess.CompletedProcess[str]:
        """Runs what CI runs."""
        return subprocess.run(
            ["bash", ".ci/run"],
            cwd=self.root,
            env={"PATH": str(self.bin), "CALLS": str(self.calls)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    @property
    def called(self) -> list[str]:
        """What was called, in order."""
        return self.calls.read_text().splitlines()

    def _write(self, program: Path, script: str) -> None:
        program.write_text(f"#!{self.bin / 'bash'}\n{script}\n")
        program.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without a browser."""
    return Machine(tmp_path)


SUITE = "deskhand test -n 3 --dist loadfile --no-loadscope-reorder -m not soak"
APT = 'echo "apt-get $*" >>"$CALLS"'


def test_a_browser_that_is_there_is_taken(machine: Machine) -> None:
    """Nothing is installed."""
    machine.provide("chromium", "")
    machine.provide("apt-get", APT)
    assert machine.run().returncode == 0
    assert machine.called == [SUITE]


def test_debians_chromium_is_installed_where_packages_may_be(machine: Machine) -> None:
    """As root, with a list of packages that is fresh."""
    brings = f'{APT}; [ "$2" != install ] || cp "{machine.bin}/true" "{machine.bin}/chromium"'
    machine.provide("apt-get", brings)
    ran = machine.run()
    assert ran.returncode == 0, ran.stderr
    assert machine.called[0] == "apt-get -qq update"
    assert machine.called[1].startswith("apt-get -qq install -y --no-install-recommends chromium")
    assert machine.called[2:] == [SUITE]


def test_playwrights_own_is_fetched_where_packages_may_not_be(machine: Machine) -> None:
    """A rep's or developer's machine without root and without a password at hand."""
    machine.provide("id", "echo 1000")
    machine.provide("sudo", "exit 1")
    machine.provide("apt-get", APT)
    machine.provide_playwright('echo "python $*" >>"$CALLS"')
    assert machine.run().returncode == 0
    assert machine.called == [
        "deskhand test --version",
        "python -m playwright install chromium",
        SUITE,
    ]


def test_without_any_browser_the_suite_runs_all_the_same(machine: Machine) -> None:
    """No network, no browser: it is said in one line, and what the suite says is CI's verdict."""
    machine.provide("apt-get", f"{APT}; exit 100")
    machine.provide_playwright("exit 1")
    ran = machine.run()
    assert ran.returncode == 0
    assert ran.stdout.endswith("1 passed\n")
    assert "no browser could be installed" in ran.stderr
    assert machine.called[-1] == SUITE


def test_the_scripts_are_shell() -> None:
    """A slip in a branch that no test takes would end CI."""
    for name in ("run", "browser"):
        script = str(ROOT / ".ci" / name)
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
        assert os.access(script, os.X_OK)
