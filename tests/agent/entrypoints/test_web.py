"""``./deskhand web`` as a process: its words, the page it serves, its end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from click.testing import CliRunner

from agent.entrypoints.cli import deskhand
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import browser, events_of
from tests.agent.entrypoints.fake_desk import FakeDesk, stack_with
from tests.agent.entrypoints.screen import ROOT

SECONDS = 30


@asynccontextmanager
async def console(
    environment: dict[str, str],
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A running console and its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "agent.entrypoints.cli", "web", "--port", "0"),
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        async with asyncio.timeout(SECONDS):
            line = (await process.stderr.readline()).decode()
        found = re.search(r"console is at (http://127\.0\.0\.1:\d+);", line)
        assert found, line
        yield process, found[1]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.stack
async def test_the_command_serves_page_sign_in_and_answers_and_knows_its_rep_after_a_restart(
    local_stack: LocalStack,
) -> None:
    """A rep who has nothing but the address gets an answer, and SIGTERM ends it well.

    Started again it knows who is signed in: the stack has a key of its own for the cookies.
    """
    conversation = str(uuid.uuid4())
    async with console(local_stack.environment) as (process, url):
        async with browser(url, "kim") as kim:
            page = await kim.get("/")
            scripts = re.findall(r'<script type="module" src="([^"]+)"', page.text)
            loaded = [(await kim.get(script)).headers["content-type"] for script in scripts]
            answer = await kim.ask(conversation, "Who is CUST003?")
            [cookie] = [found for found in kim.http.cookies.jar if "session" in found.name]
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS):
            code = await process.wait()
    async with console(local_stack.environment) as (_, url), browser(url) as again:
        name = f"deskhand-session-{url.rpartition(':')[2]}"
        headers = {"Cookie": f"{name}={cookie.value}"}
        me = await again.http.get(f"{url}/api/me", headers=headers)
    assert "<title>Deskhand</title>" in page.text
    assert scripts
    assert {kind.partition(";")[0] for kind in loaded} == {"text/javascript"}
    assert "Bob Johnson" in events_of(answer.text)[-1]["result"]["answer"]
    assert code == 0
    assert me.json()["rep"]["id"] == "kim"


def test_a_console_at_which_nobody_could_sign_in_is_not_started() -> None:
    """Exit code 2, and the setting that is missing."""
    for settings, missing in (
        ({}, "DESKHAND_ISSUER_URL"),
        ({"issuer_url": "https://issuer.example"}, "DESKHAND_CONSOLE_CLIENT_ID"),
    ):
        ran = CliRunner().invoke(
            deskhand, ["web", "--port", "0"], obj=stack_with(FakeDesk(), **settings)
        )
        assert ran.exit_code == 2
        assert missing in ran.stderr


def test_a_port_in_use_is_said_before_anything_is_started() -> None:
    """Exit code 2, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = CliRunner().invoke(deskhand, ["web", "--port", port], obj=stack_with(FakeDesk()))
    assert ran.exit_code == 2
    assert "--port" in ran.stderr
