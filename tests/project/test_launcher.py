"""The launcher: a first run that installs, later ones that start at once, words for trouble."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.project.launched import UV, Checkout, checkout


@pytest.fixture
def clone(tmp_path: Path) -> Checkout:
    """A fresh clone on a machine with Python and without uv."""
    return checkout(tmp_path)


def test_the_first_run_installs_and_the_second_starts_at_once(clone: Checkout) -> None:
    """It says what it does while it does it, on stderr; stdout belongs to the command."""
    first = clone.run("ask", "Who?")
    second = clone.run("ask", "Who?")
    assert json.loads(first.stdout)["arguments"] == ["ask", "Who?"]
    assert "Setting up Deskhand in" in first.stderr
    assert "Installing 1 packages with pip" in first.stderr
    assert "  strands-agents==1.62.0\n" in first.stderr
    assert first.stderr.endswith("Ready.\n")
    assert (second.stderr, second.stdout) == ("", first.stdout)
    assert len(clone.installs()) == 2


def test_packages_are_installed_by_hash_and_from_the_index_in_use(clone: Checkout) -> None:
    """The launcher names no index: the user's own configuration decides."""
    clone.run()
    install = clone.installs()[-1]
    assert "--require-hashes" in install
    assert "index" not in install


def test_uv_is_used_when_it_is_there(clone: Checkout) -> None:
    """It is many times faster; bytecode is made at once, so that the first start is quick too."""
    clone.provide("uv", UV)
    ran = clone.run("ask")
    assert ran.returncode == 0
    assert "venv -m venv --without-pip" in clone.installs()[0]
    assert "uv pip install" in clone.installs()[1]
    assert "--require-hashes --compile-bytecode" in clone.installs()[1]
    assert "Installed 2 packages" in ran.stderr


def test_a_changed_lock_file_is_noticed(clone: Checkout) -> None:
    """After a pull the environment is brought up to date, without being built anew."""
    clone.run()
    (clone.root / "requirements.lock").write_text("strands-agents==1.62.1\n")
    changed = clone.run()
    assert "Bringing" in changed.stderr
    assert clone.run().stderr == ""
    assert [line.split()[0] for line in clone.installs()] == ["venv", "pip", "pip"]


def test_a_half_made_environment_is_made_anew(clone: Checkout) -> None:
    """An installation that broke off leaves no stamp, and nothing of it is trusted."""
    broken = clone.run(variables={"STUB_INSTALL_SAYS": "Killed"})
    (clone.venv / "lib").mkdir()
    (clone.venv / "lib" / "half").write_text("")
    mended = clone.run("ask")
    assert (broken.returncode, mended.returncode) == (2, 0)
    assert not (clone.venv / "lib" / "half").exists()


def test_an_environment_whose_python_has_gone_is_made_anew(clone: Checkout) -> None:
    """A system upgrade takes the old Python away."""
    clone.run()
    (clone.venv / "bin" / "python").unlink()
    assert clone.run("ask").returncode == 0


def test_two_first_runs_at_once_install_once(clone: Checkout) -> None:
    """The second waits for the first, says so, and uses what it made."""
    gate = clone.root / "gate"
    os.mkfifo(gate)
    first = clone.start("first", variables={"STUB_GATE": str(gate)})
    with gate.open("w"):  # opens when the first run installs
        second = clone.start("second")
        assert second.stderr is not None
        said = second.stderr.readline()
    assert "Another deskhand is setting up" in said
    assert [first.wait(30), second.wait(30)] == [0, 0]
    assert [line.split()[0] for line in clone.installs()] == ["venv", "pip"]
    for process in (first, second):
        process.communicate()


def test_the_tests_top_the_same_environment_up(clone: Checkout) -> None:
    """Once; the product's own lock is part of the larger one, so nothing is installed later."""
    clone.run("ask")
    tested = clone.run("test", "-k", "some words")
    assert "requirements-test.lock" in clone.installs()[-1]
    assert tested.stdout == "pytest -X utf8 -m pytest -m not soak -k some words\n"
    assert (clone.run("test").stderr, clone.run("ask").stderr) == ("", "")


