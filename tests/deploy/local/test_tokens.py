"""The token issuer: who gets a token, what is in it, who is refused."""

from __future__ import annotations

import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import jwt
import pytest

from deploy.local.http_system import HttpSystem
from deploy.local.tokens import ClientCredentials, TokenIssuer
from deploy.local.verifier import JwksVerifier
from tests.network import NO_CERTIFICATES

CLIENT = ClientCredentials("deskhand", "s3cret:with colon")
FORM = {
    "grant_type": "client_credentials",
    "client_id": "deskhand",
    "client_secret": "s3cret:with colon",
}


@asynccontextmanager
async def issuing(*, lifetime: int = 3600, age: int = 0) -> AsyncIterator[str]:
    """A running issuer; ``age`` sets its clock back by so many seconds."""
    system = HttpSystem()
    issuer = TokenIssuer(system.url, CLIENT, lifetime=lifetime, clock=lambda: time.time() - age)
    await system.start(issuer.app)
    try:
        yield system.url
    finally:
        await system.stop()
        system.close()


async def ask(url: str, **form: str) -> httpx.Response:
    """One request for a token; an empty value leaves the field out."""
    sent = {name: value for name, value in (FORM | form).items() if value}
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        return await client.post(f"{url}/oauth2/token", data=sent)


async def test_a_client_gets_a_token_with_the_claims_of_cognito() -> None:
    """The client is in client_id, the scope is what may be asked for, and there is no audience."""
    async with issuing(lifetime=600) as url:
        answer = await ask(url)
        claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert answer.json().keys() == {"access_token", "expires_in", "token_type"}
    assert answer.json()["expires_in"] == 600
    assert answer.headers["cache-control"] == "no-store"
    assert claims["client_id"] == claims["sub"] == "deskhand"
    assert (claims["token_use"], claims["scope"], claims["iss"]) == ("access", "deskhand/read", url)
    assert claims["exp"] - claims["iat"] == 600
    assert "aud" not in claims


async def test_a_client_may_prove_itself_in_the_header() -> None:
    """Basic authentication, with the parts encoded as RFC 6749 has it."""
    async with issuing() as url, httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        word = base64.b64encode(b"deskhand:s3cret%3Awith+colon").decode()
        answer = await client.post(
            f"{url}/oauth2/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {word}"},
        )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"client_id": "ünïcode"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"scope": "deskhand/write"}, 400, "invalid_scope"),
        ({"scope": "deskhand/read deskhand/write"}, 400, "invalid_scope"),
    ],
)
async def test_a_refusal_is_in_the_words_of_oauth(
    form: dict[str, str], status: int, code: str
) -> None:
    """A status and one word, nothing about what was right."""
    async with issuing() as url:
        answer = await ask(url, **form)
    assert (answer.status_code, answer.json()) == (status, {"error": code})


@pytest.mark.parametrize("header", ["Basic !!!", "Basic", "Basic /w==", "Bearer x"])
async def test_a_header_that_says_nothing_is_refused(header: str) -> None:
    """Half a header is no proof."""
    async with issuing() as url, httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        answer = await client.post(
            f"{url}/oauth2/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": header},
        )
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(("body", "status"), [(b"\xff\xfe", 400), (b"x" * 100_000, 413)])
async def test_a_body_that_is_no_form_is_refused(body: bytes, status: int) -> None:
    """Bytes without sense, and too many of them."""
    async with issuing() as url, httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        answer = await client.post(f"{url}/oauth2/token", content=body)
    assert (answer.status_code, answer.json()) == (status, {"error": "invalid_request"})


@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server"])
async def test_the_issuer_describes_itself(name: str) -> None:
    """Discovery names addresses that are this issuer's own."""
    async with issuing() as url, httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        found = (await client.get(f"{url}/.well-known/{name}")).json()
        keys = (await client.get(found["jwks_uri"])).json()
    assert found["issuer"] == url
    assert found["token_endpoint"] == f"{url}/oauth2/token"
    assert [key["alg"] for key in keys["keys"]] == ["RS256"]
    assert not {"d", "p", "q"} & keys["keys"][0].keys()


async def test_the_verifier_knows_its_issuers_tokens() -> None:
    """It says who calls, and with which scopes."""
    async with issuing() as url:
        verifier = JwksVerifier(url, frozenset({"deskhand"}))
        bearer = await verifier.verify_token((await ask(url)).json()["access_token"])
    assert bearer is not None
    assert (bearer.client_id, bearer.scopes) == ("deskhand", ["deskhand/read"])


async def test_the_verifier_refuses_what_is_not_good() -> None:
    """Expired, of another issuer, for another client, unsigned, changed, or no token at all."""
    async with issuing(lifetime=60, age=61) as old, issuing() as new:
        expired = (await ask(old)).json()["access_token"]
        fresh = (await ask(new)).json()["access_token"]
        unsigned = jwt.encode(jwt.decode(fresh, options={"verify_signature": False}), "", "none")
        verifier = JwksVerifier(new, frozenset({"deskhand"}))
        others = JwksVerifier(new, frozenset({"somebody"}))
        refused = [
            await JwksVerifier(old, frozenset({"deskhand"})).verify_token(expired),
            await verifier.verify_token(expired),
            await others.verify_token(fresh),
            *[
                await verifier.verify_token(word)
                for word in (unsigned, fresh[:-9] + "AAAAAAAAA", "x", "")
            ],
        ]
    assert refused == [None] * 7


async def test_the_verifier_is_no_louder_when_the_issuer_is_gone() -> None:
    """A token that cannot be checked is refused like any other."""
    async with issuing() as url:
        token = (await ask(url)).json()["access_token"]
    assert await JwksVerifier(url, frozenset({"deskhand"})).verify_token(token) is None
