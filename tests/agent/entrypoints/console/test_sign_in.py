"""Sign-in at the issuer and back: who gets a session, who gets none, and how it ends."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import httpx2
import pytest

from agent.entrypoints.issuer import Flow, OpenIdIssuer, SignInRefused
from deploy.local.http_system import HttpSystem
from deploy.local.sign_in import SAMPLE_REPS, SampleRep
from deploy.local.tokens import ClientCredentials, TokenIssuer
from tests.agent.entrypoints.console.browsing import (
    RepBrowser,
    Served,
    browser,
    made_static,
    serving_console,
    signed_in,
)
from tests.agent.entrypoints.console.console_desk import console_desk
from tests.agent.entrypoints.rep_browser import form_of
from tests.agent.entrypoints.rep_issuer import signing_key
from tests.network import NO_CERTIFICATES


@dataclass
class Clock:
    """The issuer's clock, so many seconds behind."""

    behind: float = 0

    def __call__(self) -> float:
        """The time that the issuer believes in."""
        return time.time() - self.behind


@dataclass
class Door:
    """A console in front of a fake desk, and its issuer."""

    served: Served
    issuer: HttpSystem
    tokens: TokenIssuer
    clock: Clock


@asynccontextmanager
async def door(
    folder: Path, *, session_seconds: float = 3600, reps: Sequence[SampleRep] = SAMPLE_REPS
) -> AsyncIterator[Door]:
    """Both run on ports of their own."""
    system, clock = HttpSystem(), Clock()
    client = ClientCredentials("deskhand", "secret")
    tokens = TokenIssuer(system.url, client, clock=clock, reps=reps, key=signing_key())
    await system.start(tokens.app)
    static = made_static(folder / "static")
    desk = console_desk().as_desk()
    async with serving_console(desk, system.url, static, session_seconds=session_seconds) as served:
        yield Door(served, system, tokens, clock)
    await system.stop()
    system.close()


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Door]:
    """A door with sessions of an hour."""
    async with door(tmp_path) as made:
        yield made


async def test_a_stranger_sees_the_sign_in_page_and_nothing_else(opened: Door) -> None:
    """The console sends on, the API refuses, also where there is nothing."""
    async with browser(opened.served.url) as stranger:
        console, page = await stranger.get("/"), await stranger.get("/sign-in")
        refused = [await stranger.get(f"/api/{name}") for name in ("me", "systems", "nothing")]
        changed = await stranger.change("POST", "/auth/sign-out")
    assert (console.status_code, console.headers["location"]) == (302, "/sign-in")
    assert page.status_code == 200
    assert [answer.status_code for answer in [*refused, changed]] == [401] * 4
    assert {answer.json()["error"]["code"] for answer in refused} == {"signed_out"}


async def test_a_browser_that_comes_from_another_site_gets_the_page(opened: Door) -> None:
    """It does not send the strict cookie with its first request; the page holds no data."""
    async with browser(opened.served.url) as coming:
        headers = {"Sec-Fetch-Site": "cross-site"}
        page = await coming.http.get(f"{opened.served.url}/", headers=headers)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("rep", SAMPLE_REPS, ids=lambda rep: rep.rep_id)
async def test_each_sample_rep_can_sign_in(opened: Door, rep: object) -> None:
    """The rep's id is the verified subject."""
    known = next(known for known in SAMPLE_REPS if known == rep)
    async with browser(opened.served.url, known.rep_id) as signed:
        console = await signed.get("/")
    assert signed.me["rep"] == {"id": known.rep_id, "name": known.name}
    assert console.status_code == 200


async def test_the_issuer_is_asked_as_pkce_wants_it(opened: Door) -> None:
    """A challenge, a state and a nonce, all new each time; never the verifier."""
    asked = []
    async with browser(opened.served.url) as rep:
        for _ in range(2):
            sent = await rep.get("/auth/start")
            there = urlsplit(sent.headers["location"])
            asked.append({name: found[0] for name, found in parse_qs(there.query).items()})
    first, second = asked
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == f"{opened.served.url}/auth/callback"
    assert "verifier" not in str(first)
    assert not {first[name] for name in ("state", "nonce", "code_challenge")} & set(second.values())