def test_evaluations_top_the_same_environment_up(clone: Checkout) -> None:
    """Once, and a smaller wish afterwards takes nothing away."""
    clone.run("ask")
    judged = clone.run("eval", "--trials", "3")
    assert "requirements-eval.lock" in clone.installs()[-1]
    assert json.loads(judged.stdout)["arguments"] == ["eval", "--trials", "3"]
    assert (clone.run("ask").stderr, clone.run("eval").stderr) == ("", "")
    clone.run("test")
    assert "requirements-test.lock" in clone.installs()[-1]
    assert [clone.run(command).stderr for command in ("ask", "eval", "test")] == ["", "", ""]


@pytest.mark.parametrize("command", ["test", "eval"])
def test_help_for_the_larger_commands_installs_nothing_for_them(
    clone: Checkout, command: str
) -> None:
    """The command line knows the words."""
    ran = clone.run(command, "--help")
    assert json.loads(ran.stdout)["arguments"] == [command, "--help"]
    assert "requirements.lock" in clone.installs()[-1]


def test_the_tests_can_be_the_first_run(clone: Checkout) -> None:
    """As in CI."""
    assert clone.run("test").returncode == 0
    assert (clone.run("ask").stderr, clone.run("eval").stderr) == ("", "")


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_arguments_and_exit_code_pass_unchanged(clone: Checkout, shell: str) -> None:
    """Blanks, quotes, empty words and line breaks survive, from any folder, through a link."""
    words = ["ask", "", 'a "b" $HOME *', "two\nlines", "größer", "fail"]
    link = clone.bin / "dh"
    link.symlink_to(os.path.relpath(clone.root / "deskhand", clone.bin))
    clone.run()
    ran = clone.run(*words, cwd=clone.bin, shell=shell)
    assert json.loads(ran.stdout) == {"arguments": words, "cwd": str(clone.bin)}
    assert ran.returncode == 7
    clone.root.joinpath("deskhand").chmod(0o755)
    linked = Checkout(clone.bin, clone.bin, clone.log)
    linked.command = lambda shell, arguments: [str(link), *arguments]  # type: ignore[method-assign]
    assert json.loads(linked.run("ask").stdout)["arguments"] == ["ask"]


def test_a_folder_of_the_same_name_is_not_imported(clone: Checkout, tmp_path: Path) -> None:
    """The user may stand in a project that has an ``agent`` package or a ``json.py``."""
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "__init__.py").write_text("raise SystemExit('the wrong agent')")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    assert clone.run("ask", cwd=tmp_path).returncode == 0


def test_the_environment_can_live_elsewhere(clone: Checkout) -> None:
    """``DESKHAND_VENV`` may be relative to where the user stands."""
    ran = clone.run("ask", cwd=clone.bin, variables={"DESKHAND_VENV": "other place"})
    assert ran.returncode == 0
    assert (clone.bin / "other place" / "bin" / "python").exists()
    assert not clone.venv.exists()


