"""PostgreSQL's programs are found, copied where they can be run, and run as who may run them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deploy.local.postgres_programs import (
    PostgresError,
    closed_folder,
    find_programs,
    open_copy,
    run_identity,
)

NOBODY = {"user": 65534, "group": 65534}


def test_other_binaries_can_be_named(tmp_path: Path) -> None:
    """Their folder, or the one above it."""
    (tmp_path / "bin").mkdir()
    for name in ("initdb", "postgres"):
        (tmp_path / "bin" / name).touch()
    for named in (tmp_path, tmp_path / "bin"):
        found = find_programs({}, {"DESKHAND_POSTGRES_BINARIES": str(named)})
        assert found == tmp_path / "bin"
    with pytest.raises(PostgresError, match="no initdb and postgres"):
        find_programs({}, {"DESKHAND_POSTGRES_BINARIES": str(tmp_path / "nowhere")})


def test_a_folder_closed_to_the_servers_user_is_found(tmp_path: Path) -> None:
    """The outermost one, because that is where to change something."""
    closed = tmp_path / "closed"
    (closed / "open").mkdir(parents=True)
    closed.chmod(0o700)
    found = closed_folder(closed / "open" / "data", NOBODY)
    assert found is not None
    assert closed.is_relative_to(found)
    assert closed_folder(closed / "open" / "data", {}) is None
    assert closed_folder(Path("/"), NOBODY) is None


def test_programs_below_a_closed_folder_are_copied_once(tmp_path: Path) -> None:
    """Every user may run the copy; what replaces the original is copied anew."""
    install = tmp_path / "install"
    (install / "bin").mkdir(parents=True, mode=0o700)
    (install / "bin" / "postgres").write_text("one")
    (install / "bin" / "postgres").chmod(0o700)
    copy = open_copy(install, tmp_path)
    assert (copy / "bin" / "postgres").stat().st_mode & 0o777 == 0o755
    assert (copy / "bin").stat().st_mode & 0o055 == 0o055
    assert open_copy(install, tmp_path) == copy
    os.utime(install, (0, 0))
    assert open_copy(install, tmp_path) != copy


def test_a_copy_in_a_folder_that_others_may_write_is_refused(tmp_path: Path) -> None:
    """Somebody could have put a program of their own there."""
    install = tmp_path / "install"
    install.mkdir()
    planted = tmp_path / f"deskhand-postgres-{os.geteuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    with pytest.raises(PostgresError, match="belongs to somebody else"):
        open_copy(install, tmp_path)


def test_run_identity_names_a_user_that_postgres_accepts() -> None:
    """Nobody for root, and the user itself for everybody else."""
    identity = run_identity()
    assert identity.get("user", os.geteuid()) != 0
    assert identity["cwd"] == "/"
