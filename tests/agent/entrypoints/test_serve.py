"""``./deskhand serve`` as a process: its port, its words, its end."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from agent.entrypoints.cli import deskhand
from agent.entrypoints.commands.serve import require_callers
from agent.settings import Settings
from tests.agent.entrypoints.fake_desk import FakeDesk, stack_with
from tests.agent.entrypoints.screen import ROOT
from tests.agent.entrypoints.served import EVENTS, SESSION
from tests.network import NO_CERTIFICATES

SECONDS = 20


@contextmanager
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server and its address."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.agent.entrypoints.chat_program"),
            *("serve", "--port", "0"),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield process, found[0]
                return
        raise AssertionError("the server did not say where it is")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_well_and_an_open_stream_does_not_hold_it_up(
    number: signal.Signals,
) -> None:
    """It answers until then; a stream has some seconds to finish, and the process exits with 0."""
    with (
        server() as (process, url),
        httpx.Client(
            base_url=url, trust_env=False, verify=NO_CERTIFICATES, timeout=SECONDS
        ) as http,
    ):
        answer = http.post("/invocations", json={"prompt": "Who?"}, headers=SESSION)
        body = {"prompt": "stuck"}
        with http.stream("POST", "/invocations", json=body, headers=EVENTS) as stream:
            assert "RUN_STARTED" in next(stream.iter_text())
            process.send_signal(number)
            assert process.wait(SECONDS) == 0
    assert answer.json()["outcome"] == "answered"


def test_a_port_in_use_is_said_before_anything_is_started() -> None:
    """Exit code 2, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = CliRunner().invoke(deskhand, ["serve", "--port", port], obj=stack_with(FakeDesk()))
    assert ran.exit_code == 2
    assert f"Port {port} on 127.0.0.1 cannot be used" in ran.stderr
    assert "--port" in ran.stderr


def test_a_host_that_is_no_address_is_wrong_use(refused_hosts: list[str]) -> None:
    """A name that nobody knows, or another machine's."""
    arguments = ["serve", "--host", "nobody.invalid", "--port", "0"]
    ran = CliRunner().invoke(deskhand, arguments, obj=stack_with(FakeDesk()))
    assert ran.exit_code == 2
    assert "no address of this machine" in ran.stderr
    refused_hosts.clear()


ELSEWHERE = {
    "catalog_url": "https://catalog.example/mcp",
    "gateway_url": "https://gateway.example/mcp",
    "token_url": "https://issuer.example/token",
}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (ELSEWHERE, "DESKHAND_ISSUER_URL"),
        ({"gateway_url": "https://gateway.example/mcp"}, "DESKHAND_ISSUER_URL"),
        ({**ELSEWHERE, "issuer_url": "https://issuer.example"}, "DESKHAND_REP_CLIENT_ID"),
        ({"rep_client_id": "reps"}, "DESKHAND_ISSUER_URL"),
    ],
    ids=["nothing", "one-address", "no-client", "no-issuer"],
)
def test_a_server_that_could_not_tell_who_asks_does_not_start(
    given: dict[str, str], missing: str
) -> None:
    """Exit code 2, the setting that is missing, and in plain words what else could be set."""
    obj = stack_with(FakeDesk(), **given)
    ran = CliRunner().invoke(deskhand, ["serve", "--port", "0"], obj=obj)
    assert ran.exit_code == 2
    assert f"{missing}: is not set" in ran.stderr
    assert ("DESKHAND_UNVERIFIED_CALLERS=true" in ran.stderr) == ("gateway_url" in given)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"catalog_url": "http://127.0.0.1:1/mcp", "token_url": "http://localhost:1/token"},
        {**ELSEWHERE, "unverified_callers": True},
        {**ELSEWHERE, "issuer_url": "https://issuer.example", "rep_client_id": "reps"},
    ],
    ids=["nothing", "this-machine", "said-so", "verified"],
)
def test_a_server_that_can_tell_or_need_not_starts(given: dict[str, Any]) -> None:
    """A stack of this machine needs no issuer; another needs it, or its operator's word."""
    settings = Settings.model_validate(given)
    require_callers(settings)
    assert settings.unverified_callers == ("unverified_callers" in given)


@pytest.mark.parametrize(
    ("command", "settings", "form"),
    [
        (("serve", "--port", "0"), {}, "JsonLines"),
        (("doctor",), {}, "TextLines"),
        (("doctor",), {"log_format": "json"}, "JsonLines"),
        (("serve", "--port", "0"), {"log_format": "text"}, "TextLines"),
    ],
)
def test_servers_log_for_machines_and_terminals_for_people(
    command: tuple[str, ...], settings: dict[str, str], form: str
) -> None:
    """Unless the setting says otherwise."""
    # A server that could not tell who asks ends by itself.
    CliRunner().invoke(deskhand, command, obj=stack_with(FakeDesk(), **ELSEWHERE, **settings))
    formats = {type(handler.formatter).__name__ for handler in logging.getLogger().handlers}
    assert form in formats
    assert not {"JsonLines", "TextLines"} - {form} & formats
