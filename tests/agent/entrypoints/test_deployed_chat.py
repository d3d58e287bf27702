"""The chat with a deployed desk, on a terminal: signs in with a browser, talks, is remembered."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.entrypoints.cli import deskhand
from deploy.local.http_system import HttpSystem
from deploy.local.sign_in import SAMPLE_REPS, SampleRep
from deploy.local.tokens import ClientCredentials, TokenIssuer
from tests.agent.entrypoints.fake_desk import FakeDesk, about_bob, never_ending
from tests.agent.entrypoints.rep_issuer import guarded, signing_key
from tests.agent.entrypoints.screen import chatting

CLIENT = "deskhand-console"


@dataclass
class Deployed:
    """A deployed desk and its issuer."""

    desk: FakeDesk
    issuer: HttpSystem
    settings: dict[str, str]

    def environment(self, rep: str = "sam") -> dict[str, str]:
        """Of a rep's terminal with a browser beside it."""
        browser = f"{sys.executable} -m tests.agent.entrypoints.rep_browser {rep} %s"
        return {**self.settings, "BROWSER": browser}


@pytest.fixture
async def deployed() -> AsyncIterator[Deployed]:
    """A desk that wants tokens of the issuer."""
    system, desk = HttpSystem(), FakeDesk(about_bob)
    reps = (*SAMPLE_REPS, SampleRep("guest", "Guest", groups=()))
    client = ClientCredentials("deskhand", "secret")
    issuer = TokenIssuer(system.url, client, reps=reps, key=signing_key())
    await system.start(issuer.app)
    async with guarded(system.url, desk, client_id=CLIENT) as there:
        settings = {
            "DESKHAND_ENDPOINT_URL": f"{there.base_url}/invocations",
            "DESKHAND_ISSUER_URL": system.url,
            "DESKHAND_REP_CLIENT_ID": CLIENT,
            "DESKHAND_STACK": "aws-dev",
        }
        yield Deployed(desk, system, settings)
    await system.stop()
    system.close()


async def run(command: str, environment: Mapping[str, str], state: Path) -> Result:
    """A command that needs no terminal, in this process and off this test's loop."""
    given = {**environment, "DESKHAND_STATE_DIR": str(state)}
    arguments = [command, "--stack", "aws"]
    return await asyncio.to_thread(CliRunner().invoke, deskhand, arguments, env=given)


async def test_a_rep_signs_in_once_and_talks_with_the_deployed_desk(
    deployed: Deployed, tmp_path: Path
) -> None:
    """The next chat finds the sign-in; the tokens are for their owner's eyes only."""

    def first() -> str:
        environment = deployed.environment()
        with chatting("--stack", "aws", state=tmp_path, environment=environment) as screen:
            screen.wait_for("\n>")
            screen.type("Who is CUST003?\r")
            screen.wait_for("rule-based stand-in")
            screen.type("/list\r")
            shown = screen.wait_for("just now")
            screen.type("\x04")
            assert screen.ended() == 0
        return shown

    def second() -> str:
        environment = deployed.settings
        with chatting("--stack", "aws", state=tmp_path, environment=environment) as screen:
            screen.wait_for("\n>")
            screen.type("And his orders?\r")
            return screen.wait_for("1.2 s")

    shown = await asyncio.to_thread(first)
    assert "Sign in at this address:" in shown
    assert "Signed in as Sam Rivera." in shown
    assert "Deskhand · stack aws-dev\n" in shown
    assert "✓ aurora   find_customers  query=CUST003  1 row · 12 ms" in shown
    assert "Bob Johnson is CUST003." in shown
    assert "model local.understudy, a rule-based stand-in and no language model" in shown
    [kept] = (tmp_path / "sign-ins").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = await asyncio.to_thread(second)
    assert "Sign in at" not in again
    assert "Bob Johnson is CUST003." in again
    assert {asked.rep.rep_id for asked in deployed.desk.asked} == {"sam"}


