"""A PostgreSQL server of our own on a loopback port, its data kept in a folder between runs."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from deploy.local.children import die_with_parent, free_port, open_log
from deploy.local.leftovers import is_postmaster
from deploy.local.postgres_programs import PostgresError, closed_folder, find_programs, run_identity
from deploy.local.state import write_private
from tools.aurora.provisioning import provision

__all__ = ["PostgresError", "PostgresServer", "provision"]

_PORT_TRIES = 5
_START_SECONDS = 20.0
_STOP_SECONDS = 20.0
_POLL_SECONDS = 0.01


@dataclass(slots=True)
class PostgresServer:
    """A running server. ``dsn`` is the superuser's; ``stop()`` ends it and keeps the data."""

    dsn: str = field(repr=False)
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    log_begins: int

    @classmethod
    def start(
        cls, base: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None
    ) -> PostgresServer:
        """Starts a server on the data below ``base``, which is made on the first run.

        Call it from the main thread: on Linux the server ends when the thread that started it does,
        so that nothing is left over when this process is killed.

        Args:
            base: the folder for data, password and log; as root, the user ``nobody`` must be able
                to reach it.
            port: the port to listen on; a free one below 32768 when not given.
            settings: further server settings.

        Raises:
            PostgresError: with the reason and what to do about it.
        """
        identity = run_identity()
        base = base.resolve()
        with _explained_folder(base):
            _make_base(base, identity)
            programs = find_programs(identity)
            with _sole_preparation(base):
                _make_password(base / "password", identity)
                _make_cluster(base, programs, identity)
        _forget_dead_server(base / "data" / "postmaster.pid")
        for attempt in range(_PORT_TRIES):
            chosen = port if port is not None else free_port()
            try:
                return cls._launch_ready(base, programs, identity, chosen, settings or {})
            except _PortTakenError:
                if port is not None or attempt == _PORT_TRIES - 1:
                    raise PostgresError(
                        f"port {chosen} on 127.0.0.1 is taken by another program; "
                        "stop it or choose another port"
                    ) from None
        raise AssertionError("unreachable: the last attempt returns or raises")

    def stop(self, *, limit: float = _STOP_SECONDS) -> None:
        """Ends the server, breaking off its sessions; kills it after ``limit`` seconds."""
        if self.process.poll() is None:
            # SIGTERM would wait until every client has left.
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(limit)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait(_STOP_SECONDS)

    @classmethod
    def _launch_ready(cls, base: Path, *how: Any) -> PostgresServer:
        """A server that answers; what a killed one left running is waited for."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            server = cls._launch(base, *how)
            try:
                server._wait_until_ready(base)
            except _StillInUseError as failure:
                if time.monotonic() > deadline:
                    raise PostgresError(str(failure)) from None
                time.sleep(_POLL_SECONDS)
            else:
                return server

    @classmethod
    def _launch(
        cls,
        base: Path,
        programs: Path,
        identity: Mapping[str, Any],
        port: int,
        settings: Mapping[str, str],
    ) -> PostgresServer:
        fixed = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "150",
            # Files below the data, which the next start removes: a killed server would leave the
            # machine's shared memory full of them, and a container has little of it.
            "dynamic_shared_memory_type": "mmap",
        }
        options = [f"--{name}={value}" for name, value in {**fixed, **settings}.items()]
        with open_log(base / "log") as log:
            begins = log.tell()
            process = subprocess.Popen(
                [programs / "postgres", "-D", base / "data", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in a terminal is not for the database
                preexec_fn=die_with_parent(signal.SIGINT),
                **identity,
            )
        password = (base / "password").read_text()
        dsn = psycopg.conninfo.make_conninfo(
            host="127.0.0.1",
            port=port,
            user="postgres",
            dbname="postgres",
            password=password,
            connect_timeout=5,
        )
        return cls(dsn=dsn, port=port, process=process, log=base / "log", log_begins=begins)

    def _wait_until_ready(self, base: Path) -> None:
        """Waits for the line that the server writes into its pid file, then logs in once."""
        deadline = time.monotonic() + _START_SECONDS
        while not _reports_ready(base / "data" / "postmaster.pid", self.process.pid):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise _start_failure(self.log, self.log_begins)
            time.sleep(_POLL_SECONDS)
        try:
            psycopg.connect(self.dsn).close()
        except psycopg.OperationalError as failure:
            self.stop()
            raise PostgresError(
                f"PostgreSQL started but does not let us in: the data in {base} and its "
                "password file do not belong together; remove that folder to begin anew"
            ) from failure


class _PortTakenError(Exception):
    """Another program listens on the port."""


class _StillInUseError(Exception):
    """Processes of a killed server have not noticed yet that it is gone."""


def _make_base(base: Path, identity: Mapping[str, Any]) -> None:
    closed = closed_folder(base, identity)
    if closed is not None:
        raise PostgresError(
            "PostgreSQL does not run as root but as the user nobody, who may not enter "
            f"{closed}; keep the state of the local stack elsewhere, for example below /var/lib"
        )
    base.mkdir(parents=True, exist_ok=True)
    closed = closed_folder(base, identity)  # a parent folder just made, under a strict umask
    if closed is not None:
        raise PostgresError(f"the user nobody, as whom PostgreSQL runs, may not enter {closed}")
    base.chmod(0o700)
    if "user" in identity:
        os.chown(base, identity["user"], identity["group"])


def _make_password(file: Path, identity: Mapping[str, Any]) -> None:
    if not file.exists() or not file.stat().st_size:  # a full disk leaves it empty
        write_private(file, secrets.token_urlsafe(24))
    if "user" in identity:
        os.chown(file, identity["user"], identity["group"])


def _make_cluster(base: Path, programs: Path, identity: Mapping[str, Any]) -> None:
    """Makes the data folder under another name first: a killed run leaves no half of one."""
    data, unfinished = base / "data", base / "data.new"
    if data.exists():
        return
    shutil.rmtree(unfinished, ignore_errors=True)
    login = ["-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(base / "password")]
    texts = ["-E", "UTF8", "--locale=C", *_locale(programs)]
    made = subprocess.run(
        [programs / "initdb", "-D", unfinished, *login, *texts, "--no-sync", "--no-instructions"],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        **identity,
    )
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise PostgresError(f"cannot make the database files in {base}: {_reason(made.stderr)}")
    unfinished.rename(data)


def _locale(programs: Path) -> list[str]:
    """Upper and lower case of every script, from PostgreSQL itself where it can (17 on)."""
    said = subprocess.run(
        [programs / "initdb", "--version"], capture_output=True, text=True, timeout=30, check=False
    ).stdout.split()
    major = int(said[2].partition(".")[0]) if len(said) > 2 and said[2][:1].isdigit() else 0
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--lc-ctype=C.UTF-8"]


def _forget_dead_server(pid_file: Path) -> None:
    """Removes the pid file of a killed server when its number belongs to another program by now.

    It may belong to the PostgreSQL of another folder, for which this one would never start.
    """
    try:
        alive = psutil.Process(int(pid_file.read_text().partition("\n")[0]))
        if is_postmaster(alive, pid_file.parent):
            return
    except (FileNotFoundError, psutil.NoSuchProcess, ValueError):
        return  # no such file or process: PostgreSQL itself tidies up after a dead server
    except psutil.AccessDenied:
        pass  # another user's
    pid_file.unlink(missing_ok=True)


def _reports_ready(pid_file: Path, pid: int) -> bool:
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _start_failure(log: Path, since: int) -> Exception:
    with log.open("rb") as written:
        written.seek(since)
        text = written.read().decode(errors="replace")
    if "could not bind" in text or "could not create any TCP/IP sockets" in text:
        return _PortTakenError()
    if "lock file" in text and "already exists" in text:
        return PostgresError(
            f"PostgreSQL already runs on the data in {log.parent}; stop that one first"
        )
    said = f"PostgreSQL did not start: {_reason(text)} (see {log})"
    return _StillInUseError(said) if "shared memory block" in said else PostgresError(said)


def _reason(text: str) -> str:
    """The line of PostgreSQL's own words that says why."""
    if "No space left on device" in text:
        return "the disk is full; make room and try again"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line or "PANIC" in line]
    return (telling or lines or ["it gave no reason"])[-1]


@contextmanager
def _sole_preparation(base: Path) -> Iterator[None]:
    """Lets one process at a time make the data folder."""
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _explained_folder(base: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise PostgresError(f"cannot use the folder {base}: {reason}") from failure