def test_a_folder_with_other_things_in_it_is_left_alone(clone: Checkout) -> None:
    """A slip in ``DESKHAND_VENV`` must not cost anything."""
    clone.venv.mkdir()
    (clone.venv / "thesis.txt").write_text("years of work")
    ran = clone.run("ask")
    assert ran.returncode == 2
    assert "holds something else" in ran.stderr
    assert [path.name for path in clone.venv.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("file", ["lock", "install.log"])
def test_an_environment_that_cannot_be_written_to_is_named(clone: Checkout, file: str) -> None:
    """A redirection that fails must not end the launcher without a word."""
    clone.venv.mkdir()
    (clone.venv / "lock").touch()
    (clone.venv / file).unlink(missing_ok=True)
    (clone.venv / file).mkdir()  # what no user can write to, not even root
    ran = clone.run("ask")
    assert ran.returncode == 2
    assert "cannot be written to" in ran.stderr


def test_an_environment_that_the_user_made_is_used_and_kept(clone: Checkout) -> None:
    """It is installed into, not built anew, also where an installation failed before."""
    (clone.venv / "bin").mkdir(parents=True)
    (clone.venv / "pyvenv.cfg").write_text("")
    for name in ("python", "pip"):
        shutil.copy(clone.bin / "python3", clone.venv / "bin" / name)
    (clone.venv / "lib").mkdir()
    (clone.venv / "lib" / "theirs").write_text("")
    offline = clone.run("ask", variables={"STUB_INSTALL_SAYS": "ERROR: no route to host"})
    assert offline.returncode == 2
    ran = clone.run("ask")
    assert ran.returncode == 0
    assert "that you made" in ran.stderr
    (clone.root / "requirements.lock").write_text("strands-agents==1.62.1\n")
    assert clone.run("ask", variables={"STUB_INSTALL_SAYS": "ERROR: a new one"}).returncode == 2
    assert clone.run("ask").returncode == 0
    assert (clone.venv / "lib" / "theirs").exists()
    assert [line.split()[0] for line in clone.installs()] == ["pip"] * 4


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"STUB_INSTALL_SAYS": "ERROR: [Errno 28] No space left on device"},
            "The disk is full",
        ),
        (
            {"STUB_INSTALL_SAYS": "NewConnectionError: Temporary failure in name resolution"},
            "The package index could not be reached",
        ),
        (
            {"STUB_INSTALL_SAYS": "error sending request for url (https://index.example/simple/)"},
            "The package index could not be reached",
        ),
        (
            {"STUB_INSTALL_SAYS": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"},
            "its hash differs",
        ),
        (
            {"STUB_VENV_SAYS": "Not created: ensurepip is not available."},
            "its venv and ensurepip modules are missing",
        ),
        ({"STUB_VERSION": "3.9"}, "needs Python 3.11, 3.12 or 3.13, but here python3 is 3.9."),
        ({"STUB_VERSION": "3.14"}, "needs Python 3.11, 3.12 or 3.13, but here python3 is 3.14."),
        ({"DESKHAND_PYTHON": "/no/python"}, "DESKHAND_PYTHON=/no/python is not a Python 3.11"),
        ({"DESKHAND_VENV": "/dev/null/venv"}, "cannot be made"),
    ],
    ids=["disk", "dns", "uv-network", "hash", "ensurepip", "old", "new", "python", "folder"],
)
def test_trouble_is_said_in_plain_words(
    clone: Checkout, variables: dict[str, str], said: str
) -> None:
    """What is wrong and what to do, and no trace; the next run tries again."""
    ran = clone.run("ask", variables=variables)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""
    assert clone.run("ask").returncode == 0


def test_a_failure_of_another_kind_shows_what_the_installer_said(clone: Checkout) -> None:
    """The last lines, and where the whole log is."""
    ran = clone.run(
        "ask", variables={"STUB_INSTALL_SAYS": "error: something nobody has seen before"}
    )
    assert "something nobody has seen before" in ran.stderr
    assert str(clone.venv / "install.log") in ran.stderr


def test_a_machine_without_python_is_told_where_to_get_one(clone: Checkout) -> None:
    """Nothing is made."""
    (clone.bin / "python3").unlink()
    ran = clone.run("ask")
    assert ran.returncode == 2
    assert "No Python was found" in ran.stderr
    assert not clone.venv.exists()


def test_the_newest_python_that_fits_is_taken(clone: Checkout) -> None:
    """A name that does not run, as of a version manager, is passed over."""
    clone.provide("python3.13", "#!/bin/sh\necho 'python3.13: command not found' >&2\nexit 127\n")
    clone.provide("python3.12")
    assert "with Python" in clone.run("ask", variables={"STUB_VERSION": "3.12"}).stderr
    assert "venv -m venv" in clone.installs()[0]
