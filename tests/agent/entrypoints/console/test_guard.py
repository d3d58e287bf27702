"""What the console's server refuses: foreign pages, other hosts, too much, and nonsense."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.agent.entrypoints.console.browsing import (
    KEY,
    Served,
    browser,
    made_static,
    serving_console,
)
from tests.agent.entrypoints.fake_desk import FakeDesk
from tests.network import NO_CERTIFICATES

CHANGES = [
    ("POST", "/auth/sign-out"),
    ("PATCH", "/api/conversations/c1"),
    ("DELETE", "/api/conversations/c1"),
    ("POST", "/api/conversations/c1/runs"),
    ("POST", "/api/conversations/c1/runs/r1/stop"),
    ("POST", "/api/conversations/c1/turns/t1/thumb"),
]


@pytest.fixture
async def served(desk: FakeDesk, issuer: str, tmp_path: Path) -> AsyncIterator[Served]:
    """A console over the fake desk."""
    async with serving_console(desk.as_desk(), issuer, made_static(tmp_path / "static")) as at:
        yield at


@pytest.mark.parametrize(("method", "path"), CHANGES)
async def test_a_change_comes_from_the_consoles_own_page_or_is_refused(
    served: Served, desk: FakeDesk, method: str, path: str
) -> None:
    """Without Origin, with a foreign one, without the word, with another session's: 403 each."""
    async with browser(served.url, "sam") as sam, browser(served.url, "sam") as other:
        good = sam.headers
        bad = [
            {"X-Deskhand-CSRF": good["X-Deskhand-CSRF"]},
            {**good, "Origin": "https://evil.example"},
            {**good, "Origin": "null"},
            {**good, "Origin": served.url.replace("127.0.0.1", "localhost")},
            {"Origin": good["Origin"]},
            {**good, "X-Deskhand-CSRF": other.headers["X-Deskhand-CSRF"]},
        ]
        body = {"run_id": "r1", "text": "Hello?", "title": "x", "value": "up"}
        answers = [
            await sam.http.request(method, f"{served.url}{path}", json=body, headers=headers)
            for headers in bad
        ]
        still_here = await sam.get("/api/me")
    assert [answer.status_code for answer in answers] == [403] * len(bad)
    codes = [answer.json()["error"]["code"] for answer in answers]
    assert codes == [*["forbidden"] * 5, "other_session"]
    assert still_here.status_code == 200
    assert desk.asked == []


async def test_a_page_of_an_earlier_session_reads_nothing_of_a_later_one(served: Served) -> None:
    """Its rep may be another: what belongs to one is not drawn into the other's page."""
    async with browser(served.url, "sam") as sam, browser(served.url, "kim") as kim:
        path = f"{served.url}/api/conversations"
        stale = await kim.http.get(path, headers={"X-Deskhand-CSRF": sam.me["csrf"]})
        own = await kim.http.get(path, headers={"X-Deskhand-CSRF": kim.me["csrf"]})
    assert (stale.status_code, stale.json()["error"]["code"]) == (403, "other_session")
    assert own.status_code == 200


async def test_reading_across_sites_gets_no_permission(served: Served) -> None:
    """No header ever allows another origin."""
    async with browser(served.url, "sam") as sam:
        asked = await sam.http.get(
            f"{served.url}/api/me", headers={"Origin": "https://evil.example"}
        )
        preflight = await sam.http.options(
            f"{served.url}/api/conversations/c1", headers={"Origin": "https://evil.example"}
        )
    assert not any("access-control" in name for name in asked.headers)
    assert not any("access-control" in name for name in preflight.headers)


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/static/index.html", "/api/me", "/api/nothing", "/nothing", "/healthz"],
)
async def test_every_answer_has_the_security_headers(served: Served, path: str) -> None:
    """Pages, data and refusals."""
    async with browser(served.url, "sam") as sam:
        headers = (await sam.get(path)).headers
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";")
    )
    assert (policy["default-src"], policy["object-src"]) == ("'self'", "'none'")
    assert (policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'none'")
    assert policy["form-action"].startswith("'self' http://127.0.0.1:")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if "static" in path else "no-store")
    assert len(headers["x-request-id"]) == 12
    assert "server" not in headers


async def test_scripts_carry_what_holds_for_them_and_are_kept_under_their_version(
    served: Served,
) -> None:
    """A policy for documents would be weight on each of fifty files; none changes its content."""
    async with browser(served.url, "sam") as sam:
        page = (await sam.get("/")).text
        versions = set(re.findall(r'"(/static/[0-9a-f]{12}/[^"]+)"', page))
        plain = (await sam.get("/static/app.js")).headers
        kept = [(await sam.get(path)).headers for path in versions]
        gone = await sam.get("/static/0123456789ab/app.js")
    assert versions
    assert plain["cache-control"] == "no-cache"
    assert {headers["cache-control"] for headers in kept} == {"public, max-age=31536000, immutable"}
    for headers in (plain, *kept):
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "content-security-policy" not in headers
    assert gone.status_code == 404


async def test_behind_tls_cookies_are_secure_and_browsers_stay_with_tls(
    desk: FakeDesk, issuer: str, tmp_path: Path
) -> None:
    """The origin that the settings name decides it."""
    origin, static = "https://desk.example", made_static(tmp_path / "static")
    async with (
        serving_console(desk.as_desk(), issuer, static, origin=origin) as served,
        httpx.AsyncClient(verify=NO_CERTIFICATES, headers={"Host": "desk.example"}) as http,
    ):
        sent = await http.get(f"{served.url}/auth/start")
        other = await http.get(f"{served.url}/", headers={"Host": "127.0.0.1"})
    cookie = sent.headers["set-cookie"]
    assert cookie.startswith("__Host-deskhand-sign-in=")
    assert "Secure" in cookie.split("; ")
    assert sent.headers["strict-transport-security"] == "max-age=31536000"
    assert "redirect_uri=https%3A%2F%2Fdesk.example%2Fauth%2Fcallback" in sent.headers["location"]
    assert other.status_code == 421