async def test_of_a_stopped_turn_nothing_is_promised(deployed: Deployed, tmp_path: Path) -> None:
    """The desk is elsewhere, and may not hear that nobody listens any more."""
    deployed.desk.script = never_ending

    def stop() -> str:
        environment = deployed.environment()
        with chatting("--stack", "aws", state=tmp_path, environment=environment) as screen:
            screen.wait_for("\n>")
            screen.type("Who is CUST003?\r")
            screen.wait_for("Looking")
            screen.type("\x03")
            return screen.wait_for("Stopped.")

    shown = await asyncio.to_thread(stop)
    assert "Stopped. The desk may still end this turn and keep it." in shown


async def test_a_token_that_the_desk_refuses_is_renewed_without_a_word(
    deployed: Deployed, tmp_path: Path
) -> None:
    """The rep notices nothing, and the new one is kept."""

    def talk() -> str:
        environment = deployed.environment()
        with chatting("--stack", "aws", state=tmp_path, environment=environment) as screen:
            screen.wait_for("\n>")
        [kept] = (tmp_path / "sign-ins").iterdir()
        kept.write_text(json.dumps({**json.loads(kept.read_text()), "access": "a.b.c"}))
        with chatting("--stack", "aws", state=tmp_path, environment=deployed.settings) as screen:
            screen.wait_for("\n>")
            screen.type("Who is CUST003?\r")
            return screen.wait_for("1.2 s")

    shown = await asyncio.to_thread(talk)
    assert "Bob Johnson is CUST003." in shown
    [kept] = (tmp_path / "sign-ins").iterdir()
    assert json.loads(kept.read_text())["access"] != "a.b.c"


@pytest.mark.parametrize(
    ("rep", "changed", "words"),
    [
        ("guest", {}, "You are in none of the groups that may ask: admin, lead, rep."),
        ("sam", {"DESKHAND_ISSUER_URL": "http://127.0.0.1:9"}, "The sign-in service does not"),
    ],
    ids=["no-group", "away"],
)
async def test_who_cannot_sign_in_reads_why(
    deployed: Deployed, tmp_path: Path, rep: str, changed: dict[str, str], words: str
) -> None:
    """Before the chat begins, with an exit code; the desk is not asked."""
    environment = {**deployed.environment(rep), **changed}

    def attempt() -> tuple[int, str]:
        with chatting("--stack", "aws", state=tmp_path, environment=environment) as screen:
            return screen.ended(), screen.shown()

    code, shown = await asyncio.to_thread(attempt)
    assert code in (2, 3)
    assert words in shown.replace("\n", " ")
    assert deployed.desk.asked == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"DESKHAND_ISSUER_URL": "http://issuer.example"}, "in plain sight"),
        ({"DESKHAND_REP_CLIENT_ID": ""}, "DESKHAND_REP_TOKEN: is not set"),
    ],
    ids=["no-tls", "no-client"],
)
async def test_settings_with_which_nobody_could_sign_in_are_wrong_use(
    deployed: Deployed, tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    """Exit code 2 and the words, before anybody is sent to a browser."""
    ran = await run("chat", {**deployed.environment(), **changed}, tmp_path)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert deployed.desk.asked == []


async def test_doctor_asks_a_deployed_desk_as_the_rep_who_signs_in(
    deployed: Deployed, tmp_path: Path
) -> None:
    """Whether it would answer; the model costs nothing."""

    def examine() -> tuple[int, str]:
        options = {"command": "doctor", "state": tmp_path, "environment": deployed.environment()}
        with chatting("--stack", "aws", **options) as screen:  # type: ignore[arg-type]  # as named
            return screen.ended(), screen.shown()

    ended, shown = await asyncio.to_thread(examine)
    assert ended == 0
    assert "answers, and takes the rep's token" in shown
    assert deployed.desk.asked == []


async def test_doctor_says_that_a_deployed_desk_does_not_take_the_token(
    deployed: Deployed, tmp_path: Path
) -> None:
    """The one that was given."""
    ran = await run("doctor", {**deployed.settings, "DESKHAND_REP_TOKEN": "a.b.c"}, tmp_path)
    assert ran.exit_code == 3
    assert "does not take the token" in ran.stdout
    assert deployed.desk.asked == []
