"""The local issuer's sign-in: sample reps on a plain page, codes that are good once."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from deploy.local.http_system import HttpSystem
from deploy.local.tokens import ClientCredentials, TokenIssuer
from deploy.local.verifier import JwksVerifier
from tests.network import NO_CERTIFICATES

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())[:-1].decode()
CALLBACK = "http://127.0.0.1:8000/auth/callback"
ASKED = {
    "client_id": "deskhand-console",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid profile",
    "state": 'a "state" & more',
    "nonce": "n1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass
class Issuer:
    """A running issuer whose clock can be set forward."""

    url: str = ""
    later: float = 0

    def __call__(self) -> float:
        """The time that it believes in."""
        return time.time() + self.later

    async def page(self, **changed: str) -> httpx.Response:
        """The page that a browser is sent to."""
        async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
            return await client.get(f"{self.url}/oauth2/authorize", params=ASKED | changed)

    async def choose(self, **changed: str) -> httpx.Response:
        """A rep's button."""
        async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
            form = ASKED | {"rep": "sam"} | changed
            return await client.post(f"{self.url}/oauth2/authorize", data=form)

    async def code(self) -> str:
        """A code for Sam."""
        return parse_qs(urlsplit((await self.choose()).headers["location"]).query)["code"][0]

    async def redeem(self, code: str, **changed: str) -> httpx.Response:
        """What the console sends with it."""
        form = {
            "grant_type": "authorization_code",
            "client_id": "deskhand-console",
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": VERIFIER,
        }
        async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
            return await client.post(f"{self.url}/oauth2/token", data=form | changed)


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    """The issuer on a port of its own."""
    system, made = HttpSystem(), Issuer()
    made.url = system.url
    client = ClientCredentials("deskhand", "secret")
    await system.start(TokenIssuer(system.url, client, clock=made).app)
    yield made
    await system.stop()
    system.close()


async def test_the_page_offers_sample_reps_and_says_what_they_are(issuer: Issuer) -> None:
    """Plain HTML that runs nothing and sends its form here and to the console only."""
    page = await issuer.page()
    policy = page.headers["content-security-policy"]
    assert page.status_code == 200
    assert "sample reps and no passwords" in page.text
    assert "Sam Rivera" in page.text
    assert "Kim Osei" in page.text
    assert "a &quot;state&quot; &amp; more" in page.text
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self' http://127.0.0.1:8000;" in policy
    assert "<script" not in page.text


async def test_a_chosen_rep_comes_back_with_a_code_and_the_state(issuer: Issuer) -> None:
    """The code is worth an identity token for the console, and the state is untouched."""
    back = await issuer.choose(rep="kim")
    there = urlsplit(back.headers["location"])
    query = parse_qs(there.query)
    tokens = (await issuer.redeem(query["code"][0])).json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert back.status_code == 303
    assert there._replace(query="").geturl() == CALLBACK
    assert query["state"] == [ASKED["state"]]
    assert (claims["sub"], claims["name"], claims["aud"]) == ("kim", "Kim Osei", "deskhand-console")
    assert (claims["nonce"], claims["token_use"], claims["iss"]) == ("n1", "id", issuer.url)


async def test_a_reps_tokens_open_no_system(issuer: Issuer) -> None:
    """Catalogue and gateway are for the desk's own client."""
    tokens = (await issuer.redeem(await issuer.code())).json()
    verifier = JwksVerifier(issuer.url, frozenset({"deskhand"}))
    assert await verifier.verify_token(tokens["access_token"]) is None
    assert await verifier.verify_token(tokens["id_token"]) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"client_id": "deskhand"}, "unauthorized_client"),
        ({"redirect_uri": "https://evil.example/auth/callback"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1@evil.example/"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:8000/?to=x"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"redirect_uri": "http://[/auth/callback"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:80; script-src */"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:8000é/"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": VERIFIER[:-1]}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
async def test_a_request_that_is_not_the_consoles_goes_nowhere(
    issuer: Issuer, changed: dict[str, str], code: str
) -> None:
    """Neither the page nor a button sends the browser to an address that is not good."""
    page, chosen = await issuer.page(**changed), await issuer.choose(**changed)
    assert {page.status_code, chosen.status_code} <= {400, 403}
    assert code in page.text
    assert code in chosen.text
    assert "location" not in chosen.headers


async def test_nobody_but_a_sample_rep_can_be_chosen(issuer: Issuer) -> None:
    """A made-up name is refused."""
    assert (await issuer.choose(rep="admin")).status_code == 403


async def test_a_code_is_good_once_for_who_asked_and_for_a_minute(issuer: Issuer) -> None:
    """Everything else is one and the same refusal."""
    used = await issuer.code()
    assert (await issuer.redeem(used)).status_code == 200
    refused = [
        await issuer.redeem(used),
        await issuer.redeem(await issuer.code(), code_verifier="w" * 43),
        await issuer.redeem(await issuer.code(), code_verifier=""),
        await issuer.redeem(await issuer.code(), redirect_uri=f"{CALLBACK}/x"),
        await issuer.redeem("made-up"),
    ]
    late = await issuer.code()
    issuer.later = 61
    refused.append(await issuer.redeem(late))
    assert [answer.json() for answer in refused] == [{"error": "invalid_grant"}] * 6
    stranger = await issuer.redeem(late, client_id="deskhand")
    assert (stranger.status_code, stranger.json()) == (401, {"error": "invalid_client"})


async def test_a_sign_in_can_be_renewed_for_half_a_day(issuer: Issuer) -> None:
    """By the program that has redeemed its code, as often as it likes."""
    kept = (await issuer.redeem(await issuer.code())).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": kept}
    for _ in range(2):
        tokens = (await issuer.redeem("", **form)).json()
        claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
        assert (claims["sub"], "refresh_token" in tokens) == ("sam", False)
    stranger = await issuer.redeem("", **form, client_id="deskhand")
    made_up = await issuer.redeem("", grant_type="refresh_token", refresh_token="x")
    issuer.later = 12 * 3600 + 1
    late = await issuer.redeem("", **form)
    assert [answer.status_code for answer in (stranger, made_up, late)] == [401, 400, 400]
