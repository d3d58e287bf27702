"""The folder in which the local stack keeps data, secrets and logs between runs."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StateError

VARIABLE = "DESKHAND_STATE_DIR"
PROJECT = Path(__file__).resolve().parents[2]
ROOTS_PLACE = Path("/var/lib/deskhand")
LEAST_FREE_BYTES = 150_000_000


@dataclass(frozen=True, slots=True)
class StateFolder:
    """Where each part of the stack keeps what it keeps."""

    root: Path

    @property
    def aurora(self) -> Path:
        """PostgreSQL's data; it belongs to the user that PostgreSQL runs as."""
        return self.root / "aurora"

    @property
    def dynamodb(self) -> Path:
        """DynamoDB's data."""
        return self.root / "dynamodb"

    @property
    def run(self) -> Path:
        """What belongs to the running stack: lock, address, secrets, logs. Nobody else enters."""
        return self.root / "run"

    @property
    def lock(self) -> Path:
        """Held by the one supervisor."""
        return self.run / "lock"

    @property
    def socket(self) -> Path:
        """Where the supervisor listens, when the path is short enough."""
        return self.run / "socket"

    @property
    def address(self) -> Path:
        """How to reach the supervisor."""
        return self.run / "address.json"

    @property
    def log(self) -> Path:
        """The supervisor's log, with the time that each part took."""
        return self.run / "stack.log"

    def make_root(self) -> None:
        """Make the folder itself; PostgreSQL, which does not run as root, passes through.

        Raises:
            OSError: it cannot be made.
        """
        _make_way(self.root)
        _make(self.root, 0o711 if os.geteuid() == 0 else 0o700)

    def prepare(self, *, least_free: int = LEAST_FREE_BYTES) -> None:
        """Make the folders, so that nobody else can read what is in them.

        Args:
            least_free: bytes that the disk must have left.

        Raises:
            StateError: they cannot be made or written to, or the disk is full.
        """
        try:
            self.make_root()
            for folder in (self.run, self.dynamodb):
                _make(folder, 0o700)
                _require_private(folder)
            probe = self.run / f"probe-{os.getpid()}"
            probe.write_bytes(b"x")
            probe.unlink(missing_ok=True)
            free = shutil.disk_usage(self.root).free
        except OSError as failure:
            reason = failure.strerror or str(failure)
            raise StateError(
                f"The local stack cannot keep its data in {self.root}: {reason}."
                f" Free or repair that folder, or set {VARIABLE} to another one."
            ) from failure
        if free < least_free:
            raise StateError(
                f"The disk that holds {self.root} has {free // 1_000_000} MB left, and the local"
                f" stack needs {least_free // 1_000_000} MB."
                f" Make room, or set {VARIABLE} to a folder on another disk."
            )

    def secrets(self) -> StackSecrets:
        """The stack's passwords: made on the first run, the same ever after."""
        path = self.run / "secrets.json"
        with suppress(FileNotFoundError, ValueError, TypeError):
            return StackSecrets(**json.loads(path.read_text()))
        made = StackSecrets(*(secrets.token_urlsafe(24) for _ in range(3)))
        path.unlink(missing_ok=True)
        write_private(
            path, json.dumps({name: getattr(made, name) for name in StackSecrets.__slots__})
        )
        return made


@dataclass(frozen=True, slots=True, repr=False)
class StackSecrets:
    """Passwords that keep the other users of this machine out."""

    owner_password: str
    reader_password: str
    client_secret: str

    @property
    def console_secret(self) -> str:
        """Signs the console's cookies; made of another secret, which the folder has always had."""
        return hmac.new(self.client_secret.encode(), b"console", hashlib.sha256).hexdigest()


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise StateError(
            f"This user has no home folder; set {VARIABLE} to a folder for the local stack's data."
        ) from None


def _make_way(folder: Path) -> None:
    """Make the folders that lead there; root's let others through, however strict its umask is."""
    for parent in reversed(folder.parents):
        if not parent.is_dir():
            parent.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                parent.chmod(parent.stat().st_mode | 0o111)


def _make(folder: Path, mode: int) -> None:
    """Make a folder; one that is there already is somebody's choice, and stays as it is."""
    try:
        # Never open to others, not even between two calls: another command may look meanwhile.
        folder.mkdir(mode)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(mode)


def _require_private(folder: Path) -> None:
    found = folder.stat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise StateError(
            f"{folder} is open to other users or belongs to one, and the local stack keeps"
            f" passwords there. Remove it, or set {VARIABLE} to another folder."
        )


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, in one step: a reader finds all of it or nothing."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(text)
    unfinished.replace(path)


def state_folder(environ: Mapping[str, str]) -> StateFolder:
    """The folder that the environment names, or else this checkout's own in the usual place.

    Each checkout has its own, because stacks of different versions do not share data.
    """
    if given := environ.get(VARIABLE):
        return StateFolder(Path(given).expanduser().absolute())
    if os.geteuid() == 0:
        place = ROOTS_PLACE
    elif shared := environ.get("XDG_STATE_HOME"):
        place = Path(shared) / "deskhand"
    else:
        place = _home() / ".local" / "state" / "deskhand"
    checkout = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
    return StateFolder(place / f"{PROJECT.name}-{checkout}")
