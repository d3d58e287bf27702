"""Signing in from a terminal, at a real issuer: the way out, the way back, and every wrong turn."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import httpx2
import jwt
import pytest

from agent.entrypoints.issuer import OpenIdIssuer, SignInRefused, Tokens
from agent.entrypoints.rep_rule import InNoGroup
from agent.entrypoints.terminal_sign_in import NotSignedIn, sign_in
from agent.turns import Rep
from deploy.local.http_system import HttpSystem
from deploy.local.sign_in import SAMPLE_REPS, SampleRep
from deploy.local.tokens import ClientCredentials, TokenIssuer
from tests.agent.entrypoints.rep_browser import form_of
from tests.agent.entrypoints.rep_issuer import signing_key
from tests.network import NO_CERTIFICATES

REPS = (*SAMPLE_REPS, SampleRep("guest", "Guest", groups=()))


@dataclass
class Terminal:
    """A rep at a terminal, and the browser beside it.

    Attributes:
        issuer: vouches for reps.
        browse: what the rep does with the address that was shown.
        said: what the terminal said.
    """

    issuer: OpenIdIssuer
    said: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    answers: list[httpx.Response] = field(default_factory=list)

    async def sign_in(
        self, browse: Callable[[str], Any] | None = None, **options: Any
    ) -> tuple[Rep, Tokens]:
        """Signs in while the rep browses."""
        tasks = []

        def show(address: str) -> None:
            self.shown.append(address)
            if browse is not None:
                tasks.append(asyncio.ensure_future(browse(address)))

        given = {"ports": (0,), "typed": None, "seconds": 10, **options}
        try:
            return await sign_in(self.issuer, say=self.said.append, show=show, **given)
        finally:
            await asyncio.gather(*tasks)

    async def choose(self, address: str, rep: str = "sam") -> str:
        """Where the issuer sends a browser after a rep was chosen."""
        async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as browser:
            page = await browser.get(address)
            sent = await browser.post(str(page.url).partition("?")[0], data=form_of(page.text, rep))
        return str(sent.headers["location"])

    async def come_back(self, address: str) -> None:
        """The browser's way back."""
        async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as browser:
            self.answers.append(await browser.get(address))

    async def all_the_way(self, address: str, rep: str = "sam") -> None:
        """There and back."""
        await self.come_back(await self.choose(address, rep))


@pytest.fixture
async def terminal() -> AsyncIterator[Terminal]:
    """A terminal, and an issuer that runs."""
    system = HttpSystem()
    client = ClientCredentials("deskhand", "secret")
    tokens = TokenIssuer(system.url, client, reps=REPS, key=signing_key())
    await system.start(tokens.app)
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as http:
        yield Terminal(OpenIdIssuer(http, url=system.url, client_id="deskhand-console"))
    await system.stop()
    system.close()


async def test_a_rep_signs_in_with_a_browser_and_the_terminal_has_his_tokens(
    terminal: Terminal,
) -> None:
    """PKCE, a state and a nonce go out; an access token, and one that renews it, come back."""
    rep, tokens = await terminal.sign_in(terminal.all_the_way)
    claims = jwt.decode(tokens.access, options={"verify_signature": False})
    [address] = terminal.shown
    assert rep == Rep(rep_id="sam", name="Sam Rivera")
    assert (claims["sub"], claims["token_use"]) == ("sam", "access")
    assert tokens.seconds == 3600
    assert "code_challenge_method=S256" in address
    assert address in terminal.said[0]
    assert tokens.access not in repr(tokens)
    [page] = terminal.answers
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "Go back to the terminal." in page.text
    renewed = await terminal.issuer.refresh(tokens.refresh)
    assert jwt.decode(renewed.access, options={"verify_signature": False})["sub"] == "sam"


async def test_a_way_back_that_was_not_begun_here_is_passed_over(terminal: Terminal) -> None:
    """A page elsewhere can send the browser here; it cannot know the state."""

    async def browse(address: str) -> None:
        back = await terminal.choose(address)
        origin = back.partition("/signed-in")[0]
        await terminal.come_back(f"{origin}/signed-in?code=forged&state=forged")
        await terminal.come_back(f"{origin}/signed-in?code=forged")
        await terminal.come_back(f"{origin}/favicon.ico?{urlsplit(back).query}")
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(origin).port)
        writer.write(b"x" * 40_000)
        assert await reader.read() == b""
        writer.close()
        await terminal.come_back(back)

    rep, _ = await terminal.sign_in(browse)
    assert rep.rep_id == "sam"
    assert [answer.status_code for answer in terminal.answers] == [400, 400, 400, 200]


async def test_a_sign_in_that_the_issuer_breaks_off_is_refused(terminal: Terminal) -> None:
    """It comes back with an error in place of a code, under the right state."""

    async def browse(address: str) -> None:
        back = await terminal.choose(address)
        await terminal.come_back(back.replace("code=", "error=access_denied&was="))

    with pytest.raises(SignInRefused):
        await terminal.sign_in(browse)


async def test_a_person_in_no_group_is_not_signed_in(terminal: Terminal) -> None:
    """The same rule as at the runtime's door, and told before a question is typed."""
    with pytest.raises(InNoGroup, match="admin, lead, rep"):
        await terminal.sign_in(lambda address: terminal.all_the_way(address, "guest"))


async def test_from_another_machine_the_last_address_is_pasted(terminal: Terminal) -> None:
    """There the way back ends at an error page, whose address holds the code."""
    inner, outer = os.openpty()

    async def browse(address: str) -> None:
        back = await terminal.choose(address)
        for line in (b"what?", b"http://[half", b"\xff\xfe", back.encode()):
            os.write(inner, line + b"\n")

    try:
        with os.fdopen(outer, encoding="utf-8") as typed:
            rep, _ = await terminal.sign_in(browse, typed=typed)
    finally:
        os.close(inner)
    assert rep.rep_id == "sam"
    assert "paste here the address" in terminal.said[1]
    assert terminal.said[2:] == ["That is not the address that this sign-in ends at."] * 3


async def test_another_port_is_taken_where_one_is_in_use(terminal: Terminal) -> None:
    """Each is one that an issuer knows; when none is left, that is said."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = taken.getsockname()[1]
        rep, _ = await terminal.sign_in(terminal.all_the_way, ports=(busy, 0))
        assert rep.rep_id == "sam"
        with pytest.raises(NotSignedIn, match=f"The ports {busy} are all in use"):
            await terminal.sign_in(ports=(busy,))


async def test_nobody_is_waited_for_for_ever(terminal: Terminal) -> None:
    """The message says what to do."""
    with pytest.raises(NotSignedIn, match="Run the command again"):
        await terminal.sign_in(seconds=0.05)
