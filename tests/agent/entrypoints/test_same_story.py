"""One story by every way in: terminal, browser console, runtime contract, and a deployed desk."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from click.testing import CliRunner

from agent import Settings, open_desk
from agent.entrypoints.cli import deskhand
from agent.entrypoints.issuer import Flow
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import (
    Served,
    browser,
    events_of,
    made_static,
    serving_console,
)
from tests.agent.entrypoints.rep_browser import form_of
from tests.agent.entrypoints.served import frames_of
from tests.network import NO_CERTIFICATES

pytestmark = pytest.mark.stack

ROOT = Path(__file__).parents[3]
CLI = (sys.executable, "-P", "-X", "utf8", "-m", "agent.entrypoints.cli")
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
SECONDS = 60
CLIENT = "deskhand-console"
STORY = (
    "Who is customer CUST003, and which orders does he have?",
    "Is his laptop still under warranty?",
    "What about CUST002, what tier is she?",
)
Told = list[tuple[str, str, tuple[tuple[str, str], ...]]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a command finds no ``.env`` of a developer."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def served(local_stack: LocalStack, tmp_path: Path) -> AsyncIterator[Served]:
    """A console over a real desk on the local stack."""
    settings = Settings.from_environment(local_stack.environment)
    async with (
        open_desk(settings) as desk,
        serving_console(desk, settings.issuer_url or "", made_static(tmp_path / "static")) as at,
    ):
        yield at


def told(answers: list[dict[str, Any]]) -> Told:
    """What a rep learns of each answer: text, outcome, and which tools were asked."""
    return [
        (
            answer["answer"],
            answer["outcome"],
            tuple(sorted((call["system"], call["tool"]) for call in answer["tool_calls"])),
        )
        for answer in answers
    ]


async def in_process(*arguments: str, environment: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Exit code and document of a command that prints one, run off this test's loop."""
    ran = await asyncio.to_thread(
        CliRunner().invoke, deskhand, [*arguments, "--json"], env=environment
    )
    return ran.exit_code, json.loads(ran.stdout)


async def as_process(*arguments: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The document of a command in a process of its own: all that it says."""
    process = await asyncio.create_subprocess_exec(
        *(*CLI, *arguments, "--json"),
        env={**BARE, **environment},
        cwd="/",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await asyncio.wait_for(process.communicate(), SECONDS)
    assert (process.returncode, said) == (0, b"")
    document: dict[str, Any] = json.loads(out)
    return document


@pytest.fixture(scope="module")
def runtime(running_stack: LocalStack) -> Iterator[str]:
    """``./deskhand serve`` that wants tokens, as a process; its invocation address."""
    with subprocess.Popen(
        [*CLI, "serve", "--port", "0"],
        env={**BARE, **running_stack.environment, "DESKHAND_REP_CLIENT_ID": CLIENT},
        cwd="/",
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line
            yield f"{found[0]}/invocations"
        finally:
            process.terminate()
            process.wait(SECONDS)


async def token_of(stack: LocalStack, rep: str) -> str:
    """The access token of a rep who has signed in at the stack's issuer."""
    issuer, flow = stack.environment["DESKHAND_ISSUER_URL"], Flow.new()
    back = "http://localhost:8400/signed-in"
    asked = {
        **{"response_type": "code", "client_id": CLIENT, "redirect_uri": back, "scope": "openid"},
        **{"state": flow.state, "nonce": flow.nonce},
        **{"code_challenge": flow.challenge, "code_challenge_method": "S256"},
    }
    async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as http:
        page = await http.get(f"{issuer}/oauth2/authorize", params=asked)
        sent = await http.post(f"{issuer}/oauth2/authorize", data=form_of(page.text, rep))
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        form = {
            **{"grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": back},
            **{"code": code, "code_verifier": flow.verifier},
        }
        tokens = (await http.post(f"{issuer}/oauth2/token", data=form)).json()
    return str(tokens["access_token"])


async def invoke(
    url: str, token: str, conversation: str, text: str, *, stream: bool = False
) -> httpx.Response:
    """A request as any program makes it."""
    headers = {
        "Authorization": f"Bearer {token}",
        "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": conversation,
        **({"Accept": "text/event-stream"} if stream else {}),
    }
    async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False, timeout=SECONDS) as http:
        return await http.post(url, json={"prompt": text}, headers=headers)