async def test_the_cookies_are_for_this_console_alone(opened: Door) -> None:
    """Out of reach of scripts and other sites; the one for the way back lasts minutes."""
    async with browser(opened.served.url) as rep:
        started = await rep.get("/auth/start")
        landed = await signed_in(rep, "sam")
    port = opened.served.url.rpartition(":")[2]
    [flow] = started.headers.get_list("set-cookie")
    session = landed.headers.get_list("set-cookie")[-1]
    assert flow.startswith(f"deskhand-sign-in-{port}=")
    assert {"HttpOnly", "Max-Age=600", "SameSite=lax"} <= set(flow.split("; "))
    assert session.startswith(f"deskhand-session-{port}=")
    assert {"HttpOnly", "Max-Age=3600", "SameSite=strict"} <= set(session.split("; "))
    assert "refresh" in landed.text, "a redirect would leave the strict cookie behind"


@pytest.mark.parametrize(
    ("wanted", "to"),
    [("c-1", "/#c-1"), ("//evil.example", "/"), ('x" onload="', "/"), ("", "/")],
)
async def test_a_deep_link_survives_the_sign_in(opened: Door, wanted: str, to: str) -> None:
    """As a conversation's id, and as nothing else."""
    async with browser(opened.served.url) as rep:
        landed = await signed_in(rep, "sam", f"?conversation={wanted}")
    assert f'content="0;url={to}"' in landed.text


async def chosen(rep: RepBrowser) -> str:
    """The address to which the issuer sends a rep back."""
    page = await rep.http.get(f"{rep.url}/auth/start", follow_redirects=True)
    answer = await rep.http.post(str(page.url).partition("?")[0], data=form_of(page.text, "sam"))
    return str(answer.headers["location"])


async def problem_of(rep: RepBrowser, back: str) -> str:
    """What the sign-in page is told, after a way back that led nowhere."""
    answer = await rep.http.get(back)
    assert answer.status_code == 303, answer.text
    assert (await rep.get("/api/me")).status_code == 401
    return str(answer.headers["location"]).removeprefix("/sign-in?problem=")


async def test_a_way_back_that_is_not_the_one_begun_here_signs_nobody_in(opened: Door) -> None:
    """Another's link, a changed state, no code, a made-up code, a code that was used."""
    url = opened.served.url
    async with browser(url) as rep, browser(url) as other:
        elsewhere = await chosen(other)
        assert await problem_of(rep, elsewhere) == "expired"
        await rep.get("/auth/start")
        assert await problem_of(rep, elsewhere) == "refused"
        back = await chosen(rep)
        assert await problem_of(rep, back.replace("state=", "state=x")) == "refused"
        back = await chosen(rep)
        assert await problem_of(rep, back.replace("code=", "nocode=")) == "refused"
        back = await chosen(rep)
        assert await problem_of(rep, back.replace("code=", "code=x")) == "refused"
        back, cookies = await chosen(rep), httpx.Cookies(rep.http.cookies)
        assert (await rep.http.get(back)).status_code == 200
        rep.http.cookies = cookies
        assert await problem_of(rep, back) == "refused"


async def test_a_person_in_no_group_is_not_let_in(tmp_path: Path) -> None:
    """The console keeps the runtime's rule: the issuer's word alone is not enough."""
    guest = SampleRep("sam", "Sam Rivera", groups=("visitor",))
    async with door(tmp_path, reps=[guest]) as opened, browser(opened.served.url) as rep:
        assert await problem_of(rep, await chosen(rep)) == "no-group"


async def test_a_token_that_has_expired_signs_nobody_in(opened: Door) -> None:
    """As when the issuer's clock is two hours behind."""
    opened.clock.behind = 7200
    async with browser(opened.served.url) as rep:
        assert await problem_of(rep, await chosen(rep)) == "refused"


async def test_an_issuer_that_is_away_on_the_way_back_is_said_to_be(opened: Door) -> None:
    """The rep is told to try again, and is not signed in."""
    async with browser(opened.served.url) as rep:
        back = await chosen(rep)
        await opened.issuer.stop()
        assert await problem_of(rep, back) == "unavailable"


