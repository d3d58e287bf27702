"""The PostgreSQL of the local stack: starts anywhere, keeps its data, leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from deploy.local.leftovers import wait_for_postmaster
from deploy.local.postgres import PostgresError, PostgresServer
from tests.fixtures_postgres import FAST

ROOT = Path(__file__).parents[3]
AS_ROOT = os.geteuid() == 0

pytestmark = pytest.mark.stack


@pytest.fixture
def new_base(open_folder: Path) -> Iterator[Path]:
    """A folder that is not there yet, reachable by the user nobody."""
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    folder.chmod(0o755)
    yield folder / "postgres"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def made_base(open_folder: Path) -> Path:
    """The folder of a server that ran once."""
    PostgresServer.start(open_folder / "made", settings=FAST).stop()
    return open_folder / "made"


@pytest.fixture
def base(new_base: Path, made_base: Path) -> Path:
    """A copy of that folder, which starts without the second that making one takes."""
    subprocess.run(["cp", "-a", str(made_base), str(new_base)], check=True)
    return new_base


@contextlib.contextmanager
def running(base: Path, **options: int) -> Iterator[PostgresServer]:
    """A server that is stopped whatever happens."""
    server = PostgresServer.start(base, settings=FAST, **options)
    try:
        yield server
    finally:
        server.stop()


def query(server: PostgresServer, statement: str) -> list[tuple[object, ...]]:
    """The rows of one statement of the superuser."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_data_is_kept_between_runs(base: Path) -> None:
    """The second start finds what the first left; ports stay below the kernel's own."""
    with running(base) as server:
        assert 20_000 <= server.port < 32_768
        query(server, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')")
    with running(base) as server:
        assert query(server, "SELECT word FROM kept") == [("here",)]


def test_a_killed_server_comes_back_with_all_that_was_committed(base: Path) -> None:
    """Its pid file is no obstacle; its shared memory is files below its data, and they go."""
    server = PostgresServer.start(base)
    query(server, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')")
    server.process.kill()
    server.process.wait(10)
    shared = list((base / "data" / "pg_dynshmem").iterdir())
    assert shared
    assert (base / "data" / "postmaster.pid").exists()
    with running(base) as again:
        assert query(again, "SELECT word FROM kept") == [("here",)]
        assert not any(path.exists() for path in shared)


def test_a_pid_that_went_to_another_program_is_no_obstacle(base: Path) -> None:
    """After a restart of the machine any program may have the dead server's number."""
    with running(base) as server:
        pid_file = base / "data" / "postmaster.pid"
        text = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *text[1:]]) + "\n")
    with running(base) as server:
        assert query(server, "SELECT 1") == [(1,)]


def test_a_pid_that_went_to_another_postgresql_is_no_obstacle(base: Path, new_base: Path) -> None:
    """That of another checkout, which the same user runs: its data is elsewhere."""
    other_base = new_base.with_name("other")
    subprocess.run(["cp", "-a", str(base), str(other_base)], check=True)
    with running(base):
        text = (base / "data" / "postmaster.pid").read_text().splitlines()
    with running(other_base) as other:
        pid_file = base / "data" / "postmaster.pid"
        pid_file.write_text("\n".join([str(other.process.pid), *text[1:]]) + "\n")
        started = time.monotonic()
        wait_for_postmaster(pid_file)
        assert time.monotonic() - started < 2
        with running(base) as server:
            assert query(server, "SELECT 1") == [(1,)]


def test_a_password_that_was_never_written_down_is_made_anew(new_base: Path) -> None:
    """The disk was full, or the first run was killed, between making the file and filling it."""
    new_base.mkdir()
    (new_base / "password").touch(0o600)
    with running(new_base) as server:
        assert query(server, "SELECT 1") == [(1,)]


def test_half_a_cluster_is_made_anew(new_base: Path) -> None:
    """A first run that was killed leaves a folder that nobody trusts."""
    (new_base / "data.new").mkdir(parents=True)
    (new_base / "data.new" / "PG_VERSION").write_text("18")
    with running(new_base) as server:
        assert query(server, "SELECT 1") == [(1,)]
    assert not (new_base / "data.new").exists()


def test_letters_of_all_scripts_have_upper_and_lower_case(base: Path) -> None:
    """Whatever the machine's own language is."""
    with running(base) as server:
        assert query(server, "SELECT lower('ÉŁΩЖ')") == [("éłωж",)]


def test_only_who_knows_the_password_gets_in(base: Path) -> None:
    """Other users of the machine reach the port as well."""
    with running(base) as server:
        dsn = psycopg.conninfo.make_conninfo(server.dsn, password="guess")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(dsn)
        assert (base / "password").stat().st_mode & 0o077 == 0
        assert "password" not in repr(server)


def test_it_listens_on_loopback_only(base: Path) -> None:
    """And has no socket in a folder that others may write to."""
    with running(base) as server:
        shown = query(server, "SELECT current_setting('listen_addresses')")
        assert shown == [("127.0.0.1",)]
        assert query(server, "SELECT current_setting('unix_socket_directories')") == [("",)]


