"""The tokens of a sign-in: kept for their owner only, renewed in time, forgotten when over."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agent.entrypoints.issuer import OpenIdIssuer, Tokens
from agent.entrypoints.rep_tokens import KeptTokens, SignedOut, file_of
from agent.entrypoints.signing_keys import IssuerUnavailable
from deploy.local.http_system import HttpSystem
from deploy.local.tokens import ClientCredentials, TokenIssuer
from tests.agent.entrypoints.rep_issuer import signing_key
from tests.agent.entrypoints.test_terminal_sign_in import Terminal
from tests.network import NO_CERTIFICATES

CLIENT = "deskhand-console"


@dataclass
class SignedIn:
    """A rep who has signed in, and a clock that a test sets."""

    system: HttpSystem
    issuer: OpenIdIssuer
    file: Path
    tokens: Tokens
    now: float = 1000.0

    def program(self) -> KeptTokens:
        """What a program of the rep begins with."""
        return KeptTokens(self.issuer, self.file, clock=lambda: self.now)


@pytest.fixture
async def signed_in(tmp_path: Path) -> AsyncIterator[SignedIn]:
    """Sam, just now."""
    system = HttpSystem()
    client = ClientCredentials("deskhand", "secret")
    await system.start(TokenIssuer(system.url, client, key=signing_key()).app)
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES) as http:
        issuer = OpenIdIssuer(http, url=system.url, client_id=CLIENT)
        _, tokens = await Terminal(issuer).sign_in(Terminal(issuer).all_the_way)
        yield SignedIn(system, issuer, file_of(tmp_path, system.url, CLIENT), tokens)
    await system.stop()
    system.close()


async def test_the_next_program_finds_them_and_nobody_else_reads_them(signed_in: SignedIn) -> None:
    """A file of mode 0600 in a folder of mode 0700; a second write replaces it."""
    for _ in range(2):
        signed_in.program().keep(signed_in.tokens)
    assert await signed_in.program().token() == signed_in.tokens.access
    assert stat.S_IMODE(signed_in.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(signed_in.file.parent.stat().st_mode) == 0o700
    assert [path.name for path in signed_in.file.parent.iterdir()] == [signed_in.file.name]


async def test_they_are_renewed_a_minute_before_they_end(signed_in: SignedIn) -> None:
    """And the new one is kept."""
    signed_in.program().keep(signed_in.tokens)
    signed_in.now += 3600 - 61
    assert await signed_in.program().token() == signed_in.tokens.access
    signed_in.now += 2
    renewed = await signed_in.program().token()
    assert renewed != signed_in.tokens.access
    assert await signed_in.program().token() == renewed


@pytest.mark.parametrize("said", [{}, {"expires_in": "3600"}, {"expires_in": None}])
async def test_a_token_of_which_nobody_says_how_long_it_is_good_is_used(
    signed_in: SignedIn, said: dict[str, Any]
) -> None:
    """Issuers need not say it; one that is over the desk refuses."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            return httpx2.Response(200, json={"access_token": "a.b.c", **said})
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        there = dict.fromkeys(names, "https://issuer.example/x")
        return httpx2.Response(200, json={"issuer": "https://issuer.example", **there})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        issuer = OpenIdIssuer(http, url="https://issuer.example", client_id=CLIENT)
        tokens = await issuer.refresh("given before")
    program = signed_in.program()
    program.keep(replace(tokens, refresh=""))
    assert await program.token() == "a.b.c"


async def test_a_sign_in_that_is_over_is_forgotten(signed_in: SignedIn) -> None:
    """The rep signs in again; nothing is left on the disk."""
    program = signed_in.program()
    program.keep(Tokens("access", "made-up", 10))
    with pytest.raises(SignedOut):
        await program.token()
    assert not signed_in.file.exists()
    with pytest.raises(SignedOut):
        await program.renewed()


async def test_a_program_that_runs_finds_the_sign_in_of_another(signed_in: SignedIn) -> None:
    """A rep with two terminals signs in once, and the older one takes nothing from the other."""
    running = signed_in.program()
    running.keep(Tokens("access", "made-up", 10))
    signed_in.program().keep(signed_in.tokens)
    assert await running.token() == signed_in.tokens.access
    assert signed_in.file.exists()


async def test_a_sign_in_is_over_also_where_its_file_cannot_be_removed(
    signed_in: SignedIn,
) -> None:
    """The rep signs in again; here a folder stands where the file was."""
    signed_in.file.mkdir(parents=True)
    program = signed_in.program()
    program.keep(Tokens("access", "made-up", 10))
    with pytest.raises(SignedOut):
        await program.token()


async def test_an_issuer_that_is_away_costs_nobody_his_sign_in(signed_in: SignedIn) -> None:
    """It is still there when the issuer is."""
    program = signed_in.program()
    program.keep(signed_in.tokens)
    signed_in.now += 3600
    await signed_in.system.stop()
    with pytest.raises(IssuerUnavailable):
        await program.token()
    assert signed_in.file.exists()


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"access": "a"}', '{"until": "x"}'])
async def test_what_cannot_be_read_is_as_if_it_were_not_there(
    signed_in: SignedIn, spoilt: str
) -> None:
    """Whatever has become of the file."""
    signed_in.program().keep(signed_in.tokens)
    signed_in.file.write_text(spoilt)
    with pytest.raises(SignedOut):
        await signed_in.program().token()


async def test_a_file_that_others_may_read_is_not_used(signed_in: SignedIn) -> None:
    """Who could read it could have written it."""
    signed_in.program().keep(signed_in.tokens)
    signed_in.file.chmod(0o640)
    with pytest.raises(SignedOut):
        await signed_in.program().token()


def test_each_issuer_and_program_has_its_own_file(tmp_path: Path) -> None:
    """So that dev and prod do not sign each other out."""
    files = {file_of(tmp_path, issuer, client) for issuer in "ab" for client in "cd"}
    assert len(files) == 4