async def test_every_way_in_tells_the_same_story(
    local_stack: LocalStack, served: Served, runtime: str
) -> None:
    """The same words, outcomes and tools; the program between rep and desk adds nothing.

    A conversation of the command line begins in a process of its own and goes on in this one.
    """
    one, two, three, four = (str(uuid.uuid4()) for _ in range(4))

    async def by_command(*options: str, environment: Mapping[str, str]) -> list[dict[str, Any]]:
        first = await as_process("ask", STORY[0], *options, environment=environment)
        more = [
            await in_process("ask", text, *options, environment=environment) for text in STORY[1:]
        ]
        return [first, *[answer for _, answer in more]]

    terminal = await by_command("--conversation", one, environment=local_stack.environment)
    async with browser(served.url, "sam") as sam:
        console = [events_of((await sam.ask(two, text)).text)[-1]["result"] for text in STORY]
    token = await token_of(local_stack, "sam")
    contract = [
        frames_of((await invoke(runtime, token, three, text, stream=True)).text)[-1]["result"]
        for text in STORY
    ]
    there = {"DESKHAND_ENDPOINT_URL": runtime, "DESKHAND_REP_TOKEN": token}
    deployed = await by_command("--stack", "aws", "--conversation", four, environment=there)
    stories = [told(answers) for answers in (terminal, console, contract, deployed)]
    assert stories == [stories[0]] * 4
    assert [outcome for _, outcome, _ in stories[0]] == ["answered"] * 3
    assert "Bob Johnson" in stories[0][0][0]
    assert "Bob Johnson" in stories[0][1][0]  # the pronoun was understood in another process


async def test_a_conversation_is_its_rep_s_by_every_way_in(
    local_stack: LocalStack, served: Served, runtime: str
) -> None:
    """Another rep gets 404 as JSON, as a stream and at the terminal; the rep finds it himself."""
    conversation = str(uuid.uuid4())
    sam, kim = [await token_of(local_stack, rep) for rep in ("sam", "kim")]
    begun = await invoke(runtime, sam, conversation, STORY[0])
    refused = [
        await invoke(runtime, kim, conversation, "And his orders?", stream=stream)
        for stream in (False, True)
    ]
    unknown = await invoke(runtime, "abc.def.ghi", conversation, "And his orders?")
    there = {"DESKHAND_ENDPOINT_URL": runtime, "DESKHAND_REP_TOKEN": kim}
    ask = ("ask", "--stack", "aws", "And his orders?", "--conversation", conversation)
    at_terminal = await in_process(*ask, environment=there)
    gone = await in_process(*ask, environment={**there, "DESKHAND_REP_TOKEN": "a.b.c"})
    async with browser(served.url, "sam") as browsing:
        turns = (await browsing.conversation(conversation))["turns"]
    assert begun.status_code == 200
    assert [answer.status_code for answer in refused] == [404, 404]
    assert {answer.json()["error"]["code"] for answer in refused} == {"conversation_not_found"}
    assert unknown.status_code == 401
    assert (at_terminal[0], at_terminal[1]["error"]["code"]) == (1, "conversation_not_found")
    assert (gone[0], gone[1]["error"]["code"]) == (2, "token_refused")
    assert [turn["question"] for turn in turns] == [STORY[0]]


@pytest.mark.parametrize(
    ("given", "arguments", "words"),
    [
        ({}, (), "DESKHAND_REP_TOKEN: is not set"),
        ({"DESKHAND_REP_TOKEN": "a.b.c"}, ("--conversation", "short"), "33 characters or more"),
    ],
    ids=["no-token", "short-id"],
)
async def test_a_deployed_desk_is_not_asked_without_what_it_needs(
    given: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 2 and what to do, before anything is sent."""
    environment = {"DESKHAND_ENDPOINT_URL": "https://desk.example/invocations", **given}
    code, said = await in_process(
        "ask", "--stack", "aws", "Who?", *arguments, environment=environment
    )
    assert code == 2
    assert words in said["error"]["message"]
