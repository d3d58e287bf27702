"""Leases: commands share one stack, the last one takes it along, and nothing is ever left over."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local.door import Door, knock
from deploy.local.errors import StackError
from deploy.local.lease import inspect, lease
from deploy.local.lock import sole_supervisor
from deploy.local.state import PROJECT, StateFolder
from tests.deploy.local.commands import all_gone, commands, eventually, family

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def supervised(open_folder: Path) -> StateFolder:
    """A state folder whose stack is run by a supervisor; its data is made once."""
    return StateFolder(open_folder / "supervised")


@pytest.fixture(autouse=True)
def nothing_left(supervised: StateFolder) -> Iterator[None]:
    """After every test the stack ends by itself."""
    yield
    assert eventually(lambda: not inspect(supervised)["running"], within=10)
    supervised.prepare()
    with sole_supervisor(supervised) as mine:
        assert mine


def count_customers(environment: dict[str, str]) -> int:
    """Asks the database, as the desk does."""
    with psycopg.connect(environment["DESKHAND_AURORA_DSN"], connect_timeout=5) as connection:
        row = connection.execute("SELECT count(*) FROM users").fetchone()
    assert row is not None
    return int(row[0])


def test_commands_share_one_stack_until_the_last_one_is_gone(supervised: StateFolder) -> None:
    """However they end: one is done, one gets Ctrl-C with its process group, one is killed."""
    with commands(supervised.root, 3) as (done, interrupted, killed):
        environments = [command.environment() for command in (done, interrupted, killed)]
        assert environments[0] == environments[1] == environments[2]
        report = inspect(supervised)
        assert (report["leases"], report["ready"]) == (3, True)
        done.leave()
        os.killpg(interrupted.process.pid, signal.SIGINT)
        assert interrupted.process.wait(10) != 0
        assert count_customers(environments[2]) == 5
        processes = family(report["pid"])
        killed.process.kill()
        assert all_gone(processes, within=5)
    assert not inspect(supervised)["running"]
    assert supervised.log.read_text().rstrip().endswith("the stack is down")


def test_a_killed_supervisor_takes_everything_along_and_is_replaced(
    supervised: StateFolder,
) -> None:
    """Nothing is left within two seconds, and the next command has a whole stack."""
    with commands(supervised.root) as (command,):
        command.environment()
        supervisor = inspect(supervised)["pid"]
        processes = family(supervisor)
        os.kill(supervisor, signal.SIGKILL)
        assert all_gone(processes, within=2)
    with commands(supervised.root) as (command,):
        assert count_customers(command.environment()) == 5
        assert inspect(supervised)["pid"] != supervisor
        command.leave()


def test_a_command_that_comes_while_the_stack_goes_down_gets_a_new_one(
    supervised: StateFolder,
) -> None:
    """It waits for the end of the old one, and never sees half a stack."""
    pids = set()
    for _ in range(2):
        with lease(state=supervised) as environment:
            assert count_customers(environment) == 5
            pids.add(inspect(supervised)["pid"])
    assert len(pids) == 2


def test_what_a_dead_supervisor_left_lying_about_is_no_hindrance(supervised: StateFolder) -> None:
    """A socket that nobody listens on, an address, a lock file: the stack starts, part by part."""
    supervised.prepare()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(supervised.socket))
    supervised.address.write_text(json.dumps({"path": str(supervised.socket)}))
    supervised.lock.write_text("1")
    assert not inspect(supervised)["running"]
    heard: list[str] = []
    with lease(heard.append, state=supervised) as environment:
        assert count_customers(environment) == 5
        assert {"starting PostgreSQL…", "starting DynamoDB…"} <= set(heard)
        # Ended by somebody else, it does not leave the command waiting for ever.
        assert not environment.wait_until_lost(0)
        os.kill(inspect(supervised)["pid"], signal.SIGTERM)
        assert environment.wait_until_lost(10)


def test_a_long_path_is_served_on_a_loopback_port(open_folder: Path) -> None:
    """Sockets of the file system have short names only; a word keeps other users out instead."""
    state = StateFolder(open_folder / ("long" * 25))
    state.prepare()
    door = Door.open(state)
    try:
        address = json.loads(state.address.read_text())
        assert address.keys() == {"port", "key"}
        caller = knock(state, {"lease": 1})
        assert caller is not None
        inside, _ = door.listener.accept()
        with caller, inside:
            assert door.admits(json.loads(inside.makefile().readline()))
        assert not door.admits({"lease": 1, "key": "guess"})
        assert not door.admits({"lease": 1})
    finally:
        door.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_s_folder_is_named_with_a_way_out(open_folder: Path) -> None:
    """Whoever looks only finds no stack there; whoever wants one is told to choose a folder."""
    state = StateFolder(open_folder / "somebody's")
    state.prepare()
    script = (  # imported first: the interpreter's own folder may be closed to others
        "import os, sys; from pathlib import Path;"
        "from deploy.local import supervisor; from deploy.local.errors import StateError;"
        "from deploy.local.lease import inspect, lease; from deploy.local.state import StateFolder;"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534);"
        "state = StateFolder(Path(sys.argv[1])); print(inspect(state)['running'])\n"
        "try: lease(state=state).__enter__()\n"
        "except StateError as failure: print(failure)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(state.root)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.startswith("False\n"), ran.stderr
    assert "belongs to one" in ran.stdout


def test_another_postgresql_is_looked_for_from_where_the_command_was_given(
    open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stack itself runs elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKHAND_POSTGRES_BINARIES", "my/pg")
    state = StateFolder(open_folder / "relative")
    with pytest.raises(StackError, match=f"BINARIES is {tmp_path}/my/pg, but"), lease(state=state):
        pass


def test_what_keeps_the_stack_from_starting_is_said(open_folder: Path) -> None:
    """The command gets the reason, not a stack trace, and nothing keeps running."""
    state = StateFolder(open_folder / "broken")
    state.prepare()
    state.aurora.write_text("a file where PostgreSQL's folder should be")
    with pytest.raises(StackError, match="cannot start.*broken/aurora"), lease(state=state):
        pass
    assert not inspect(state)["running"]
