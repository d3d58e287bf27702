"""The local DynamoDB starts quickly, keeps its data, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from deploy.local.dynamodb import (
    TABLES,
    TEMPLATE,
    DynamoError,
    DynamoServer,
    apply_tables,
    local_client,
)
from tests.fixtures_dynamodb import Database

pytestmark = pytest.mark.stack


def test_tables_are_made_once_and_asked_for_afterwards(dynamo_server: DynamoServer) -> None:
    """A second application of the same file changes nothing and keeps what is stored."""
    names = apply_tables(dynamo_server.endpoint, "test-twice")
    assert names == {table: f"test-twice-{table}" for table in TABLES}
    client = local_client(dynamo_server.endpoint)
    key = {"customer_id": {"S": "CUST001"}}
    client.put_item(TableName=names["verifications"], Item=key)
    assert apply_tables(dynamo_server.endpoint, "test-twice") == names
    assert "Item" in client.get_item(TableName=names["verifications"], Key=key)


def test_tables_have_their_indexes_and_their_expiry(empty_database: Database) -> None:
    """Expiry is what the emulator does not take from the file."""
    client, tables = empty_database.client, empty_database.tables
    indexes = {
        table: sorted(
            index["IndexName"]
            for index in client.describe_table(TableName=name)["Table"].get(
                "GlobalSecondaryIndexes", []
            )
        )
        for table, name in tables.items()
    }
    assert indexes == {
        "reviews": ["by_customer", "by_product", "by_product_rating", "by_rating"],
        "products": ["by_category", "by_name"],
        "warranties": ["by_holder", "by_holder_sound", "by_product", "by_product_tail"],
        "profiles": ["by_email", "by_phone", "by_tier"],
        "verifications": [],
        "conversations": ["by_rep"],
    }
    for table in ("verifications", "conversations"):
        expiry = client.describe_time_to_live(TableName=tables[table])["TimeToLiveDescription"]
        assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_a_changed_file_is_applied(dynamo_server: DynamoServer, tmp_path: Path) -> None:
    """As after an upgrade, on data that an older version has kept."""
    changed = tmp_path / "data.yaml"
    changed.write_text(TEMPLATE.read_text().replace("by_rep", "by_whom"))
    for file in (TEMPLATE, changed):
        names = apply_tables(dynamo_server.endpoint, "test-changed", file=file)
    table = local_client(dynamo_server.endpoint).describe_table(TableName=names["conversations"])
    indexes = [index["IndexName"] for index in table["Table"]["GlobalSecondaryIndexes"]]
    assert indexes == ["by_whom"]


def test_a_file_that_is_refused_is_an_error_in_words(
    dynamo_server: DynamoServer, tmp_path: Path
) -> None:
    """A stack that did not come about has no tables."""
    broken = tmp_path / "data.yaml"
    broken.write_text(TEMPLATE.read_text().replace("AWS::DynamoDB::Table", "AWS::No::Such"))
    with pytest.raises(DynamoError):
        apply_tables(dynamo_server.endpoint, "test-broken", file=broken)


def test_data_outlives_a_stop_and_start_is_quick_and_takes_more(tmp_path: Path) -> None:
    """Two seconds from cold to tables, on a machine that has other things to do."""
    key = {"customer_id": {"S": "CUST001"}}
    began = time.monotonic()
    server = DynamoServer.start(tmp_path)
    try:
        tables = apply_tables(server.endpoint, "test-kept")
        assert time.monotonic() - began < 6
        local_client(server.endpoint).put_item(TableName=tables["verifications"], Item=key)
    finally:
        server.stop()
    assert server.process.returncode == 0
    again = DynamoServer.start(tmp_path)
    try:
        assert apply_tables(again.endpoint, "test-kept") == tables
        client = local_client(again.endpoint)
        assert "Item" in client.get_item(TableName=tables["verifications"], Key=key)
        new = {"customer_id": {"S": "CUST002"}}
        client.put_item(TableName=tables["verifications"], Item=new)
        assert "Item" in client.get_item(TableName=tables["verifications"], Key=new)
    finally:
        again.stop()


LINGER = """
import pathlib, signal, sys, time
kept, lines = pathlib.Path(sys.argv[1]), int(sys.argv[2])
def leave(*_):
    with kept.open("a") as file:
        for _ in range(lines):
            file.write("an item")
            file.flush()
            time.sleep(0.1)
    if lines:
        sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready", flush=True)
while True:
    time.sleep(0.1)
"""


def lingering(folder: Path, lines: int) -> DynamoServer:
    """A stand-in for a server that takes its time to end: it writes so many lines, or hangs."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", LINGER, str(folder / "items"), str(lines)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"ready\n"
    return DynamoServer("http://127.0.0.1:1", 1, process, folder / "log", folder)


def test_a_server_that_writes_its_items_down_is_waited_for(tmp_path: Path) -> None:
    """A million customers take minutes: there is no end while the file grows."""
    server = lingering(tmp_path, 15)
    pulses: list[int] = []
    server.stop(pulse=lambda: pulses.append(1), patience=0.6)
    assert server.process.returncode == 0
    assert len(pulses) > 2


def test_a_server_that_stands_still_is_killed(tmp_path: Path) -> None:
    """It would keep its port and our lock for ever."""
    server = lingering(tmp_path, 0)
    server.stop(patience=0.3)
    assert server.process.returncode == -signal.SIGKILL


def test_it_listens_on_loopback_only_and_inherits_no_secret(
    dynamo_server: DynamoServer,
) -> None:
    """Its environment is ours to the last variable."""
    process = psutil.Process(dynamo_server.process.pid)
    listening = [held.laddr for held in process.net_connections() if held.status == "LISTEN"]
    assert [(held.ip, held.port) for held in listening] == [("127.0.0.1", dynamo_server.port)]
    assert dynamo_server.port < 32768
    assert sorted(process.environ()) == [
        "BIND_HOST", "GATEWAY_PORT", "IOT_MTLS_ENABLED", "LOG_LEVEL", "MINISTACK_REGION", "PATH",
        "PERSIST_STATE", "SERVICES", "SFTP_ENABLED", "STATE_DIR", "TMPDIR",
    ]  # fmt: skip


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """With what to do about it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DynamoError, match=f"port {port} on 127.0.0.1 is taken"):
            DynamoServer.start(tmp_path, port=port)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DynamoError, match="Not a directory"):
        DynamoServer.start(tmp_path / "file")


def test_tables_of_a_server_that_is_gone_are_an_error_in_words() -> None:
    """Instead of a driver's exception."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(DynamoError, match=f"the local DynamoDB at {endpoint} has no tables"):
            apply_tables(endpoint, "test-none")


def test_it_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    """No process is left when the command line is killed with kill -9."""
    program = f"""
        import pathlib, signal
        from deploy.local.dynamodb import DynamoServer
        server = DynamoServer.start(pathlib.Path({str(tmp_path)!r}))
        print(server.process.pid, flush=True)
        signal.pause()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "."},
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    _, alive = psutil.wait_procs([child], timeout=10)
    assert alive == []