async def test_an_issuer_that_is_away_from_the_beginning_is_said_to_be(opened: Door) -> None:
    """Nobody is sent to an address that does not answer."""
    await opened.issuer.stop()
    async with browser(opened.served.url) as rep:
        assert await problem_of(rep, f"{rep.url}/auth/start") == "unavailable"


async def finished(issuer: OpenIdIssuer, client: httpx.AsyncClient) -> str:
    """The id of the rep who goes all the way through the issuer."""
    flow, callback = Flow.new(), "http://127.0.0.1:1/auth/callback"
    page = await client.get(await issuer.start(flow, callback=callback))
    sent = await client.post(str(page.url).partition("?")[0], data=form_of(page.text, "kim"))
    code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
    rep, _ = await issuer.finish(flow, code, callback=callback)
    return rep.rep_id


async def test_keys_that_the_issuer_has_changed_are_fetched_again_but_not_at_every_token(
    opened: Door,
) -> None:
    """An issuer that was started anew has a new key; nobody has to restart the console."""
    now = [0.0]
    async with (
        httpx2.AsyncClient(verify=NO_CERTIFICATES) as http,
        httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False) as client,
    ):
        issuer = OpenIdIssuer(
            http, url=opened.issuer.url, client_id="deskhand-console", monotonic=lambda: now[0]
        )
        assert await finished(issuer, client) == "kim"
        await opened.issuer.stop()
        renewed = TokenIssuer(opened.issuer.url, ClientCredentials("deskhand", "secret"))
        await opened.issuer.start(renewed.app)
        with pytest.raises(SignInRefused):
            await finished(issuer, client)
        now[0] = 11.0
        assert await finished(issuer, client) == "kim"


async def test_signing_out_ends_the_session_and_every_copy_of_its_cookie(opened: Door) -> None:
    """A stolen cookie is worth nothing afterwards; another sign-in goes on."""
    url = opened.served.url
    async with browser(url, "sam") as sam, browser(url, "sam") as elsewhere:
        copied = httpx.Cookies(sam.http.cookies)
        out = await sam.change("POST", "/auth/sign-out")
        after = await sam.get("/api/me")
        sam.http.cookies = copied
        with_copy = await sam.get("/api/me")
        other = await elsewhere.get("/api/me")
    assert (out.status_code, after.status_code, with_copy.status_code) == (200, 401, 401)
    assert "Max-Age=0" in out.headers["set-cookie"]
    assert other.status_code == 200


async def test_signing_out_ends_at_the_issuer_too(opened: Door) -> None:
    """The page is told where; the issuer sends the browser back to the sign-in page."""
    async with browser(opened.served.url, "sam") as sam:
        out = await sam.change("POST", "/auth/sign-out")
        there = await sam.http.get(out.json()["next"])
        back = await sam.http.get(there.headers["location"])
        elsewhere = out.json()["next"].replace("127.0.0.1", "evil.example")
        asked = dict(httpx.URL(elsewhere).params)
        refused = await sam.http.get(str(there.url).partition("?")[0], params=asked)
    assert back.headers["location"] == "/sign-in"
    assert refused.status_code == 400


async def test_a_session_ends_by_itself(tmp_path: Path) -> None:
    """A cookie that a browser keeps too long is refused."""
    async with door(tmp_path, session_seconds=-1) as opened, browser(opened.served.url) as rep:
        assert (await signed_in(rep, "sam")).status_code == 200
        assert (await rep.get("/api/me")).status_code == 401


async def test_a_cookie_of_another_purpose_or_maker_is_none(opened: Door) -> None:
    """The signed value of the way back, and a session that was changed."""
    url = opened.served.url
    port = url.rpartition(":")[2]
    name = f"deskhand-session-{port}"
    async with browser(url, "sam") as sam:
        session = str(sam.http.cookies[name])
    async with browser(url) as rep:
        await rep.get("/auth/start")
        flow = str(rep.http.cookies[f"deskhand-sign-in-{port}"])
        rep.http.cookies.clear()
        statuses = []
        for value in (flow, f"{session[:-6]}AAAAAA", session.replace(".", "", 1), "x", session):
            headers = {"Cookie": f"{name}={value}"}
            statuses.append((await rep.http.get(f"{url}/api/me", headers=headers)).status_code)
    assert statuses == [401, 401, 401, 401, 200]
