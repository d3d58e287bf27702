"""What the desk makes of an issuer's answers, good and bad."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from agent.entrypoints.issuer import OpenIdIssuer, SignInRefused
from agent.entrypoints.signing_keys import IssuerUnavailable

URL = "https://issuer.example"
AFTER = "https://desk.example/sign-in"


@dataclass
class ScriptedIssuer:
    """An issuer that describes itself as a test says, and answers with one status."""

    described: dict[str, Any] = field(default_factory=dict)
    status: int = 200

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Its description, or what it says of a token."""
        if request.method == "POST":
            return httpx2.Response(self.status, json={"access_token": "new"})
        pages = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        described = {"issuer": URL, **{name: f"{URL}/{name}" for name in pages}}
        return httpx2.Response(200, json=described | self.described)


@pytest.fixture
def scripted() -> ScriptedIssuer:
    """An issuer whose answers a test chooses."""
    return ScriptedIssuer()


@pytest.fixture
async def issuer(scripted: ScriptedIssuer) -> AsyncIterator[OpenIdIssuer]:
    """The desk's side of it."""
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(scripted.answer)) as http:
        yield OpenIdIssuer(http, url=URL, client_id="desk")


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_token_that_the_issuer_refuses_is_over(
    status: int, scripted: ScriptedIssuer, issuer: OpenIdIssuer
) -> None:
    """The rep signs in again."""
    scripted.status = status
    with pytest.raises(SignInRefused):
        await issuer.refresh("old")


@pytest.mark.parametrize("status", [404, 408, 429, 500, 503])
async def test_an_issuer_that_has_too_much_to_do_ends_no_sign_in(
    status: int, scripted: ScriptedIssuer, issuer: OpenIdIssuer
) -> None:
    """It has not looked at the token, which may be good in a minute."""
    scripted.status = status
    with pytest.raises(IssuerUnavailable):
        await issuer.refresh("old")


@pytest.mark.parametrize("there", [f"{URL}/logout", "http://localhost:9/logout"])
async def test_a_sign_out_ends_where_the_issuer_says(
    there: str, scripted: ScriptedIssuer, issuer: OpenIdIssuer
) -> None:
    """Under both names of the page to come to afterwards."""
    scripted.described["end_session_endpoint"] = there
    address = httpx2.URL(await issuer.sign_out_address(after=AFTER))
    assert str(address).partition("?")[0] == there
    assert dict(address.params) == {
        "client_id": "desk",
        "logout_uri": AFTER,
        "post_logout_redirect_uri": AFTER,
    }


UNSAFE = ["http://issuer.example/x", "javascript://localhost/%0aalert(1)", "file://localhost/x", 7]


@pytest.mark.parametrize("there", [*UNSAFE, "", None])
async def test_a_browser_is_not_sent_to_sign_out_at_what_is_no_safe_page(
    there: Any, scripted: ScriptedIssuer, issuer: OpenIdIssuer
) -> None:
    """The page goes to where it is told; a script or a file is no place."""
    scripted.described["end_session_endpoint"] = there
    assert await issuer.sign_out_address(after=AFTER) == ""


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("there", [*UNSAFE, "http://[::1/x", "http://localhost:port/x"])
async def test_an_issuer_that_leads_to_no_safe_address_is_as_good_as_none(
    name: str, there: Any, scripted: ScriptedIssuer, issuer: OpenIdIssuer
) -> None:
    """Nothing is sent there."""
    scripted.described[name] = there
    with pytest.raises(IssuerUnavailable):
        await issuer.refresh("old")