async def test_another_host_is_turned_away_and_another_name_of_this_one_sent_on(
    served: Served,
) -> None:
    """A page elsewhere may have its name resolve to this machine; health checks may use any."""
    port = served.url.rpartition(":")[2]
    async with browser(served.url, "sam") as sam:
        evil = await sam.http.get(f"{served.url}/api/me", headers={"Host": f"evil.example:{port}"})
        name = await sam.http.get(f"{served.url}/?a=b", headers={"Host": f"localhost:{port}"})
        health = await sam.http.get(f"{served.url}/healthz", headers={"Host": "10.0.0.1"})
    assert (evil.status_code, evil.json()["error"]["code"]) == (421, "wrong_host")
    assert (name.status_code, name.headers["location"]) == (307, f"{served.url}/?a=b")
    assert (health.status_code, health.text) == (200, "ok\n")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"run_id": "r1", "text": " "}, 400, "bad_question"),
        ({"run_id": "r1", "text": "x" * 8001}, 400, "bad_question"),
        ({"run_id": "r1", "text": "a\u0000b"}, 400, "bad_question"),
        ({"run_id": "r1"}, 400, "bad_request"),
        ({"run_id": "r1", "text": ["x"]}, 400, "bad_request"),
        ({"run_id": "../r", "text": "x"}, 400, "bad_request"),
        ({"run_id": "", "text": "x"}, 400, "bad_request"),
        ({"run_id": "r1", "text": "x", "replaces": 1}, 400, "bad_request"),
        ([], 400, "bad_request"),
        (b"{", 400, "bad_request"),
        (b"[" * 40_000, 400, "bad_request"),
        (b"\xff\xfe", 400, "bad_request"),
        ({"run_id": "r1", "text": "x" * 60_000}, 413, "body_too_large"),
    ],
)
async def test_a_run_that_makes_no_sense_is_refused_in_words(
    served: Served, desk: FakeDesk, body: Any, status: int, code: str
) -> None:
    """Nothing of it reaches the desk, and the refusal quotes nothing."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with browser(served.url, "sam") as sam:
        answer = await sam.http.post(
            f"{served.url}/api/conversations/c1/runs",
            content=sent,
            headers={**sam.headers, "Content-Type": "application/json"},
        )
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert set(error) == {"code", "message", "request_id"}
    assert error["request_id"] == answer.headers["x-request-id"]
    assert desk.asked == []


async def test_only_json_is_read(served: Served) -> None:
    """A form, which any page can send, is none."""
    async with browser(served.url, "sam") as sam:
        answer = await sam.http.post(
            f"{served.url}/api/conversations/c1/runs",
            data={"text": "Hello?"},
            headers=sam.headers,
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "wrong_content_type")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/static/../browsing.py", 404, "not_found"),
        ("GET", "/static/%2e%2e/application.py", 404, "not_found"),
        ("POST", "/api/me", 405, "wrong_method"),
        ("GET", "/api/conversations/c%0A1", 404, "not_found"),
        ("GET", "/api/conversations/c1/runs/r1/events?after=-1", 400, "bad_request"),
        ("GET", "/api/conversations/c1/runs/r1/events", 404, "not_found"),
        ("POST", "/api/conversations/c1/runs/r1/stop", 404, "not_found"),
        ("PATCH", "/api/conversations/c1", 400, "bad_request"),
    ],
)
async def test_every_refusal_has_one_shape(
    served: Served, method: str, path: str, status: int, code: str
) -> None:
    """JSON with a code, a sentence and the id under which the log has it."""
    async with browser(served.url, "sam") as sam:
        if "events?after" in path:
            await sam.ask("c1", "Hello?", run_id="r1")
        answer = await sam.change(method, path, {"title": " "})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]


async def test_a_fault_of_ours_is_an_id_and_no_text(
    served: Served, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has the cause under that id."""
    desk.results = {"get_customer_360": {"error": "not what a tool gives"}}
    async with browser(served.url, "sam") as sam:
        answer = await sam.get("/api/customers/CUST003")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (500, "internal")
    assert "TypeError" not in answer.text
    assert f"request=<{error['request_id']}>" in caplog.text


async def test_a_customer_is_looked_up_for_the_rep_who_opened_the_panel(
    served: Served, desk: FakeDesk
) -> None:
    """So that the systems' logs name him, as they do when he asks."""
    async with browser(served.url, "sam") as sam, browser(served.url, "kim") as kim:
        for rep in (sam, kim):
            await rep.get("/api/customers/CUST003")
    called = zip(desk.called, desk.called_for, strict=True)
    looked = [rep.rep_id if rep else None for (name, _), rep in called if "360" in name]
    assert looked == ["sam", "kim"]


async def test_static_files_are_checked_each_time_and_sent_once(served: Served) -> None:
    """Compressed, and with a mark by which the browser asks whether it has the newest."""
    async with browser(served.url) as anybody:
        first = await anybody.get("/static/app.js")
        again = await anybody.http.get(
            f"{served.url}/static/app.js", headers={"If-None-Match": first.headers["etag"]}
        )
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["content-type"].startswith("text/javascript")
    assert (again.status_code, again.content) == (304, b"")


def test_the_key_of_the_tests_is_long_enough_to_sign_with() -> None:
    """As the settings demand of the real one."""
    assert len(KEY) >= 32
