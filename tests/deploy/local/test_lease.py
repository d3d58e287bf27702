"""Leases: commands share one stack, the last one takes it along, and nothing is ever left over."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local.door import Door, knock
from deploy.local.errors import StackError
from deploy.local.lease import inspect, lease
from deploy.local.state import StateFolder
from tests.deploy.local.commands import all_gone, commands, family

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def supervised(open_folder: Path) -> StateFolder:
    """A state folder whose stack is run by a supervisor; its data is made once."""
    return StateFolder(open_folder / "supervised")


@pytest.fixture(autouse=True)
def nothing_left(supervised: StateFolder) -> Iterator[None]:
    """After every test the stack ends by itself."""
    yield
    report = inspect(supervised)
    if report["running"]:
        assert all_gone(family(report["pid"]), within=10)


def count_customers(environment: dict[str, str]) -> int:
    """Asks the database, as the desk does."""
    with psycopg.connect(environment["DESKHAND_AURORA_DSN"], connect_timeout=5) as connection:
        row = connection.execute("SELECT count(*) FROM users").fetchone()
    assert row is not None
    return int(row[0])


def test_commands_share_one_stack_until_the_last_one_leaves(supervised: StateFolder) -> None:
    """Three start at once and get the same addresses; two leave, and the third goes on."""
    with commands(supervised.root, 3) as (first, second, third):
        environments = [command.environment() for command in (first, second, third)]
        assert environments[0] == environments[1] == environments[2]
        report = inspect(supervised)
        assert (report["leases"], report["ready"]) == (3, True)
        first.leave()
        second.process.kill()
        second.process.wait(10)
        assert count_customers(environments[2]) == 5
        processes = family(report["pid"])
        third.leave()
        assert all_gone(processes, within=5)
    assert not inspect(supervised)["running"]


def test_a_command_that_is_killed_gives_its_lease_back(supervised: StateFolder) -> None:
    """With kill -9 of the only holder the whole stack ends, cleanly."""
    with commands(supervised.root) as (command,):
        command.environment()
        processes = family(inspect(supervised)["pid"])
        command.process.kill()
        assert all_gone(processes, within=5)
    assert supervised.log.read_text().rstrip().endswith("the stack is down")


def test_ctrl_c_in_one_command_leaves_the_stack_to_the_others(supervised: StateFolder) -> None:
    """The signal goes to the command's whole process group, and the stack is not in it."""
    with commands(supervised.root, 2) as (first, second):
        first.environment()
        environment = second.environment()
        os.killpg(first.process.pid, signal.SIGINT)
        assert first.process.wait(10) != 0
        assert count_customers(environment) == 5
        second.leave()


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
    for _ in range(3):
        with lease(state=supervised) as environment:
            assert count_customers(environment) == 5
            pids.add(inspect(supervised)["pid"])
    assert len(pids) == 3


def test_what_a_dead_supervisor_left_lying_about_is_no_hindrance(supervised: StateFolder) -> None:
    """A socket that nobody listens on, an address, a lock file with a number in it."""
    supervised.prepare()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(supervised.socket))
    supervised.address.write_text(json.dumps({"path": str(supervised.socket)}))
    supervised.lock.write_text("1")
    assert not inspect(supervised)["running"]
    with lease(state=supervised) as environment:
        assert count_customers(environment) == 5


def test_the_holder_of_a_lease_notices_that_the_stack_has_gone(supervised: StateFolder) -> None:
    """A command that only waits can say so instead of waiting for ever."""
    with lease(state=supervised) as environment:
        assert not environment.wait_until_lost(0)
        os.kill(inspect(supervised)["pid"], signal.SIGTERM)
        assert environment.wait_until_lost(10)


def test_progress_is_told_in_words(supervised: StateFolder) -> None:
    """Each part is named when it is started."""
    heard: list[str] = []
    with lease(heard.append, state=supervised):
        pass
    assert "starting PostgreSQL…" in heard
    assert "starting DynamoDB…" in heard


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


def test_what_keeps_the_stack_from_starting_is_said(open_folder: Path) -> None:
    """The command gets the reason, not a stack trace, and nothing keeps running."""
    state = StateFolder(open_folder / "broken")
    state.prepare()
    state.aurora.write_text("a file where PostgreSQL's folder should be")
    with pytest.raises(StackError, match="cannot start.*broken/aurora"), lease(state=state):
        pass
    assert not inspect(state)["running"]