def test_a_taken_port_is_named(base: Path) -> None:
    """With what to do about it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PostgresError, match=f"port {port} .* is taken"):
            PostgresServer.start(base, port=port)


def test_two_servers_on_one_folder_are_refused(base: Path) -> None:
    """The first keeps running."""
    with running(base) as server:
        with pytest.raises(PostgresError, match="already runs"):
            PostgresServer.start(base)
        assert query(server, "SELECT 1") == [(1,)]


def test_a_lost_password_is_explained(base: Path) -> None:
    """The data cannot be opened any more, and it is said how to go on."""
    with running(base):
        pass
    (base / "password").unlink()
    with pytest.raises(PostgresError, match="do not belong together"):
        PostgresServer.start(base)


def test_a_folder_that_cannot_be_made_is_named(new_base: Path) -> None:
    """A file in the way is no stack trace."""
    new_base.write_text("a file")
    with pytest.raises(PostgresError, match="cannot use the folder"):
        PostgresServer.start(new_base)


def test_a_broken_setting_is_given_in_the_servers_words(base: Path) -> None:
    """The reason and the place of the log."""
    with pytest.raises(PostgresError, match=r"shared_buffers.*log"):
        PostgresServer.start(base, settings={"shared_buffers": "none"})


def test_a_reason_of_an_earlier_start_is_not_given_for_this_one(base: Path) -> None:
    """The log goes on from run to run."""
    with (base / "log").open("a") as log:
        log.write("LOG:  could not bind IPv4 address: Address already in use\n")
    with pytest.raises(PostgresError, match="shared_buffers"):
        PostgresServer.start(base, settings={"shared_buffers": "none"})


def test_a_server_that_hangs_is_killed(base: Path) -> None:
    """Stopping has an end."""
    server = PostgresServer.start(base)
    server.process.send_signal(signal.SIGSTOP)
    server.stop(limit=0.2)
    assert server.process.returncode == -signal.SIGKILL


def test_stopping_twice_is_no_error(base: Path) -> None:
    """Who cleans up need not know whether somebody did."""
    server = PostgresServer.start(base)
    server.stop()
    server.stop()
    assert server.process.returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the death signal is Linux's")
def test_nothing_is_left_when_the_parent_is_killed(base: Path) -> None:
    """Even kill -9 of the command line ends the database."""
    script = textwrap.dedent(
        f"""
        import signal, sys
        from pathlib import Path
        from deploy.local.postgres import PostgresServer
        server = PostgresServer.start(Path({str(base)!r}))
        print(server.process.pid, flush=True)
        signal.pause()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        postmaster = psutil.Process(int(parent.stdout.readline()))
        assert os.getsid(postmaster.pid) == postmaster.pid  # Ctrl-C of our terminal is not for it
        parent.kill()
    psutil.wait_procs([postmaster], timeout=10)
    assert not postmaster.is_running() or postmaster.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(not AS_ROOT, reason="only root hands over to another user")
def test_a_base_that_nobody_cannot_reach_is_named(tmp_path: Path) -> None:
    """Root's home is the usual case."""
    with pytest.raises(PostgresError, match="may not enter"):
        PostgresServer.start(tmp_path / "postgres")


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_an_ordinary_user_runs_it_too_and_one_without_a_name_is_told(new_base: Path) -> None:
    """The same code without root; PostgreSQL insists on a line in the password database."""
    new_base.mkdir()
    script = (  # imported first: the interpreter's own folder may be closed to others
        "import os, sys; from pathlib import Path;"
        "from deploy.local.postgres import PostgresServer;"
        "os.setgroups([]); os.setgid(65534); os.setuid(int(sys.argv[1]));"
        "server = PostgresServer.start(Path(sys.argv[2])); server.stop();"
        "print(server.process.returncode)"
    )
    outcomes = {}
    for user in ("65534", "54321"):
        folder = new_base / user
        folder.mkdir()
        os.chown(folder, int(user), 65534)
        outcomes[user] = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script, user, str(folder / "postgres")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert outcomes["65534"].stdout == "0\n", outcomes["65534"].stderr
    assert "has no line in /etc/passwd" in outcomes["54321"].stderr


def test_a_full_disk_is_said_in_plain_words(
    new_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What initdb says about it has twenty lines; the next run begins anew."""
    programs = new_base.parent / "programs"
    programs.mkdir()
    for name in ("initdb", "postgres"):
        (programs / name).write_text(
            "#!/bin/sh\necho 'could not write to file: No space left on device' >&2\nexit 1\n"
        )
        (programs / name).chmod(0o755)
    monkeypatch.setenv("DESKHAND_POSTGRES_BINARIES", str(programs))
    with pytest.raises(PostgresError, match="the disk is full"):
        PostgresServer.start(new_base)
    assert not (new_base / "data").exists()
