"""The catalogue as a process of its own, as AgentCore Runtime starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from deploy.local.children import free_port
from deploy.local.dynamodb import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from tests.fixtures_dynamodb import Database
from tests.network import NO_CERTIFICATES
from tools.catalog.__main__ import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def port(sample: Database) -> Iterator[int]:
    """Where a catalogue process serves the sample records."""
    chosen = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.catalog"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "DESKHAND_TABLE_PREFIX": "test-sample",
            "DESKHAND_CATALOG_HOST": "127.0.0.1",
            "DESKHAND_CATALOG_PORT": str(chosen),
            "AWS_ENDPOINT_URL_DYNAMODB": sample.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        },
    )
    assert process.stderr is not None
    for line in process.stderr:  # ends with the process, so a failed start ends the wait
        if "running on" in line:
            break
    yield chosen
    process.terminate()
    process.communicate(timeout=10)


@pytest.mark.stack
async def test_the_process_serves_its_tools_and_a_ping(port: int) -> None:
    """Configured by its environment alone."""
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        ping = await http.get(f"http://127.0.0.1:{port}/ping")
    async with Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp")) as client:
        answer = await client.call_tool("rating_summary", {"product_id": 1})
    assert ping.json()["status"] == "Healthy"
    assert '"average_rating":"4.50"' in str(answer.content)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "DESKHAND_TABLE_PREFIX is not set"),
        ({"DESKHAND_TABLE_PREFIX": "a", "DESKHAND_CATALOG_PORT": "http"}, "must be a port number"),
        ({"DESKHAND_TABLE_PREFIX": "a", "DESKHAND_CATALOG_PORT": "70000"}, "must be a port number"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], message: str) -> None:
    """Before anything is opened."""
    with pytest.raises(SystemExit, match=message):
        main(environment)


def test_the_process_needs_no_agent_framework_and_no_sql_driver() -> None:
    """Its container holds neither."""
    program = (
        "import sys, tools.catalog.server; print(*{'strands', 'psycopg', 'agent'} & {*sys.modules})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""
