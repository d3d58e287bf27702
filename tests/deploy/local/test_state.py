"""The state folder: where it is, who may enter, what is said when it cannot be used."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local.errors import StackError, StateError
from deploy.local.state import StateFolder, state_folder, write_private


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_environment_may_name_the_folder(tmp_path: Path) -> None:
    """And then it is used as it is."""
    assert state_folder({"DESKHAND_STATE_DIR": str(tmp_path)}).root == tmp_path
    assert state_folder({"DESKHAND_STATE_DIR": "here"}).root == Path.cwd() / "here"


def test_each_checkout_has_a_folder_of_its_own() -> None:
    """Below the usual place for state, or where root's services keep theirs."""
    found = state_folder({"XDG_STATE_HOME": "/somewhere/state"}).root
    if os.geteuid() == 0:
        assert found.parent == Path("/var/lib/deskhand")
    else:
        assert found.parent == Path("/somewhere/state/deskhand")
    assert found.name.startswith(f"{Path(__file__).parents[3].name}-")
    assert state_folder({}).root.parent.name == "deskhand"


def test_nobody_else_may_look_in(tmp_path: Path) -> None:
    """The user of PostgreSQL passes through the outer folder when we are root, and that is all."""
    state = StateFolder(tmp_path / "made" / "on" / "the" / "way")
    state.prepare()
    assert mode(state.root) == (0o711 if os.geteuid() == 0 else 0o700)
    assert mode(state.run) == mode(state.dynamodb) == 0o700
    state.secrets()
    assert [mode(path) for path in state.run.iterdir()] == [0o600]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over to another user")
def test_under_a_strict_umask_postgresql_s_user_gets_through_what_is_made(tmp_path: Path) -> None:
    """Hardened machines give root 077; the folders on the way are made here too."""
    before = os.umask(0o077)
    try:
        state = StateFolder(tmp_path / "made" / "on" / "the" / "way")
        state.prepare()
    finally:
        os.umask(before)
    made = [state.root, *list(state.root.parents)[:3]]
    assert [mode(folder) for folder in made] == [0o711] * 4
    assert mode(state.run) == 0o700


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    """It may be used for other things too."""
    tmp_path.chmod(0o755)
    StateFolder(tmp_path).prepare()
    assert mode(tmp_path) == 0o755


def test_a_folder_of_ours_that_is_open_to_others_is_not_used(tmp_path: Path) -> None:
    """Somebody may have been quicker in a place where all can write."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(0o777)
    with pytest.raises(StateError, match="open to other users"):
        StateFolder(tmp_path).prepare()
    assert mode(tmp_path / "run") == 0o777


def test_passwords_are_made_once(tmp_path: Path) -> None:
    """The same on every run, three different ones, and never shown."""
    state = StateFolder(tmp_path)
    state.prepare()
    made = state.secrets()
    assert state.secrets() == made
    assert len({made.owner_password, made.reader_password, made.client_secret}) == 3
    assert made.owner_password not in repr(made)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"owner_password": "x"}'])
def test_a_damaged_file_of_passwords_is_made_anew(tmp_path: Path, text: str) -> None:
    """A disk that was full while it was written, for example."""
    state = StateFolder(tmp_path)
    state.prepare()
    (state.run / "secrets.json").write_text(text)
    assert len(state.secrets().owner_password) > 20
    assert state.secrets() == state.secrets()


def test_a_private_file_is_whole_or_absent(tmp_path: Path) -> None:
    """It replaces what was there in one step."""
    path = tmp_path / "file"
    path.write_text("old")
    write_private(path, "new")
    assert (path.read_text(), mode(path)) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named_with_a_way_out(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError) as failure:
        StateFolder(tmp_path / "file" / "state").prepare()
    assert str(tmp_path / "file") in str(failure.value)
    assert "DESKHAND_STATE_DIR" in str(failure.value)
    assert isinstance(failure.value, StackError)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    """A disk with less room than the stack needs is refused before anything is started."""
    with pytest.raises(StateError, match="MB left"):
        StateFolder(tmp_path).prepare(least_free=10**18)


def test_commands_that_start_at_once_make_the_folder_together(tmp_path: Path) -> None:
    """Whoever comes second finds what the first has made, and never a folder open to others."""
    for number in range(20):
        state = StateFolder(tmp_path / f"deep-{number}" / "state")
        with ThreadPoolExecutor(8) as several:
            for made in [several.submit(state.prepare) for _ in range(8)]:
                made.result(timeout=10)
        assert state.run.stat().st_mode & 0o077 == 0
